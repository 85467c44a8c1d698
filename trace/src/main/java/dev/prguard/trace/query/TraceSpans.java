package dev.prguard.trace.query;

import dev.prguard.trace.SpanRecord;
import java.util.List;

/// Spans of one trace in the order in which they were received (which decides between two roots),
/// each with at least the fields that were asked for.
public record TraceSpans(String traceId, List<SpanRecord> spans) {
  public TraceSpans {
    spans = List.copyOf(spans);
  }
}
