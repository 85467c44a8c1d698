package dev.prguard.insight.query;

/// The promises and the limits, each number once: queries, dashboards, rules and documents take
/// them from here. An operation is one agent's work in a review.
public final class ServiceLevels {
  /// The promise: an operation takes less than this, ms.
  public static final long SLO_LATENCY_MS = 2_000;

  /// The promise: an operation costs less than this, USD. Text, because it is also part of queries
  /// and labels, where a double has many spellings.
  public static final String SLO_COST_USD = "0.003";

  /// The share of operations that must keep each promise.
  public static final double SLO_OBJECTIVE = 0.95;

  /// An operation over this raises an alert, ms.
  public static final long ALERT_LATENCY_MS = 3_000;

  /// An operation over this raises an alert, USD.
  public static final String ALERT_COST_USD = "0.01";

  /// A greater share of failed operations raises an alert.
  public static final double ALERT_ERROR_RATE = 0.05;

  /// A smaller share of whole reviews raises an alert.
  public static final double ALERT_SUCCESS_RATE = 0.95;

  /// Spending this many times what was spent on the same weekday of last week raises an alert.
  public static final double SPEND_SPIKE_FACTOR = 2;

  /// Below this nobody minds a spike, USD a day.
  public static final double SPEND_SPIKE_FLOOR_USD = 1;

  private ServiceLevels() {}
}
