package dev.prguard.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.telemetry.TelemetryConfig.Temporality;
import dev.prguard.trace.metric.MetricTotals;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sends the metrics of a run, once, at its end. What does not arrive is not lost where the totals
/// are kept: the next run's are the sums of both.
final class MetricsDelivery {
  private final OtlpEndpoint endpoint;
  private final Temporality temporality;
  private final Map<String, String> resource;
  private final InstantSource clock;
  private final Instant start;

  MetricsDelivery(
      OtlpEndpoint endpoint,
      Temporality temporality,
      Map<String, String> resource,
      InstantSource clock) {
    this.endpoint = endpoint;
    this.temporality = temporality;
    this.resource = resource;
    this.clock = clock;
    this.start = clock.instant();
  }

  /// @param totals what this run counted
  /// @param dataFolder where totals are kept; null where nothing outlives the process
  /// @param timeout at most this long
  /// @return one line for the user
  String send(MetricTotals totals, @Nullable Path dataFolder, Duration timeout) {
    if (totals.isEmpty()) {
      return "metrics: none";
    }
    int series = totals.series();
    try {
      MetricsData data = data(totals, dataFolder);
      series = totals.series();
      return line(series, post(data.toByteArray(), timeout));
    } catch (IOException e) {
      return line(series, "the totals cannot be kept: " + Variables.shown(String.valueOf(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return line(series, "interrupted");
    }
  }

  private MetricsData data(MetricTotals totals, @Nullable Path dataFolder) throws IOException {
    long from = nanos(start);
    // A point has to be later than its start.
    long now = Math.max(from + 1, nanos(clock.instant()));
    if (temporality == Temporality.CUMULATIVE && dataFolder != null) {
      try {
        return new MetricsFile(dataFolder).countOn(totals, resource, from, now);
      } catch (InvalidProtocolBufferException | IndexOutOfBoundsException e) {
        throw new IOException(dataFolder.resolve(MetricsFile.FOLDER) + ": damaged", e);
      }
    }
    Map<String, String> own = new LinkedHashMap<>(resource);
    own.putIfAbsent(MetricsFile.INSTANCE, UUID.randomUUID().toString());
    return OtlpMetrics.data(
        totals,
        own,
        temporality == Temporality.DELTA
            ? AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA
            : AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
        from,
        now);
  }

  /// @return why it failed; null when the receiver took it
  private @Nullable String post(byte[] body, Duration timeout) throws InterruptedException {
    Pace pace = new Pace(endpoint.timeout());
    pace.close(timeout);
    Pace.Attempts attempts = pace.attempts();
    try (OtlpSender sender = OtlpSender.to(endpoint, Signal.METRICS)) {
      while (true) {
        Duration patience = pace.patience();
        if (patience.isZero()) {
          return "no time left";
        }
        switch (sender.send(body, Integer.MAX_VALUE, patience)) {
          case Outcome.Acknowledged(long rejected, String message) -> {
            return rejected == 0 ? null : rejected + " points rejected: " + message;
          }
          case Outcome.Refused(String reason) -> {
            return reason;
          }
          case Outcome.TooLarge() -> {
            return "too large";
          }
          case Outcome.Failed(String reason) -> {
            return reason;
          }
          case Outcome.Unwelcome(String reason) -> {
            return reason;
          }
          case Outcome.Unavailable unavailable -> {
            if (!attempts.again(unavailable.retryAfter(), unavailable.reached())) {
              return unavailable.reason();
            }
          }
        }
      }
    }
  }

  private String line(int series, @Nullable String error) {
    return error == null
        ? "metrics: delivered " + series + " series to " + endpoint.host()
        : "metrics: not delivered to " + endpoint.host() + " (" + error + ")";
  }

  private static long nanos(Instant instant) {
    return ChronoUnit.NANOS.between(Instant.EPOCH, instant);
  }
}
