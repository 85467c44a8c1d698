package dev.prguard.traceql.tree;

import dev.prguard.trace.query.SpanField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first stage of a metrics query.
public sealed interface MetricsStage {

  /// `rate()`, `count_over_time()`, `quantile_over_time(x, .5, .9)`, ….
  ///
  /// @param operand null for RATE and COUNT_OVER_TIME, which take none
  /// @param quantiles for QUANTILE_OVER_TIME alone: one or more
  /// @param by `by (…)`; empty without
  record OverTime(
      Function function, @Nullable SpanField operand, List<Double> quantiles, List<SpanField> by)
      implements MetricsStage {
    public OverTime {
      quantiles = List.copyOf(quantiles);
      by = List.copyOf(by);
    }
  }

  /// `compare({selection}, n, start, end)`.
  ///
  /// @param topN values an attribute; 10 where not written
  /// @param startNanos ns since the epoch; 0 where not written, as is the end
  record Compare(Pipeline.SpansetFilter selection, int topN, long startNanos, long endNanos)
      implements MetricsStage {}

  enum Function {
    RATE("rate"),
    COUNT_OVER_TIME("count_over_time"),
    MIN_OVER_TIME("min_over_time"),
    MAX_OVER_TIME("max_over_time"),
    AVG_OVER_TIME("avg_over_time"),
    SUM_OVER_TIME("sum_over_time"),
    QUANTILE_OVER_TIME("quantile_over_time"),
    HISTOGRAM_OVER_TIME("histogram_over_time");

    private final String keyword;

    Function(String keyword) {
      this.keyword = keyword;
    }

    public String keyword() {
      return keyword;
    }
  }
}
