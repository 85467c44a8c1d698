package dev.prguard.trace;

import dev.prguard.trace.LogSlice.Entry;
import dev.prguard.trace.otlp.OtlpSpans;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanSource;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceSpans;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Spans that live as long as the process: for tests, and for a run whose data folder cannot be
/// written.
public final class InMemorySpanStore implements SpanStore, SpanSource {
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
    return new LogSlice(entries, null, null);
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

  /// Hands out everything in the window: in memory there is nothing to save by a hint.
  @Override
  public void fetch(SpanFetch fetch, Predicate<TraceSpans> visitor) {
    for (TraceSpans trace : newestFirst(fetch.window())) {
      if (!visitor.test(trace)) {
        return;
      }
    }
  }

  private synchronized List<TraceSpans> newestFirst(SpanWindow window) {
    record Started(TraceSpans spans, long startNanos) {}
    List<Started> kept = new ArrayList<>();
    traces.forEach((id, spans) -> {
      long start = start(spans);
      long end = spans.values().stream().mapToLong(SpanRecord::endNanos).max().orElseThrow();
      boolean inWindow =
          switch (window) {
            case SpanWindow.Overlaps(long from, long to) -> start <= to && end >= from;
            case SpanWindow.Starts(long from, long to) ->
                spans.values().stream()
                    .anyMatch(span -> span.startNanos() > from && span.startNanos() <= to);
          };
      if (inWindow) {
        kept.add(new Started(new TraceSpans(id, List.copyOf(spans.values())), start));
      }
    });
    kept.sort(Comparator.comparingLong(Started::startNanos).reversed());
    return kept.stream().map(Started::spans).toList();
  }

  /// Leaves aggregates to the engine.
  @Override
  public Optional<List<AggregateRow>> aggregate(SpanAggregate aggregate) {
    return Optional.empty();
  }

  @Override
  public Set<SpanField.Attribute> attributes(SpanFetch fetch) {
    Set<SpanField.Attribute> attributes = new HashSet<>();
    for (TraceSpans trace : newestFirst(fetch.window())) {
      trace.spans().forEach(span -> attributes.addAll(SpanField.Attribute.of(span)));
    }
    return attributes;
  }

  private static long start(Map<String, SpanRecord> spans) {
    return spans.values().stream().mapToLong(SpanRecord::startNanos).min().orElseThrow();
  }

  /// Drops nothing: what was appended can still be read.
  @Override
  public void close() {}
}
