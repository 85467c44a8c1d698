package dev.prguard.telemetry;

import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.metric.MetricTotals;
import dev.prguard.trace.metric.ReviewMetrics;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;

/// Counts metrics from the spans as they end, so that both say the same. Thread-safe.
final class MetricsProcessor implements SpanProcessor {
  /// Guarded by itself.
  private final ReviewMetrics metrics = new ReviewMetrics();

  @Override
  public void onEnd(ReadableSpan ended) {
    count(SdkSpans.record(ended.toSpanData()));
  }

  void count(SpanRecord span) {
    synchronized (metrics) {
      metrics.count(span);
    }
  }

  /// Hands over what was counted so far.
  MetricTotals totals() {
    synchronized (metrics) {
      return metrics.totals();
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }
}
