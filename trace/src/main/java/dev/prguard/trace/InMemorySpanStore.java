package dev.prguard.trace;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Spans that live as long as the process: for tests, and for a run whose data folder cannot be
/// written.
public final class InMemorySpanStore implements SpanStore {
  private static final Comparator<SpanRecord> BY_START =
      Comparator.comparingLong(SpanRecord::startNanos).thenComparing(SpanRecord::spanId);

  /// Trace id to span id to span. Guarded by this.
  private final Map<String, Map<String, SpanRecord>> traces = new HashMap<>();

  @Override
  public synchronized void append(List<SpanRecord> spans) {
    for (SpanRecord span : List.copyOf(spans)) {
      traces
          .computeIfAbsent(span.traceId(), id -> new LinkedHashMap<>())
          .putIfAbsent(span.spanId(), span);
    }
  }

  @Override
  public void force() {
    // There is no disk.
  }

  @Override
  public boolean durable() {
    return false;
  }

  @Override
  public synchronized List<SpanRecord> trace(String traceId) {
    return traces.getOrDefault(traceId, Map.of()).values().stream().sorted(BY_START).toList();
  }

  @Override
  public synchronized List<String> latestTraceIds(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
    }
    Comparator<Map.Entry<String, Long>> latestFirst =
        Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry::getKey);
    return traces.entrySet().stream()
        .map(trace -> Map.entry(trace.getKey(), start(trace.getValue())))
        .sorted(latestFirst)
        .limit(limit)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static long start(Map<String, SpanRecord> spans) {
    return spans.values().stream().mapToLong(SpanRecord::startNanos).min().orElseThrow();
  }

  /// Drops nothing: what was appended can still be read.
  @Override
  public void close() {}
}
