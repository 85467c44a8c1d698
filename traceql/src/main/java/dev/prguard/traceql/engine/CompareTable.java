package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.traceql.TraceQlFormatter;
import dev.prguard.traceql.tree.MetricsStage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// `compare()`: how the values of every attribute are spread among selected spans and the others.
final class CompareTable {
  private static final List<Intrinsic> INTRINSICS =
      List.of(
          Intrinsic.NAME,
          Intrinsic.STATUS,
          Intrinsic.STATUS_MESSAGE,
          Intrinsic.KIND,
          Intrinsic.TRACE_ROOT_NAME,
          Intrinsic.TRACE_ROOT_SERVICE,
          Intrinsic.INSTRUMENTATION_NAME,
          Intrinsic.INSTRUMENTATION_VERSION);

  private final MetricsStage.Compare stage;
  private final Grid grid;
  private final Predicate<FetchedSpan> selection;
  private long numbers;
  private final Side baseline = new Side("baseline");
  private final Side selected = new Side("selection");

  /// Counts of one side: field to value to counts by interval.
  private record Side(
      String name,
      Map<SpanField, Map<AttributeValue, long[]>> values,
      Map<SpanField, long[]> totals) {
    Side(String name) {
      this(name, new LinkedHashMap<>(), new LinkedHashMap<>());
    }
  }

  /// @param selection whether a span is selected
  CompareTable(MetricsStage.Compare stage, Predicate<FetchedSpan> selection, Grid grid) {
    this.stage = stage;
    this.selection = selection;
    this.grid = grid;
  }

  /// @param interval -1 for a span that is listed and not counted
  void add(int interval, FetchedSpan span) {
    long start = span.span().startNanos();
    boolean inWindow =
        stage.startNanos() == 0 || (start > stage.startNanos() && start <= stage.endNanos());
    Side side = inWindow && selection.test(span) ? selected : baseline;
    SpanRecord record = span.span();
    attributes(side, interval, Scope.SPAN, record.attributes());
    attributes(side, interval, Scope.RESOURCE, record.resource());
    attributes(side, interval, Scope.INSTRUMENTATION, record.scope().attributes());
    for (Intrinsic intrinsic : INTRINSICS) {
      Object value = span.intrinsic(intrinsic);
      if (value != null) {
        count(side, interval, intrinsic, Value.listed(value));
      }
    }
    if (!(record.resource().get(TraceContext.SERVICE_NAME) instanceof AttributeValue.StringValue)) {
      count(
          side,
          interval,
          new Attribute(Scope.RESOURCE, TraceContext.SERVICE_NAME),
          AttributeValue.of(""));
    }
  }

  private void attributes(
      Side side, int interval, Scope scope, Map<String, AttributeValue> attributes) {
    attributes.forEach((key, value) -> {
      if (!Value.visible(value).isEmpty()) {
        count(side, interval, new Attribute(scope, key), shown(value));
      }
    });
  }

  private static AttributeValue shown(AttributeValue value) {
    Object visible = Value.of(Value.visible(value));
    return visible instanceof Value.Elements ? AttributeValue.of("nil") : Value.listed(visible);
  }

  private void count(Side side, int interval, SpanField field, AttributeValue value) {
    long[] counts =
        side.values()
            .computeIfAbsent(field, _ -> new LinkedHashMap<>())
            .computeIfAbsent(value, _ -> counts());
    long[] totals = side.totals().computeIfAbsent(field, _ -> counts());
    if (interval >= 0) {
      counts[interval]++;
      totals[interval]++;
    }
  }

  private long[] counts() {
    numbers += grid.intervals();
    if (numbers > SeriesTable.MAX_NUMBERS) {
      throw new TraceQueryException(
          TraceQueryException.Reason.FAILED,
          "compare() met too many values: select fewer spans, or take a longer step");
    }
    return new long[grid.intervals()];
  }

  List<Series> series() {
    List<Series> series = new ArrayList<>();
    for (Side side : List.of(baseline, selected)) {
      side.values()
          .forEach((field, values) -> {
            values.entrySet().stream()
                .sorted(
                    Comparator.<Map.Entry<AttributeValue, long[]>>comparingLong(
                            entry -> total(entry.getValue()))
                        .reversed()
                        .thenComparing(entry -> entry.getKey().toString()))
                .limit(stage.topN())
                .forEach(entry ->
                    series.add(series(side.name(), field, entry.getKey(), entry.getValue())));
          });
      side.totals()
          .forEach((field, counts) ->
              series.add(series(side.name() + "_total", field, AttributeValue.of("nil"), counts)));
    }
    return series;
  }

  private Series series(String meta, SpanField field, AttributeValue value, long[] counts) {
    List<Sample> samples = new ArrayList<>(counts.length);
    for (int i = 0; i < counts.length; i++) {
      samples.add(new Sample(grid.timestampMillis(i), counts[i]));
    }
    return new Series(
        List.of(
            new Label("__meta_type", AttributeValue.of(meta)),
            new Label(TraceQlFormatter.label(field), value)),
        samples,
        List.of());
  }

  private static long total(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
