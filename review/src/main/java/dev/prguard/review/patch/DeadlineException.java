package dev.prguard.review.patch;

/// A check took longer than it may. Never leaves this package.
final class DeadlineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeadlineException() {
    super("over the deadline", null, false, false);
  }

  /// @param giveUp by [System#nanoTime()]
  static void check(long giveUp) {
    if (System.nanoTime() - giveUp > 0) {
      throw new DeadlineException();
    }
  }
}
