package dev.prguard.store;

/// The data folder was written by a newer version of this program, or is not a data folder at all.
/// Nothing in it was changed. The message is one line for the user.
public final class StoreFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StoreFormatException(String message) {
    super(message);
  }
}
