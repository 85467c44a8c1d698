package dev.prguard.review.diff;

/// A diff does not fit the file that it was applied to.
public final class DiffConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DiffConflictException(String message) {
    super(message);
  }
}
