package dev.prguard.review.rules.flow;

import java.time.Duration;

/// What may still be done for one file. Counted in steps, so that a file gets the same answer on
/// every machine, whatever else that has to do; the clock is there only for what nobody thought of.
final class Effort {

  /// A step is an expression or a statement that is gone through, eight variables of a state that
  /// is copied, four that are joined, a value that is looked into. All of them take a quarter of a
  /// second; of 680 files of Python's own library five have more in them.
  static final long ALLOWED = 600_000;

  private static final Duration AT_MOST = Duration.ofMillis(1_500);

  /// It is used up.
  static final class OverBudgetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OverBudgetException() {
      super("over budget", null, false, false);
    }
  }

  private final long giveUp = System.nanoTime() + AT_MOST.toNanos();
  private long left = ALLOWED;
  private long nextLook = ALLOWED;

  /// @throws OverBudgetException when the file has had its share
  void spend(long steps) {
    left -= steps;
    if (left < nextLook) {
      nextLook = left - 256;
      if (left < 0 || System.nanoTime() - giveUp > 0) {
        throw new OverBudgetException();
      }
    }
  }

  long spent() {
    return ALLOWED - left;
  }
}
