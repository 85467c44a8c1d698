package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.TraceQueries.Exemplar;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.traceql.TraceQlFormatter;
import dev.prguard.traceql.engine.Value.Elements;
import dev.prguard.traceql.engine.Value.Nanos;
import dev.prguard.traceql.tree.MetricsStage;
import dev.prguard.traceql.tree.MetricsStage.Function;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The series of one metrics stage while spans are counted into them.
final class SeriesTable {
  private static final int MAX_SERIES = 20_000;

  /// Numbers of 8 bytes that one query may hold.
  static final long MAX_NUMBERS = 20_000_000;

  private long numbers;

  private final MetricsStage.OverTime stage;
  private final Grid grid;
  private final QuantileMode mode;

  /// By the values of `by()`, null where missing.
  private final Map<List<@Nullable Object>, Group> groups = new LinkedHashMap<>();

  /// One combination of `by()` values.
  private final class Group {
    private final Samples samples =
        new Samples(
            grid.intervals(),
            stage.function() == Function.QUANTILE_OVER_TIME && mode == QuantileMode.EXACT);

    /// Exponent to count, by interval.
    private final Map<Integer, long[]> buckets = new TreeMap<>();

    /// What a store answered for QUANTILES, by interval; null without.
    private double @Nullable [][] quantiles;

    private final List<Held> exemplars = new ArrayList<>();
  }

  /// An exemplar until its interval is counted.
  ///
  /// @param exponent of the bucket of its value; -1 without
  private record Held(Exemplar exemplar, int interval, int exponent) {}

  SeriesTable(MetricsStage.OverTime stage, Grid grid, QuantileMode mode) {
    this.stage = stage;
    this.grid = grid;
    this.mode = mode;
  }

  /// Counts one span.
  ///
  /// @param by the values of `by()`
  /// @param value of the operand; null without
  /// @return whether it counted
  boolean add(int interval, List<@Nullable Object> by, @Nullable Object value) {
    Function function = stage.function();
    switch (function) {
      case RATE, COUNT_OVER_TIME -> group(by).samples.count(interval, 1);
      case MIN_OVER_TIME, MAX_OVER_TIME, AVG_OVER_TIME, SUM_OVER_TIME -> {
        if (!Value.isNumber(value)) {
          return false;
        }
        group(by).samples.add(interval, shown(Objects.requireNonNull(value)));
      }
      case QUANTILE_OVER_TIME, HISTOGRAM_OVER_TIME -> {
        if (!Value.isNumber(value)) {
          return false;
        }
        if (function == Function.QUANTILE_OVER_TIME && mode == QuantileMode.EXACT) {
          hold(1);
          group(by).samples.add(interval, seconds(Objects.requireNonNull(value)));
          return true;
        }
        int exponent = exponent(value);
        if (exponent < 0) {
          return false;
        }
        bucket(by, interval, exponent, 1);
      }
    }
    return true;
  }

  private static int exponent(@Nullable Object value) {
    return switch (value) {
      case Long number -> Log2Buckets.exponent(number);
      case Nanos(long nanos) -> Log2Buckets.exponent(nanos);
      case null, default -> -1;
    };
  }

  void bucket(List<@Nullable Object> by, int interval, int exponent, long count) {
    long[] counts =
        group(by)
            .buckets
            .computeIfAbsent(
                exponent,
                _ -> {
                  hold(grid.intervals());
                  return new long[grid.intervals()];
                });
    counts[interval] += count;
  }

  /// What a store has counted.
  void count(List<@Nullable Object> by, int interval, long count) {
    group(by).samples.count(interval, count);
  }

  void merge(List<@Nullable Object> by, int interval, long count, double number) {
    group(by).samples.merge(interval, count, number, number, number);
  }

