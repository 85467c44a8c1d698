package dev.prguard.insight.alert;

import dev.prguard.insight.alert.Verdict.Worst;
import dev.prguard.insight.query.ReviewQuery;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.OpaqueValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.SpanSet;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the traces behind a breach.
final class Evidence {
  private static final int SHOWN = 3;

  /// The worst are sought among so many traces; a search cannot sort.
  private static final int TRACES = 200;

  private final TraceQueries queries;

  Evidence(TraceQueries queries) {
    this.queries = queries;
  }

  private record Candidate(String traceId, FoundSpan span, double weight) {}

  /// The traces with the greatest values of an attribute, or the newest where there is none.
  List<Worst> worst(ReviewQuery query, @Nullable String order, TimeRange window) {
    List<Candidate> candidates = new ArrayList<>();
    // A search rounds its times down to seconds, which would leave out what has just begun.
    TimeRange whole =
        new TimeRange(
            Instant.ofEpochSecond(window.start().getEpochSecond()),
            Instant.ofEpochSecond(window.end().getEpochSecond() + 1));
    for (FoundTrace trace : queries.search(new Search(query.text(), whole, TRACES, 0)).traces()) {
      Candidate worst = null;
      for (SpanSet set : trace.spanSets()) {
        for (FoundSpan span : set.spans()) {
          Candidate candidate = new Candidate(trace.traceId(), span, weight(span, order));
          worst = worst == null || candidate.weight() > worst.weight() ? candidate : worst;
        }
      }
      if (worst != null) {
        candidates.add(worst);
      }
    }
    return candidates.stream()
        .sorted(Comparator.comparingDouble(Candidate::weight).reversed())
        .limit(SHOWN)
        .map(candidate -> new Worst(candidate.traceId(), describe(candidate.span())))
        .toList();
  }

  private static double weight(FoundSpan span, @Nullable String order) {
    for (Label label : span.attributes()) {
      if (label.key().equals(order)) {
        return switch (label.value()) {
          case LongValue(long number) -> (double) number;
          case DoubleValue(double number) -> number;
          case StringValue _, BooleanValue _, ArrayValue _, OpaqueValue _ -> 0;
        };
      }
    }
    return span.startNanos();
  }

  private static String describe(FoundSpan span) {
    return span.attributes().stream()
        // Every query asks for it, so it tells nothing.
        .filter(label -> !label.key().equals("service.name"))
        .map(label -> label.key() + "=" + text(label.value()))
        .distinct()
        .collect(Collectors.joining(" "));
  }

  static String text(AttributeValue value) {
    return switch (value) {
      case StringValue(String text) -> text;
      case LongValue(long number) -> Long.toString(number);
      case DoubleValue(double number) -> PromQl.number(number);
      case BooleanValue(boolean flag) -> Boolean.toString(flag);
      case ArrayValue(List<AttributeValue> values) ->
          values.stream().map(Evidence::text).collect(Collectors.joining(", "));
      case OpaqueValue _ -> "";
    };
  }
}
