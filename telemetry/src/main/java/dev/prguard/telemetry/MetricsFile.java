package dev.prguard.telemetry;

import dev.prguard.trace.metric.MetricTotals;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// Counters that go on from run to run: a process lives for seconds, and a counter that begins at
/// zero in each of them has no increase for Prometheus to see. `metrics/totals.otlp` in the data
/// folder holds the sums as OTLP, with the instance id and the time since when; a lock beside it
/// lets one process at a time count on.
final class MetricsFile {
  static final String FOLDER = "metrics";
  static final String TOTALS = "totals.otlp";
  static final String INSTANCE = "service.instance.id";

  private final Path folder;

  MetricsFile(Path dataFolder) {
    this.folder = dataFolder.resolve(FOLDER);
  }

  /// Adds what one run counted, and answers all that was counted in this data folder.
  ///
  /// @param run what this run counted; afterwards it holds the sums
  /// @throws IOException when the file cannot be read or written: nothing has changed then
  MetricsData countOn(
      MetricTotals run, Map<String, String> resource, long startNanos, long nowNanos)
      throws IOException {
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      String instance = UUID.randomUUID().toString();
      long since = startNanos;
      try {
        MetricsData before = MetricsData.parseFrom(Files.readAllBytes(folder.resolve(TOTALS)));
        instance = instance(before, instance);
        since = since(before, since);
        OtlpMetrics.addTo(run, before);
      } catch (NoSuchFileException e) {
        // The first run here.
      }
      Map<String, String> own = new LinkedHashMap<>(resource);
      own.putIfAbsent(INSTANCE, instance);
      MetricsData data =
          OtlpMetrics.data(
              run, own, AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE, since, nowNanos);
      Path draft = Files.createTempFile(folder, TOTALS, ".tmp");
      try {
        Files.write(draft, data.toByteArray());
        Files.move(draft, folder.resolve(TOTALS), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
      return data;
    }
  }

  private static String instance(MetricsData data, String otherwise) {
    for (KeyValue pair : data.getResourceMetrics(0).getResource().getAttributesList()) {
      if (pair.getKey().equals(INSTANCE)) {
        return pair.getValue().getStringValue();
      }
    }
    return otherwise;
  }

  private static long since(MetricsData data, long otherwise) {
    for (var metric : data.getResourceMetrics(0).getScopeMetrics(0).getMetricsList()) {
      for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
        return point.getStartTimeUnixNano();
      }
    }
    return otherwise;
  }
}
