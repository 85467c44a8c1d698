package dev.prguard.trace;

import dev.prguard.trace.LogSlice.Entry;
import dev.prguard.trace.otlp.OtlpSpans;
import java.util.ArrayList;
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

  private static final String LOG = "memory";

  /// Trace id to span id to span. Guarded by this.
  private final Map<String, Map<String, SpanRecord>> traces = new HashMap<>();

  /// In the order of arrival; the offset of a span is its place. Guarded by this.
  private final List<SpanRecord> log = new ArrayList<>();

  @Override
  public synchronized void append(List<SpanRecord> spans) {
    for (SpanRecord span : List.copyOf(spans)) {
      SpanRecord known =
          traces
              .computeIfAbsent(span.traceId(), id -> new LinkedHashMap<>())
              .putIfAbsent(span.spanId(), span);
      if (known == null) {
        log.add(span);
      }
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
  public String log() {
    return LOG;
  }

  @Override
  public synchronized LogSlice read(String name, long from, int maxBytes) {
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    for (long i = from; name.equals(LOG) && i < log.size() && bytes < maxBytes; i++) {
      byte[] span = OtlpSpans.encode(List.of(log.get((int) i)));
      bytes += span.length;
      entries.add(new Entry(i + 1, span));
    }
    return new LogSlice(entries, null);
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
