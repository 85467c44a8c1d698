package dev.prguard.insight.dashboard;

/// How a panel is drawn.
public enum Drawing {
  TIME_SERIES,
  /// Columns over time.
  COLUMNS,
  STAT,
  /// A bar for each series.
  BARS,
  PIE,
  TABLE
}
