package dev.prguard.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// The data folder cannot be used, for example because it cannot be written. The message is one
/// line for the user.
public final class StoreUnavailableException extends UncheckedIOException {
  private static final long serialVersionUID = 1;

  StoreUnavailableException(Path folder, IOException cause) {
    super("data folder " + folder + ": " + Reasons.of(cause), cause);
  }
}
