package dev.prguard.review.cost;

/// The budget's ledger cannot be used, so it holds no limit. The message names the file.
final class LedgerException extends Exception {
  private static final long serialVersionUID = 1L;

  LedgerException(String message) {
    super(message);
  }

  LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
