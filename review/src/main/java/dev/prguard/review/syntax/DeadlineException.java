package dev.prguard.review.syntax;

/// A check took longer than it may. Never leaves the check.
public final class DeadlineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeadlineException() {
    super("over the deadline", null, false, false);
  }

  /// @param giveUp by [System#nanoTime()]
  public static void check(long giveUp) {
    if (System.nanoTime() - giveUp > 0) {
      throw new DeadlineException();
    }
  }
}
