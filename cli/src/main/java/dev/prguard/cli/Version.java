package dev.prguard.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The version that Maven wrote at build time.
final class Version {
  private Version() {}

  static String read() {
    try (InputStream in =
        Objects.requireNonNull(Version.class.getResourceAsStream("version.txt"), "version.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
