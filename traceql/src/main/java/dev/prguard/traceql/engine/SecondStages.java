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

  /// Chosen at every timestamp, so more than `limit` series may be left, with gaps. Ties: topk
  /// prefers the label value that sorts first, bottomk the one that sorts last.
  private static List<Series> ranked(List<Series> series, int limit, boolean top) {
    if (series.size() <= limit) {
      return series;
    }
    record Candidate(int series, String labels, double value) {}
    Map<Long, List<Candidate>> byTime = new HashMap<>();
    for (int i = 0; i < series.size(); i++) {
      String labels = sortKey(series.get(i).labels());
      for (Sample sample : series.get(i).samples()) {
        byTime
            .computeIfAbsent(sample.timestampMillis(), _ -> new ArrayList<>())
            .add(new Candidate(i, labels, sample.value()));
      }
    }
    Comparator<Candidate> byValue = Comparator.comparingDouble(Candidate::value);
    Comparator<Candidate> byLabels = Comparator.comparing(Candidate::labels);
    Comparator<Candidate> order =
        top
            ? byValue.reversed().thenComparing(byLabels)
            : byValue.thenComparing(byLabels.reversed());
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
