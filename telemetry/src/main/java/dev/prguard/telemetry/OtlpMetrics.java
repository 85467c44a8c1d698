package dev.prguard.telemetry;

import dev.prguard.trace.GenAiAttributes;
import dev.prguard.trace.metric.Metric;
import dev.prguard.trace.metric.MetricTotals;
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
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was counted, to OTLP and back.
final class OtlpMetrics {
  private OtlpMetrics() {}

  /// Adds what OTLP data of our own says; foreign metrics and points of another shape are left out.
  static void addTo(MetricTotals totals, MetricsData data) {
    for (ResourceMetrics resource : data.getResourceMetricsList()) {
      for (ScopeMetrics scope : resource.getScopeMetricsList()) {
        for (io.opentelemetry.proto.metrics.v1.Metric sent : scope.getMetricsList()) {
          for (Metric metric : Metric.values()) {
            if (metric.metricName().equals(sent.getName())) {
              add(totals, metric, sent);
            }
          }
        }
      }
    }
  }

  private static void add(
      MetricTotals totals, Metric metric, io.opentelemetry.proto.metrics.v1.Metric sent) {
    for (NumberDataPoint number : sent.getSum().getDataPointsList()) {
      if (!metric.isHistogram()) {
        long amount =
            metric == Metric.COST
                ? BigDecimal.valueOf(number.getAsDouble()).movePointRight(9).longValue()
                : number.getAsInt();
        totals.add(metric, Math.max(0, amount), attributes(number.getAttributesList()));
      }
    }
    for (HistogramDataPoint histogram : sent.getHistogram().getDataPointsList()) {
      if (metric.isHistogram() && histogram.getBucketCountsCount() == metric.buckets()) {
        long[] buckets =
            histogram.getBucketCountsList().stream().mapToLong(Long::longValue).toArray();
        totals.add(
            metric,
            histogram.getCount(),
            histogram.getSum(),
            buckets,
            attributes(histogram.getAttributesList()));
      }
    }
  }

  private static SortedMap<String, String> attributes(Iterable<KeyValue> pairs) {
    SortedMap<String, String> attributes = new TreeMap<>();
    for (KeyValue pair : pairs) {
      AnyValue value = pair.getValue();
      attributes.put(
          pair.getKey(),
          value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue());
    }
    return attributes;
  }

  /// @param startNanos since when was counted, ns since the epoch
  static MetricsData data(
      MetricTotals totals,
      Map<String, String> resource,
      AggregationTemporality temporality,
      long startNanos,
      long timeNanos) {
    ScopeMetrics.Builder scope =
        ScopeMetrics.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("dev.prguard"));
    totals
        .points()
        .forEach((metric, series) -> {
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
                number.setAsDouble(BigDecimal.valueOf(point.count(), 9).doubleValue());
              } else {
                number.setAsInt(point.count());
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
      MetricTotals.Point point,
      HistogramDataPoint.Builder sent,
      long timeNanos) {
    sent.setTimeUnixNano(timeNanos).setCount(point.count()).setSum(point.sum());
    attributes.forEach((key, value) -> sent.addAttributes(pair(key, value)));
    for (int i = 0; i < metric.buckets(); i++) {
      sent.addBucketCounts(point.bucket(i));
      if (i < metric.buckets() - 1) {
        sent.addExplicitBounds(metric.bound(i));
      }
    }
  }

  private static KeyValue pair(String key, String value) {
    AnyValue.Builder typed = AnyValue.newBuilder();
    if (key.equals(GenAiAttributes.SERVER_PORT)) {
      typed.setIntValue(Long.parseLong(value)); // the only label that is no text
    } else {
      typed.setStringValue(value);
    }
    return KeyValue.newBuilder().setKey(key).setValue(typed).build();
  }
}
