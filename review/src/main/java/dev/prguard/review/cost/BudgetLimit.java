package dev.prguard.review.cost;

import java.math.BigDecimal;

/// What a limit of money is for. Days and months are those of UTC.
public enum BudgetLimit {
  CALL("call_usd", "a call"),
  REVIEW("review_usd", "a review"),
  /// Of all reviews on one data folder.
  DAY("day_usd", "a day"),
  /// Of all reviews on one data folder.
  MONTH("month_usd", "a month"),
  /// Of all reviews of one repository on one data folder.
  REPOSITORY_MONTH("repository_month_usd", "a repository and month");

  private final String key;
  private final String span;

  BudgetLimit(String key, String span) {
    this.key = key;
    this.span = span;
  }

  /// Its name in a configuration file, below `budget`.
  public String key() {
    return key;
  }

  /// Whether it holds for more than one review, so that a ledger must be kept.
  boolean shared() {
    return switch (this) {
      case CALL, REVIEW -> false;
      case DAY, MONTH, REPOSITORY_MONTH -> true;
    };
  }

  /// `$0.5 a day (day_usd)`.
  String describe(long nanoUsd) {
    return "$"
        + BigDecimal.valueOf(nanoUsd, 9).stripTrailingZeros().toPlainString()
        + ' '
        + span
        + " ("
        + key
        + ')';
  }
}
