package dev.prguard.insight.alert;

import java.math.BigDecimal;

/// What may be spent, USD. The month is the last 30 days.
public record Budgets(BigDecimal daily, BigDecimal monthly) {
  public static final Budgets DEFAULT = new Budgets(BigDecimal.TEN, new BigDecimal(100));

  public Budgets {
    if (daily.signum() < 0 || monthly.signum() < 0) {
      throw new IllegalArgumentException(
          "budgets: " + daily + ", " + monthly + " (expected: 0 USD or more)");
    }
  }
}
