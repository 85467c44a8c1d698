package dev.prguard.traceql.engine;

/// How `quantile_over_time` answers.
public enum QuantileMode {
  /// The value of rank ceil(q * n): a value that a span really has; of doubles too.
  EXACT,
  /// Tempo's estimate from buckets of powers of two, off by up to a factor of two; of doubles, and
  /// of values below 2, nothing.
  TEMPO_BUCKETS
}