  void quantiles(List<@Nullable Object> by, int interval, List<Double> numbers) {
    Group group = group(by);
    if (group.quantiles == null) {
      group.quantiles = new double[grid.intervals()][];
    }
    group.quantiles[interval] = numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /// @param value of the operand; null without
  void exemplar(
      List<@Nullable Object> by, int interval, @Nullable Object value, Exemplar exemplar) {
    group(by).exemplars.add(new Held(exemplar, interval, exponent(value)));
  }

  /// Takes over what another table of the same query has for exemplars.
  void exemplarsOf(SeriesTable other) {
    other.groups.forEach((by, of) -> {
      Group mine = groups.get(by);
      if (mine != null) {
        mine.exemplars.addAll(of.exemplars);
      }
    });
  }

  /// Tempo's exemplars carry the value of their span, and where spans are only counted the sample
  /// of their interval.
  private List<Exemplar> exemplars(Group group, List<Sample> samples, int exponent) {
    boolean counted =
        switch (stage.function()) {
          case RATE, COUNT_OVER_TIME, HISTOGRAM_OVER_TIME -> true;
          case MIN_OVER_TIME, MAX_OVER_TIME, AVG_OVER_TIME, SUM_OVER_TIME, QUANTILE_OVER_TIME ->
              false;
        };
    return group.exemplars.stream()
        .filter(held -> exponent < 0 || held.exponent() == exponent)
        .map(held -> {
          Exemplar exemplar = held.exemplar();
          return counted
              ? new Exemplar(
                  exemplar.timestampMillis(),
                  samples.get(held.interval()).value(),
                  exemplar.labels())
              : exemplar;
        })
        .toList();
  }

  private Group group(List<@Nullable Object> by) {
    Group known = groups.get(by);
    if (known != null) {
      return known;
    }
    if (groups.size() >= MAX_SERIES) {
      throw new TraceQueryException(
          TraceQueryException.Reason.FAILED,
          "more than " + MAX_SERIES + " series: group by fewer fields");
    }
    hold(grid.intervals());
    Group group = new Group();
    groups.put(new ArrayList<>(by), group);
    return group;
  }

  private void hold(long more) {
    numbers += more;
    if (numbers > MAX_NUMBERS) {
      throw new TraceQueryException(
          TraceQueryException.Reason.FAILED,
          "too many numbers ("
              + groups.size()
              + " series of "
              + grid.intervals()
              + " intervals): group by fewer fields, select fewer spans, or take a longer step");
    }
  }

  /// Durations are shown in seconds; of trace and events Tempo shows the nanoseconds here.
  private double shown(Object value) {
    return stage.operand() == Intrinsic.DURATION ? seconds(value) : Value.asDouble(value);
  }

  /// What a number from a store is divided by, to be shown.
  double unit() {
    SpanField operand = stage.operand();
    boolean ofDuration =
        switch (stage.function()) {
          case RATE, COUNT_OVER_TIME -> false;
          case MIN_OVER_TIME, MAX_OVER_TIME, AVG_OVER_TIME, SUM_OVER_TIME ->
              operand == Intrinsic.DURATION;
          case QUANTILE_OVER_TIME, HISTOGRAM_OVER_TIME -> isDuration();
        };
    return ofDuration ? 1e9 : 1;
  }

  private boolean isDuration() {
    SpanField operand = stage.operand();
    return operand == Intrinsic.DURATION
        || operand == Intrinsic.TRACE_DURATION
        || operand == Intrinsic.EVENT_TIME_SINCE_START;
  }

  private static double seconds(Object value) {
    return value instanceof Nanos(long nanos) ? nanos / 1e9 : Value.asDouble(value);
  }

  /// @param matchable whether the query could match a span at all
  List<Series> series(boolean matchable) {
    Function function = stage.function();
    boolean counts = function == Function.RATE || function == Function.COUNT_OVER_TIME;
    if (groups.isEmpty() && counts && stage.by().isEmpty() && matchable) {
      group(List.of());
    }
    List<Series> series = new ArrayList<>();
    for (Map.Entry<List<@Nullable Object>, Group> entry : groups.entrySet()) {
      List<@Nullable Object> by = entry.getKey();
      Group group = entry.getValue();
      switch (function) {
        case RATE, COUNT_OVER_TIME, MIN_OVER_TIME, MAX_OVER_TIME, AVG_OVER_TIME, SUM_OVER_TIME -> {
          List<Sample> samples = samples(group.samples);
          series.add(
              new Series(labels(by, function.keyword()), samples, exemplars(group, samples, -1)));
        }
        case QUANTILE_OVER_TIME -> {
          for (int q = 0; q < stage.quantiles().size(); q++) {
            List<Label> labels = labels(by, null);
            labels.add(new Label("p", AttributeValue.of(stage.quantiles().get(q))));
            series.add(
                new Series(
                    labels,
                    quantile(group, q),
                    q == 0 ? exemplars(group, List.of(), -1) : List.of()));
          }
        }
        case HISTOGRAM_OVER_TIME -> {
          for (Map.Entry<Integer, long[]> bucket : group.buckets.entrySet()) {
            List<Label> labels = labels(by, null);
            double bound = Math.pow(2, bucket.getKey()) / unit();
            labels.add(new Label("__bucket", AttributeValue.of(bound)));
            List<Sample> samples = all(bucket.getValue());
            series.add(new Series(labels, samples, exemplars(group, samples, bucket.getKey())));
          }
        }
      }
    }
    return series;
  }

  private List<Sample> samples(Samples samples) {
    List<Sample> list = new ArrayList<>();
    for (int i = 0; i < grid.intervals(); i++) {
      long count = samples.count(i);
      double value =
          switch (stage.function()) {
            case RATE -> count / grid.stepSeconds();
            case COUNT_OVER_TIME -> count;
            case MIN_OVER_TIME -> samples.least(i);
            case MAX_OVER_TIME -> samples.greatest(i);
            case SUM_OVER_TIME -> samples.sum(i);
            case AVG_OVER_TIME -> samples.sum(i) / count;
            case QUANTILE_OVER_TIME, HISTOGRAM_OVER_TIME -> Double.NaN;
          };
      boolean always =
          stage.function() == Function.RATE || stage.function() == Function.COUNT_OVER_TIME;
      if (always || count > 0) {
        list.add(new Sample(grid.timestampMillis(i), value));
      }
    }
    return list;
  }

  private List<Sample> quantile(Group group, int q) {
    double quantile = stage.quantiles().get(q);
    double[] values = new double[grid.intervals()];
    for (int i = 0; i < values.length; i++) {
      if (group.quantiles != null) {
        values[i] = group.quantiles[i] == null ? 0 : group.quantiles[i][q] / unit();
      } else if (mode == QuantileMode.EXACT) {
        values[i] = group.samples.quantile(i, quantile);
      } else {
        Map<Integer, Long> counts = new TreeMap<>();
        for (Map.Entry<Integer, long[]> bucket : group.buckets.entrySet()) {
          counts.put(bucket.getKey(), bucket.getValue()[i]);
        }
        values[i] = Log2Buckets.quantile(quantile, counts) / unit();
      }
    }
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      samples.add(new Sample(grid.timestampMillis(i), values[i]));
    }
    return samples;
  }

