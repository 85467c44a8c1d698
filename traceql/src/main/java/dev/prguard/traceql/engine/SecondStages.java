package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.Literal;
import dev.prguard.traceql.tree.SecondStage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// `topk`, `bottomk` and thresholds, on whole series.
final class SecondStages {
  private static final Label NO_LABEL = new Label("", AttributeValue.of(""));

  private SecondStages() {}

  static List<Series> apply(List<SecondStage> stages, List<Series> series) {
    List<Series> current = series;
    for (SecondStage stage : stages) {
      List<Series> in = current;
      current =
          switch (stage) {
            case SecondStage.TopK(int limit) -> ranked(in, limit, true);
            case SecondStage.BottomK(int limit) -> ranked(in, limit, false);
            case SecondStage.Threshold(BinaryOperator comparison, Literal literal) ->
                compared(in, comparison, literal);
          };
    }
    return current;
  }

  /// Chosen at every timestamp, so more than `limit` series may be left, with gaps.
  private static List<Series> ranked(List<Series> series, int limit, boolean top) {
    if (series.size() <= limit) {
      return series;
    }
    record Candidate(int series, List<Label> labels, double value) {}
    Map<Long, List<Candidate>> byTime = new HashMap<>();
    for (int i = 0; i < series.size(); i++) {
      List<Label> labels = series.get(i).labels();
      for (Sample sample : series.get(i).samples()) {
        byTime
            .computeIfAbsent(sample.timestampMillis(), _ -> new ArrayList<>())
            .add(new Candidate(i, labels, sample.value()));
      }
    }
    Comparator<Candidate> byValue = Comparator.comparingDouble(Candidate::value);
    Comparator<Candidate> ascending =
        byValue.thenComparing(Candidate::labels, SecondStages::compareTied);
    Comparator<Candidate> order = top ? ascending.reversed() : ascending;
    Map<Long, Set<Integer>> chosen = new HashMap<>();
    byTime.forEach((time, candidates) -> {
      Set<Integer> best = new HashSet<>();
      candidates.stream().sorted(order).limit(limit).forEach(c -> best.add(c.series()));
      chosen.put(time, best);
    });
    List<Series> kept = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      int index = i;
      keep(
          kept,
          series.get(i),
          series.get(i).samples().stream()
              .filter(
                  sample -> chosen.getOrDefault(sample.timestampMillis(), Set.of()).contains(index))
              .toList());
    }
    return kept;
  }

  /// Which of two series of equal values topk prefers: the greater here; bottomk the other
  /// (pkg/traceql/series_heap.go). Texts that sort first are greater, numbers as they are.
  private static int compareTied(List<Label> left, List<Label> right) {
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      Label l = i < left.size() ? left.get(i) : NO_LABEL;
      Label r = i < right.size() ? right.get(i) : NO_LABEL;
      int order = -Operators.compareBytes(string(l.value()), string(r.value()));
      if (order == 0) {
        order = -Operators.compareBytes(l.key(), r.key());
      }
      if (order == 0) {
        order = Integer.compare(rank(l.value()), rank(r.value()));
      }
      if (order == 0) {
        order = Long.compareUnsigned(code(l.value()), code(r.value()));
      }
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static String string(AttributeValue value) {
    return value instanceof AttributeValue.StringValue(String text) ? text : "";
  }

  /// The order of Tempo's types.
  private static int rank(AttributeValue value) {
    return switch (value) {
      case AttributeValue.LongValue _ -> 0;
      case AttributeValue.DoubleValue _ -> 1;
      case AttributeValue.StringValue _ -> 2;
      case AttributeValue.BooleanValue _ -> 3;
      case AttributeValue.ArrayValue _, AttributeValue.OpaqueValue _ -> 4;
    };
  }

  private static long code(AttributeValue value) {
    return switch (value) {
      case AttributeValue.LongValue(long number) -> number;
      case AttributeValue.DoubleValue(double number) -> Double.doubleToRawLongBits(number);
      case AttributeValue.BooleanValue(boolean flag) -> flag ? 1 : 0;
      case AttributeValue.StringValue _,
          AttributeValue.ArrayValue _,
          AttributeValue.OpaqueValue _ ->
          0;
    };
  }

  private static List<Series> compared(
      List<Series> series, BinaryOperator comparison, Literal literal) {
    Object value = Objects.requireNonNull(Value.of(literal));
    double threshold =
        value instanceof Value.Nanos(long nanos) ? nanos / 1e9 : Value.asDouble(value);
    List<Series> kept = new ArrayList<>();
    for (Series of : series) {
      keep(
          kept,
          of,
          of.samples().stream()
              .filter(sample -> Operators.test(comparison, sample.value(), threshold))
              .toList());
    }
    return kept;
  }

  private static void keep(List<Series> kept, Series of, List<Sample> samples) {
    if (!samples.isEmpty()) {
      kept.add(new Series(of.labels(), samples, of.exemplars()));
    }
  }

  private static String text(AttributeValue value) {
    return switch (value) {
      case AttributeValue.StringValue(String text) -> text;
      case AttributeValue.LongValue(long number) -> Long.toString(number);
      case AttributeValue.DoubleValue(double number) -> Double.toString(number);
      case AttributeValue.BooleanValue(boolean flag) -> Boolean.toString(flag);
      case AttributeValue.ArrayValue _, AttributeValue.OpaqueValue _ -> "";
    };
  }

  static String sortKey(List<Label> labels) {
    StringBuilder key = new StringBuilder();
    for (Label label : labels) {
      key.append(label.key()).append('\u0001').append(text(label.value())).append('\u0000');
    }
    return key.toString();
  }
}
