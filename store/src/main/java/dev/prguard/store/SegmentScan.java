package dev.prguard.store;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceSpans;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Answers fetches by reading segments from their beginning, in bounded memory: of each trace its
/// times, and of so many traces at a time the spans, with the attributes alone that were asked for.
final class SegmentScan {
  /// Traces whose spans are in memory at a time: few at first, because a search often stops early.
  private static final int FIRST_PAGE = 1_000;

  private static final int PAGE = 20_000;

  /// The clock is asked after so many spans.
  private static final int CHECK_EVERY = 1_024;

  /// Hands over all spans, the first of two equal ones first.
  @FunctionalInterface
  interface Spans {
    void forEach(Consumer<SpanRecord> consumer);
  }

  private final Spans spans;
  private final SpanFetch fetch;
  private final Instant deadline;

  SegmentScan(Spans spans, SpanFetch fetch) {
    this.spans = spans;
    this.fetch = fetch;
    this.deadline = fetch.deadline();
  }

  /// When a trace began and ended, over all of its spans.
  private static final class Times {
    private long start = Long.MAX_VALUE;
    private long end = Long.MIN_VALUE;

    /// Whether a span begins in the window.
    private boolean startsInWindow;
  }

  void run(Predicate<TraceSpans> visitor) {
    switch (fetch.grouping()) {
      case SPANS -> spansAlone(visitor);
      case WHOLE_TRACES -> wholeTraces(visitor);
    }
  }

  private void spansAlone(Predicate<TraceSpans> visitor) {
    // Duplicates are told apart by both ids.
    Set<String> seen = new HashSet<>();
    checked(span -> {
      if (span.startNanos() >= fetch.window().fromNanos()
          && span.startNanos() <= fetch.window().toNanos()
          && seen.add(span.traceId() + span.spanId())) {
        boolean _ = visitor.test(new TraceSpans(span.traceId(), List.of(pruned(span))));
      }
    });
  }

  private void wholeTraces(Predicate<TraceSpans> visitor) {
    Map<String, Times> traces = new HashMap<>();
    checked(span -> {
      Times times = traces.computeIfAbsent(span.traceId(), _ -> new Times());
      times.start = Math.min(times.start, span.startNanos());
      times.end = Math.max(times.end, span.endNanos());
      times.startsInWindow |=
          span.startNanos() > fetch.window().fromNanos()
              && span.startNanos() <= fetch.window().toNanos();
    });
    List<String> wanted =
        traces.entrySet().stream()
            .filter(trace -> isWanted(trace.getValue()))
            .sorted(
                Comparator.<Map.Entry<String, Times>>comparingLong(trace -> trace.getValue().start)
                    .reversed()
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getKey)
            .toList();
    int from = 0;
    while (from < wanted.size()) {
      int to = Math.min(wanted.size(), from + (from == 0 ? FIRST_PAGE : PAGE));
      for (TraceSpans trace : page(wanted.subList(from, to))) {
        if (!visitor.test(trace)) {
          return;
        }
      }
      from = to;
    }
  }

  private boolean isWanted(Times times) {
    return switch (fetch.window()) {
      case SpanWindow.Overlaps(long from, long to) -> times.start <= to && times.end >= from;
      case SpanWindow.Starts _ -> times.startsInWindow;
    };
  }

  /// The spans of these traces, in their order; those of a trace in the order received.
  private List<TraceSpans> page(List<String> ids) {
    Map<String, Map<String, SpanRecord>> traces = new LinkedHashMap<>();
    ids.forEach(id -> traces.put(id, new LinkedHashMap<>()));
    checked(span -> {
      Map<String, SpanRecord> trace = traces.get(span.traceId());
      if (trace != null && !trace.containsKey(span.spanId())) {
        trace.put(span.spanId(), pruned(span));
      }
    });
    List<TraceSpans> page = new ArrayList<>();
    traces.forEach((id, trace) -> page.add(new TraceSpans(id, List.copyOf(trace.values()))));
    return page;
  }

  private void checked(Consumer<SpanRecord> consumer) {
    int[] count = new int[1];
    spans.forEach(span -> {
      if (++count[0] % CHECK_EVERY == 0) {
        if (Instant.now().isAfter(deadline)) {
          throw new QueryTimeoutException("the query took too long: narrow its range");
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new QueryTimeoutException("the query was cancelled");
        }
      }
      consumer.accept(span);
    });
  }

  /// The span with the attributes alone that were asked for.
  private SpanRecord pruned(SpanRecord span) {
    Set<SpanField> fields = fetch.fields();
    if (fields == null) {
      return span;
    }
    return new SpanRecord(
        span.traceId(),
        span.spanId(),
        span.parentSpanId(),
        span.name(),
        span.kind(),
        span.startNanos(),
        span.endNanos(),
        span.status(),
        span.statusMessage(),
        kept(fields, Scope.SPAN, span.attributes()),
        hasEvents(fields) ? span.events() : List.of(),
        hasLinks(fields) ? span.links() : List.of(),
        kept(fields, Scope.RESOURCE, span.resource()),
        span.scope());
  }

  private static Map<String, AttributeValue> kept(
      Set<SpanField> fields, Scope scope, Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> kept = new LinkedHashMap<>();
    for (SpanField field : fields) {
      if (field instanceof Attribute(Scope of, String key) && (of == scope || of == Scope.ANY)) {
        @Nullable AttributeValue value = attributes.get(key);
        if (value != null) {
          kept.put(key, value);
        }
      }
    }
    return kept;
  }

  private static boolean hasEvents(Set<SpanField> fields) {
    return fields.contains(Intrinsic.EVENT_NAME)
        || fields.contains(Intrinsic.EVENT_TIME_SINCE_START)
        || hasScope(fields, Scope.EVENT);
  }

  private static boolean hasLinks(Set<SpanField> fields) {
    return fields.contains(Intrinsic.LINK_TRACE_ID)
        || fields.contains(Intrinsic.LINK_SPAN_ID)
        || hasScope(fields, Scope.LINK);
  }

  private static boolean hasScope(Set<SpanField> fields, Scope scope) {
    return fields.stream()
        .anyMatch(field -> field instanceof Attribute(Scope of, _) && of == scope);
  }
}