  private List<Sample> all(long[] counts) {
    List<Sample> samples = new ArrayList<>(counts.length);
    for (int i = 0; i < counts.length; i++) {
      samples.add(new Sample(grid.timestampMillis(i), counts[i]));
    }
    return samples;
  }

  /// A missing value is left out; where all are missing the first is there as `nil`.
  ///
  /// @param name of a series without labels; null where a label of its own, `p` or `__bucket`,
  ///   names it
  private List<Label> labels(List<@Nullable Object> by, @Nullable String name) {
    List<Label> labels = new ArrayList<>();
    if (stage.by().isEmpty()) {
      if (name != null) {
        labels.add(new Label("__name__", AttributeValue.of(name)));
      }
      return labels;
    }
    for (int i = 0; i < by.size(); i++) {
      Object value = by.get(i);
      if (value != null) {
        labels.add(
            new Label(
                TraceQlFormatter.label(stage.by().get(i)),
                value instanceof Elements ? AttributeValue.of("nil") : Value.listed(value)));
      }
    }
    if (labels.isEmpty() && name != null) {
      labels.add(
          new Label(TraceQlFormatter.label(stage.by().getFirst()), AttributeValue.of("nil")));
    }
    return labels;
  }

  @Override
  public String toString() {
    return stage.function().keyword() + " " + Arrays.toString(groups.keySet().toArray());
  }
}
