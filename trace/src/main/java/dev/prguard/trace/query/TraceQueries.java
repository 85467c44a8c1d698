package dev.prguard.trace.query;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// Questions in TraceQL, answered as Tempo 3 answers them. Safe for use by many threads. Each
/// method throws [TraceQueryException] for a query that is refused or that fails while it runs, and
/// [QueryTimeoutException].
public interface TraceQueries {

  SearchAnswer search(Search search);

  MetricsAnswer range(RangeQuery query);

  MetricsAnswer instant(InstantQuery query);

  /// Attribute names by scope, `intrinsic` among them.
  ///
  /// @param scope span, resource, event, link, instrumentation, intrinsic, or null for all
  SortedMap<String, SortedSet<String>> tags(
      @Nullable String scope, @Nullable String filter, TimeRange range);

  /// @param tag in TraceQL, such as `resource.service.name`, `.region`, `name`
  List<TagValue> tagValues(String tag, @Nullable String filter, TimeRange range);

  /// All spans of a trace in the order in which they were received; empty when there is none.
  List<SpanRecord> trace(String traceId);

  /// [start, end] for searches; see [SpanWindow] for who counts.
  record TimeRange(Instant start, Instant end) {}

  /// @param limit traces, 1 or more
  /// @param spansPerSet spans of each span set, 0 for all
  record Search(String query, TimeRange range, int limit, int spansPerSet) {}

  /// @param step null for Tempo's default
  /// @param exemplars how many at most, 0 for none
  record RangeQuery(String query, TimeRange range, @Nullable Duration step, int exemplars) {}

  record InstantQuery(String query, TimeRange range) {}

  /// @param traces the one that started last first
  record SearchAnswer(List<FoundTrace> traces) {
    public SearchAnswer {
      traces = List.copyOf(traces);
    }
  }

  /// @param startNanos of the earliest span; ns since the epoch
  /// @param durationMillis from the earliest start to the latest end, rounded down
  /// @param serviceStats by service name, over all spans of the trace
  record FoundTrace(
      String traceId,
      String rootServiceName,
      String rootTraceName,
      long startNanos,
      long durationMillis,
      List<SpanSet> spanSets,
      Map<String, ServiceStats> serviceStats) {
    public FoundTrace {
      spanSets = List.copyOf(spanSets);
      serviceStats = Collections.unmodifiableMap(serviceStats);
    }
  }

  record ServiceStats(int spanCount, int errorCount) {}

  /// @param attributes those of `by()` and of aggregates
  /// @param matched how many spans there were before the cut to `spansPerSet`
  record SpanSet(List<FoundSpan> spans, List<Label> attributes, int matched) {
    public SpanSet {
      spans = List.copyOf(spans);
      attributes = List.copyOf(attributes);
    }
  }

  /// @param name empty unless the query fetched it
  record FoundSpan(
      String spanId, String name, long startNanos, long durationNanos, List<Label> attributes) {
    public FoundSpan {
      attributes = List.copyOf(attributes);
    }
  }

  record Label(String key, AttributeValue value) {}

  /// @param series by number of labels, then keys and values
  record MetricsAnswer(List<Series> series) {
    public MetricsAnswer {
      series = List.copyOf(series);
    }
  }

  /// @param samples one for an instant query
  record Series(List<Label> labels, List<Sample> samples, List<Exemplar> exemplars) {
    public Series {
      labels = List.copyOf(labels);
      samples = List.copyOf(samples);
      exemplars = List.copyOf(exemplars);
    }
  }

  /// @param timestampMillis the end of the interval
  record Sample(long timestampMillis, double value) {}

  record Exemplar(long timestampMillis, double value, List<Label> labels) {
    public Exemplar {
      labels = List.copyOf(new ArrayList<>(labels));
    }
  }

  /// @param type string, int, float, bool, keyword or duration
  record TagValue(String type, String value) {}
}
