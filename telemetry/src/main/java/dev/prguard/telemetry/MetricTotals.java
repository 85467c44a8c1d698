package dev.prguard.telemetry;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was counted, by metric and attributes. Not thread-safe.
final class MetricTotals {
  /// The SDK's own limit of attribute sets is 2,000; a review has a handful, and names of models
  /// come from outside. What comes on top goes to one series, as the SDK's specification has it.
  private static final int MAX_SERIES = 200;

  private static final SortedMap<String, String> OVERFLOW =
      Collections.unmodifiableSortedMap(new TreeMap<>(Map.of("otel.metric.overflow", "true")));

  private final Map<Metric, Map<SortedMap<String, String>, Point>> points =
      new EnumMap<>(Metric.class);

  /// A counter's sum, or a histogram's count, sum and buckets. Sums of dollars are in nano-dollars.
  private static final class Point {
    private long count;
    private double sum;
    private final long[] buckets;

    Point(Metric metric) {
      buckets = new long[metric.isHistogram() ? metric.buckets() : 0];
    }
  }

  /// Counts on.
  void add(Metric metric, long amount, SortedMap<String, String> attributes) {
    point(metric, attributes).count += amount;
  }

  /// Puts a value into a histogram.
  void record(Metric metric, double value, SortedMap<String, String> attributes) {
    Point point = point(metric, attributes);
    point.count++;
    point.sum += value;
    point.buckets[metric.bucket(value)]++;
  }

  boolean isEmpty() {
    return points.isEmpty();
  }

  /// How many series there are.
  int series() {
    return points.values().stream().mapToInt(Map::size).sum();
  }

  private Point point(Metric metric, SortedMap<String, String> attributes) {
    Map<SortedMap<String, String>, Point> series =
        points.computeIfAbsent(metric, _ -> new java.util.LinkedHashMap<>());
    SortedMap<String, String> key =
        series.size() < MAX_SERIES || series.containsKey(attributes)
            ? Collections.unmodifiableSortedMap(new TreeMap<>(attributes))
            : OVERFLOW;
    return series.computeIfAbsent(key, _ -> new Point(metric));
  }

  /// Adds what OTLP data of our own says; foreign metrics and points of another shape are left out.
  void add(MetricsData data) {
    for (ResourceMetrics resource : data.getResourceMetricsList()) {
      for (ScopeMetrics scope : resource.getScopeMetricsList()) {
        for (io.opentelemetry.proto.metrics.v1.Metric sent : scope.getMetricsList()) {
          for (Metric metric : Metric.values()) {
            if (metric.metricName().equals(sent.getName())) {
              add(metric, sent);
            }
          }
        }
      }
    }
  }

  private void add(Metric metric, io.opentelemetry.proto.metrics.v1.Metric sent) {
    for (NumberDataPoint number : sent.getSum().getDataPointsList()) {
      if (!metric.isHistogram()) {
        long amount =
            metric == Metric.COST
                ? BigDecimal.valueOf(number.getAsDouble()).movePointRight(9).longValue()
                : number.getAsInt();
        point(metric, attributes(number.getAttributesList())).count += Math.max(0, amount);
      }
    }
    for (HistogramDataPoint histogram : sent.getHistogram().getDataPointsList()) {
      if (metric.isHistogram() && histogram.getBucketCountsCount() == metric.buckets()) {
        Point point = point(metric, attributes(histogram.getAttributesList()));
        point.count += histogram.getCount();
        point.sum += histogram.getSum();
        for (int i = 0; i < point.buckets.length; i++) {
          point.buckets[i] += histogram.getBucketCounts(i);
        }
      }
    }
  }

  private static SortedMap<String, String> attributes(Iterable<KeyValue> pairs) {
    SortedMap<String, String> attributes = new TreeMap<>();
    pairs.forEach(pair -> attributes.put(pair.getKey(), pair.getValue().getStringValue()));
    return attributes;
  }

  /// @param startNanos since when was counted, ns since the epoch
  MetricsData data(
      Map<String, String> resource,
      AggregationTemporality temporality,
      long startNanos,
      long timeNanos) {
    ScopeMetrics.Builder scope =
        ScopeMetrics.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("dev.prguard"));
    points.forEach((metric, series) -> {
      io.opentelemetry.proto.metrics.v1.Metric.Builder sent =
          scope
              .addMetricsBuilder()
              .setName(metric.metricName())
              .setUnit(metric.unit())
              .setDescription(metric.description());
      if (metric.isHistogram()) {
        Histogram.Builder histogram =
            sent.getHistogramBuilder().setAggregationTemporality(temporality);
        series.forEach((attributes, point) ->
            histogram(
                metric,
                attributes,
                point,
                histogram.addDataPointsBuilder().setStartTimeUnixNano(startNanos),
                timeNanos));
      } else {
        Sum.Builder sum =
            sent.getSumBuilder().setAggregationTemporality(temporality).setIsMonotonic(true);
        series.forEach((attributes, point) -> {
          NumberDataPoint.Builder number =
              sum.addDataPointsBuilder()
                  .setStartTimeUnixNano(startNanos)
                  .setTimeUnixNano(timeNanos);
          attributes.forEach((key, value) -> number.addAttributes(pair(key, value)));
          if (metric == Metric.COST) {
            number.setAsDouble(BigDecimal.valueOf(point.count, 9).doubleValue());
          } else {
            number.setAsInt(point.count);
          }
        });
      }
    });
    Resource.Builder from = Resource.newBuilder();
    resource.forEach((key, value) -> from.addAttributes(pair(key, value)));
    return MetricsData.newBuilder()
        .addResourceMetrics(ResourceMetrics.newBuilder().setResource(from).addScopeMetrics(scope))
        .build();
  }

  private static void histogram(
      Metric metric,
      SortedMap<String, String> attributes,
      Point point,
      HistogramDataPoint.Builder sent,
      long timeNanos) {
    sent.setTimeUnixNano(timeNanos).setCount(point.count).setSum(point.sum);
    attributes.forEach((key, value) -> sent.addAttributes(pair(key, value)));
    for (int i = 0; i < point.buckets.length; i++) {
      sent.addBucketCounts(point.buckets[i]);
      if (i < metric.buckets() - 1) {
        sent.addExplicitBounds(metric.bound(i));
      }
    }
  }

  private static KeyValue pair(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
