package dev.prguard.trace.metric;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was counted, by metric and attributes. Not thread-safe.
public final class MetricTotals {
  /// The SDK's own limit of attribute sets is 2,000; a review has a handful, and names of models
  /// come from outside. What comes on top goes to one series, as the SDK's specification has it.
  private static final int MAX_SERIES = 200;

  private static final SortedMap<String, String> OVERFLOW =
      Collections.unmodifiableSortedMap(new TreeMap<>(Map.of("otel.metric.overflow", "true")));

  private final Map<Metric, Map<SortedMap<String, String>, Point>> points =
      new EnumMap<>(Metric.class);

  /// A counter's sum, or a histogram's count, sum and buckets. Sums of dollars are in nano-dollars.
  public static final class Point {
    private long count;
    private double sum;
    private final long[] buckets;

    private Point(Metric metric) {
      buckets = new long[metric.isHistogram() ? metric.buckets() : 0];
    }

    /// The counter's value, or how many values the histogram has.
    public long count() {
      return count;
    }

    /// The sum of the histogram's values.
    public double sum() {
      return sum;
    }

    /// How many values are in a bucket, and in none below it.
    public long bucket(int index) {
      return buckets[index];
    }
  }

  /// Counts on.
  public void add(Metric metric, long amount, SortedMap<String, String> attributes) {
    point(metric, attributes).count += amount;
  }

  /// Puts a value into a histogram.
  public void record(Metric metric, double value, SortedMap<String, String> attributes) {
    Point point = point(metric, attributes);
    point.count++;
    point.sum += value;
    point.buckets[metric.bucket(value)]++;
  }

  /// Adds another histogram's values.
  ///
  /// @param buckets as many as the metric has
  public void add(
      Metric metric, long count, double sum, long[] buckets, SortedMap<String, String> attributes) {
    if (buckets.length != metric.buckets()) {
      throw new IllegalArgumentException(
          "buckets: " + buckets.length + " (expected: " + metric.buckets() + ")");
    }
    Point point = point(metric, attributes);
    point.count += count;
    point.sum += sum;
    for (int i = 0; i < buckets.length; i++) {
      point.buckets[i] += buckets[i];
    }
  }

  public boolean isEmpty() {
    return points.isEmpty();
  }

  /// How many series there are.
  public int series() {
    return points.values().stream().mapToInt(Map::size).sum();
  }

  /// What was counted of each metric, by attributes.
  public Map<Metric, Map<SortedMap<String, String>, Point>> points() {
    return Collections.unmodifiableMap(points);
  }

  private Point point(Metric metric, SortedMap<String, String> attributes) {
    Map<SortedMap<String, String>, Point> series =
        points.computeIfAbsent(metric, _ -> new LinkedHashMap<>());
    Point known = series.get(attributes);
    if (known != null) {
      return known;
    }
    SortedMap<String, String> key =
        series.size() < MAX_SERIES
            ? Collections.unmodifiableSortedMap(new TreeMap<>(attributes))
            : OVERFLOW;
    return series.computeIfAbsent(key, _ -> new Point(metric));
  }
}
