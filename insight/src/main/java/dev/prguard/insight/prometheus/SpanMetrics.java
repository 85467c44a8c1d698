package dev.prguard.insight.prometheus;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.ReviewAttributes;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.metric.Metric;
import dev.prguard.trace.metric.MetricTotals;
import dev.prguard.trace.metric.ReviewMetrics;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// Spans as Prometheus metrics: what Tempo's metrics generator makes of them
/// (`traces_spanmetrics_*`), which cannot sum an attribute, and the metrics that reviews send by
/// OTLP under the names that Prometheus gives those, so that one set of alert rules fits both. Safe
/// for use by many threads.
public final class SpanMetrics {
  /// What spans are told apart by, besides service, name, kind and status.
  public static final List<String> DIMENSIONS =
      List.of(CostAttributes.OPERATION_TYPE, CostAttributes.MODEL, ReviewAttributes.PR_REPOSITORY);

  private static final List<String> LABELS =
      DIMENSIONS.stream().map(SpanMetrics::sanitized).toList();

  private static final String SERVICE_NAME = "service.name";

  /// A label's values come from outside; what comes on top goes to one series.
  private static final int MAX_SERIES = 2_000;

  private static final Labels OVERFLOW = Labels.of("metric_overflow", "true");

  /// Guarded by this.
  private final Map<Series, Latency> spans = new LinkedHashMap<>();

  /// Guarded by this.
  private final ReviewMetrics metrics = new ReviewMetrics();

  /// What tells spans apart.
  ///
  /// @param dimensions in their order, empty where a span has none; all empty in the overflow
  private record Series(
      String service,
      String name,
      SpanRecord.@Nullable Kind kind,
      SpanRecord.@Nullable Status status,
      List<String> dimensions) {
    static final Series OVERFLOW = new Series("", "", null, null, List.of());

    static Series of(SpanRecord span) {
      String[] dimensions = new String[DIMENSIONS.size()];
      for (int i = 0; i < dimensions.length; i++) {
        dimensions[i] = text(span.attributes(), DIMENSIONS.get(i));
      }
      return new Series(
          text(span.resource(), SERVICE_NAME),
          span.name(),
          span.kind(),
          span.status(),
          List.of(dimensions));
    }

    private static String text(Map<String, AttributeValue> attributes, String key) {
      return attributes.get(key) instanceof StringValue(String text) ? text : "";
    }
  }

  private static final class Latency {
    private final long[] buckets = new long[Metric.DURATION.buckets()];
    private double seconds;
  }

  /// The bounds of the latency's buckets, in seconds.
  public static List<Double> buckets() {
    List<Double> bounds = new ArrayList<>();
    for (int i = 0; i < Metric.DURATION.buckets() - 1; i++) {
      bounds.add(Metric.DURATION.bound(i));
    }
    return List.copyOf(bounds);
  }

  /// Counts one ended span. The caller sees to it that each span comes once.
  public synchronized void count(SpanRecord span) {
    metrics.count(span);
    Series series = Series.of(span);
    Latency latency = spans.get(series);
    if (latency == null) {
      latency =
          spans.computeIfAbsent(
              spans.size() < MAX_SERIES ? series : Series.OVERFLOW, _ -> new Latency());
    }
    double seconds = span.durationNanos() / 1e9;
    latency.seconds += seconds;
    latency.buckets[Metric.DURATION.bucket(seconds)]++;
  }

  /// Writes everything counted so far in Prometheus' text format, version 0.0.4.
  ///
  /// @throws IOException when the stream takes no more
  public void write(OutputStream out) throws IOException {
    PrometheusTextFormatWriter.create().write(out, snapshots(), EscapingScheme.UNDERSCORE_ESCAPING);
  }

  /// The content type of [#write].
  public static String contentType() {
    return PrometheusTextFormatWriter.CONTENT_TYPE;
  }

  private synchronized MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    CounterSnapshot.Builder calls =
        CounterSnapshot.builder().name("traces_spanmetrics_calls").help("Spans.");
    HistogramSnapshot.Builder latency =
        HistogramSnapshot.builder()
            .name("traces_spanmetrics_latency")
            .help("Time of spans, in seconds.");
    spans.forEach((series, of) -> {
      Labels labels = labels(series);
      calls.dataPoint(
          CounterSnapshot.CounterDataPointSnapshot.builder()
              .labels(labels)
              .value((double) Arrays.stream(of.buckets).sum())
              .build());
      latency.dataPoint(
          HistogramSnapshot.HistogramDataPointSnapshot.builder()
              .labels(labels)
              .classicHistogramBuckets(classic(Metric.DURATION, of.buckets))
              .sum(of.seconds)
              .build());
    });
    if (!spans.isEmpty()) {
      all.metricSnapshot(calls.build()).metricSnapshot(latency.build());
    }
    metrics.totals().points().forEach((metric, series) -> add(all, metric, series));
    return all.build();
  }

  private static void add(
      MetricSnapshots.Builder all,
      Metric metric,
      Map<SortedMap<String, String>, MetricTotals.Point> series) {
    String name = sanitized(metric.metricName()) + (metric.unit().equals("s") ? "_seconds" : "");
    if (!metric.isHistogram()) {
      CounterSnapshot.Builder counter =
          CounterSnapshot.builder().name(name).help(metric.description());
      series.forEach((attributes, point) ->
          counter.dataPoint(
              CounterSnapshot.CounterDataPointSnapshot.builder()
                  .labels(labels(attributes))
                  .value(metric == Metric.COST ? point.count() / 1e9 : point.count())
                  .build()));
      all.metricSnapshot(counter.build());
      return;
    }
    HistogramSnapshot.Builder histogram =
        HistogramSnapshot.builder().name(name).help(metric.description());
    series.forEach((attributes, point) -> {
      long[] buckets = new long[metric.buckets()];
      Arrays.setAll(buckets, point::bucket);
      histogram.dataPoint(
          HistogramSnapshot.HistogramDataPointSnapshot.builder()
              .labels(labels(attributes))
              .classicHistogramBuckets(classic(metric, buckets))
              .sum(point.sum())
              .build());
    });
    all.metricSnapshot(histogram.build());
  }

  private static ClassicHistogramBuckets classic(Metric metric, long[] counts) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < counts.length; i++) {
      buckets.bucket(
          i == counts.length - 1 ? Double.POSITIVE_INFINITY : metric.bound(i), counts[i]);
    }
    return buckets.build();
  }

  private static Labels labels(SortedMap<String, String> attributes) {
    Labels.Builder labels = Labels.builder();
    attributes.forEach((key, value) -> labels.label(sanitized(key), value));
    return labels.build();
  }

  /// As Tempo's metrics generator labels a span; a dimension that the span lacks is empty there,
  /// and an empty label is none to Prometheus.
  private static Labels labels(Series series) {
    if (series.equals(Series.OVERFLOW)) {
      return OVERFLOW;
    }
    Labels.Builder labels =
        Labels.builder()
            .label("service", series.service())
            .label("span_name", series.name())
            .label("span_kind", "SPAN_KIND_" + series.kind())
            .label("status_code", "STATUS_CODE_" + series.status());
    for (int i = 0; i < LABELS.size(); i++) {
      if (!series.dimensions().get(i).isEmpty()) {
        labels.label(LABELS.get(i), series.dimensions().get(i));
      }
    }
    return labels.build();
  }

  /// As Prometheus' translation of OTLP names.
  private static String sanitized(String name) {
    return name.replaceAll("[^A-Za-z0-9_]", "_");
  }
}
