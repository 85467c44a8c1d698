package dev.prguard.telemetry;

import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.GenAiAttributes;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanStore;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Appends each span to the store as it ends, on the thread that ends it, then hands it to the
/// delivery, which reads it from there. A span that stands for money or finished work is forced to
/// disk at once. A store that fails is counted, and never breaks a review.
final class SegmentSpanExporter implements SpanProcessor {
  private final SpanStore store;
  private final Tally tally;
  private final @Nullable Delivery delivery;

  SegmentSpanExporter(SpanStore store, Tally tally, @Nullable Delivery delivery) {
    this.store = store;
    this.tally = tally;
    this.delivery = delivery;
  }

  @Override
  public void onEnd(ReadableSpan ended) {
    SpanRecord span = SdkSpans.record(ended.toSpanData());
    if (delivery != null) {
      delivery.begin(store.log());
    }
    String error = append(span);
    tally.ended(error);
    if (delivery != null) {
      // An append after a failed one goes to a new log.
      delivery.begin(store.log());
      if (error != null && store.durable()) {
        delivery.expose(span);
      }
      delivery.signal();
    }
  }

  /// @return why the span is not on disk; null when it is
  private @Nullable String append(SpanRecord span) {
    try {
      store.append(List.of(span));
      if (mustBeForced(span)) {
        store.force();
      }
      return store.durable() ? null : "kept in memory only";
    } catch (RuntimeException e) {
      return Variables.shown(String.valueOf(e.getMessage()));
    }
  }

  private static boolean mustBeForced(SpanRecord span) {
    return span.parentSpanId() == null
        || span.attributes().containsKey(CostAttributes.OPERATION_TYPE)
        || span.attributes().containsKey(GenAiAttributes.OPERATION_NAME);
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
