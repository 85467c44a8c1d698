package dev.prguard.review.rules;

/// How much matching one file may still cost, in characters looked at by an expression. Counted,
/// not timed, so that the same file always gets the same answer. No input can make a scan long;
/// what was left out is said in the coverage.
final class Work {

  /// Up to two seconds of matching, on a slow core.
  private static final long TOTAL = 12_000_000;

  /// The part kept for secrets, so that a flood of other look-alikes cannot hide one.
  private static final long RESERVE = 6_000_000;

  private long left = TOTAL;
  private int limitedAt = -1;

  /// Whether an expression may look at so many characters.
  boolean take(Rule rule, int chars, int lineNumber) {
    if (left - chars < (rule.isSecret() ? 0 : RESERVE)) {
      if (limitedAt < 0) {
        limitedAt = lineNumber;
      }
      return false;
    }
    left -= chars;
    return true;
  }

  /// The line from which on some rules were left out, or -1.
  int limitedAt() {
    return limitedAt;
  }
}
