package dev.prguard.review.cost;

/// A price file could not be used. The message names the file and, where it is about the text, line
/// and column.
public final class PriceFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PriceFileException(String message) {
    super(message);
  }

  PriceFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
