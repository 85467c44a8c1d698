package dev.prguard.traceql.engine;

import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.traceql.tree.BinaryOperator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Arithmetic between metrics queries: series with the same labels, but for the name of the
/// function, are combined sample by sample. What has no partner, and what is no number (0 / 0), is
/// left out.
final class Arithmetic {
  private Arithmetic() {}

  /// @param scalar a constant; null where there are series
  record Operand(List<Series> series, @Nullable Double scalar) {}

  static List<Series> of(Operand left, BinaryOperator operator, Operand right) {
    Double l = left.scalar();
    Double r = right.scalar();
    if (r != null) {
      return each(left.series(), value -> apply(operator, value, r));
    }
    if (l != null) {
      return each(right.series(), value -> apply(operator, l, value));
    }
    Map<List<Label>, Series> partners = new HashMap<>();
    right.series().forEach(series -> partners.put(labels(series), series));
    List<Series> joined = new ArrayList<>();
    for (Series one : left.series()) {
      Series other = partners.get(labels(one));
      if (other != null) {
        Map<Long, Double> values = new HashMap<>();
        other.samples().forEach(sample -> values.put(sample.timestampMillis(), sample.value()));
        List<Sample> samples = new ArrayList<>();
        for (Sample sample : one.samples()) {
          Double value = values.get(sample.timestampMillis());
          if (value != null) {
            add(samples, sample.timestampMillis(), apply(operator, sample.value(), value));
          }
        }
        keep(joined, labels(one), samples);
      }
    }
    return joined;
  }

  private static List<Series> each(List<Series> series, DoubleUnaryOperator operator) {
    List<Series> list = new ArrayList<>();
    for (Series of : series) {
      List<Sample> samples = new ArrayList<>();
      for (Sample sample : of.samples()) {
        add(samples, sample.timestampMillis(), operator.applyAsDouble(sample.value()));
      }
      keep(list, labels(of), samples);
    }
    return list;
  }

  private static void add(List<Sample> samples, long timestampMillis, double value) {
    if (Double.isFinite(value)) {
      samples.add(new Sample(timestampMillis, value));
    }
  }

  private static void keep(List<Series> list, List<Label> labels, List<Sample> samples) {
    if (!samples.isEmpty()) {
      list.add(new Series(labels, samples, List.of()));
    }
  }

  private static List<Label> labels(Series series) {
    return series.labels().stream().filter(label -> !label.key().equals("__name__")).toList();
  }

  private static double apply(BinaryOperator operator, double left, double right) {
    return switch (operator) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> left / right;
      default -> throw new IllegalArgumentException("operator: " + operator);
    };
  }
}
