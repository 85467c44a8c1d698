package dev.prguard.trace.query;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A metrics stage over single spans that match a predicate exactly.
///
/// @param window spans whose start lies in it count
/// @param originNanos where interval 0 begins: interval i holds the starts in (origin + i*step,
///   origin + (i+1)*step]
/// @param stepNanos the length of an interval, 1 or more
/// @param scalars fields of the filter that hold no arrays: a source that meets one leaves the
///   answer to the engine
/// @param value what is aggregated; null for COUNT. Only numeric values count: long, double,
///   durations in ns. Spans without one are left out
/// @param by what to group by: attributes of span, resource or ANY, or intrinsics of the span
/// @param quantiles for QUANTILES: each in 0..1
public record SpanAggregate(
    SpanWindow.Starts window,
    long originNanos,
    long stepNanos,
    SpanPredicate filter,
    Set<SpanField> scalars,
    Function function,
    @Nullable SpanField value,
    List<SpanField> by,
    List<Double> quantiles,
    Instant deadline) {

  public SpanAggregate {
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(filter, "filter");
    Objects.requireNonNull(function, "function");
    scalars = Set.copyOf(scalars);
    by = List.copyOf(by);
    quantiles = List.copyOf(quantiles);
    Objects.requireNonNull(deadline, "deadline");
    if (stepNanos < 1) {
      throw new IllegalArgumentException("stepNanos: " + stepNanos + " (expected: >= 1)");
    }
    if ((value == null) != (function == Function.COUNT)) {
      throw new IllegalArgumentException("value: " + value + " (expected: none for COUNT alone)");
    }
  }

  public enum Function {
    COUNT,
    SUM,
    MIN,
    MAX,
    /// The sum and the count: the engine divides.
    AVERAGE,
    /// The exact quantile of rank ceil(q * n), at least 1, of the ascending values.
    QUANTILES,
    /// A count for each smallest power of two that is at least the value (Tempo's buckets); values
    /// below 2 and doubles are left out.
    LOG2_BUCKETS
  }
}
