package dev.prguard.telemetry;

import static dev.prguard.telemetry.OtlpTestReceiver.accept;
import static dev.prguard.telemetry.OtlpTestReceiver.partial;
import static dev.prguard.telemetry.OtlpTestReceiver.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.testkit.TestHttpServer.Request;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Metrics say the same as the spans that they are counted from.
class ReviewMetricsTest {
  private static final Duration FLUSH = Duration.ofSeconds(5);

  @TempDir Path folder;
  private final DurableTestStore store = new DurableTestStore();

  private Telemetry telemetry(OtlpTestReceiver receiver, Map<String, String> more) {
    Map<String, String> env = new HashMap<>(more);
    env.put("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", receiver.url() + "/v1/metrics");
    return Telemetry.start(TelemetryConfig.from(env, "1.2.3"), store, folder);
  }

  /// A review of one call: 1,586 prompt and 714 completion tokens of gpt-4o-mini.
  private static void review(Tracer tracer, String number) {
    Span root =
        tracer
            .spanBuilder("pr_review.workflow")
            .setAttribute("operation.type", "workflow")
            .setAttribute("pr.repository", "acme/shop")
            .setAttribute("pr.number", Long.parseLong(number))
            .setAttribute("workflow.status", "reviewed")
            .setAttribute("issues.found", 6L)
            .setAttribute("issues.critical", 1L)
            .setAttribute("issues.high", 2L)
            .startSpan();
    tracer
        .spanBuilder("nitpicker.analyze")
        .setAttribute("operation.type", "nitpicker")
        .setAttribute("pr.repository", "acme/shop")
        .setAttribute("cost.model", "gpt-4o-mini")
        .setAttribute("cost.nano_usd", 666_300L)
        .startSpan()
        .end();
    tracer
        .spanBuilder("chat gpt-4o-mini")
        .setAttribute("gen_ai.operation.name", "chat")
        .setAttribute("gen_ai.provider.name", "openai")
        .setAttribute("gen_ai.request.model", "gpt-4o-mini")
        .setAttribute("gen_ai.response.model", "gpt-4o-mini-2024-07-18")
        .setAttribute("server.address", "models.acme.example")
        .setAttribute("server.port", 8443L)
        .setAttribute("gen_ai.usage.input_tokens", 1_586L)
        .setAttribute("gen_ai.usage.output_tokens", 714L)
        .startSpan()
        .end();
    tracer
        .spanBuilder("patch.generate")
        .setAttribute("operation.type", "patch")
        .setAttribute("pr.repository", "acme/shop")
        .setAttribute("cost.model", "unknown-model")
        .setAttribute("cost.priced", false)
        .setAttribute("patch.generated", true)
        .setAttribute("patch.verified", false)
        .startSpan()
        .setStatus(StatusCode.ERROR)
        .end();
    root.end();
  }

  @Test
  void close_review_tellsTokensDollarsFindingsAndPatches() {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> accept())) {
      Telemetry telemetry = telemetry(receiver, Map.of());
      review(telemetry.tracer(), "7");

      assertThat(telemetry.close(FLUSH).complete()).isTrue();

      assertThat(telemetry.metricsLine())
          .isEqualTo("metrics: delivered 13 series to " + receiver.host());
      assertThat(receiver.requests()).hasSize(1);
      assertThat(receiver.requests().getFirst().target()).isEqualTo("/v1/metrics");
      Map<String, String> told = told(receiver.requests().getFirst());
      assertThat(told)
          .containsEntry(
              "prguard.cost.usd {USD} cost.model=gpt-4o-mini,operation.type=nitpicker,"
                  + "pr.repository=acme/shop",
              "6.663E-4")
          .containsEntry(
              "prguard.reviews {review} pr.repository=acme/shop,workflow.status=reviewed", "1")
          .containsEntry(
              "prguard.findings {finding} finding.severity=critical,pr.repository=acme/shop", "1")
          .containsEntry(
              "prguard.findings {finding} finding.severity=high,pr.repository=acme/shop", "2")
          .containsEntry(
              "prguard.findings {finding} finding.severity=medium_or_low,pr.repository=acme/shop",
              "3")
          .containsEntry(
              "prguard.patches {patch} patch.outcome=not_verified,pr.repository=acme/shop", "1")
          .containsEntry(
              "prguard.operations.unpriced {operation} cost.model=unknown-model,operation.type=patch",
              "1")
          .containsEntry(
              "gen_ai.client.token.usage {token} gen_ai.operation.name=chat,"
                  + "gen_ai.provider.name=openai,gen_ai.request.model=gpt-4o-mini,"
                  + "gen_ai.response.model=gpt-4o-mini-2024-07-18,gen_ai.token.type=input,"
                  + "server.address=models.acme.example,server.port=(int)8443",
              // 1,024 < 1,586 <= 4,096
              "n=1 sum=1586.0 [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]");
      assertThat(told.keySet())
          .noneMatch(series -> series.contains("pr.number") || series.contains("trace"))
          .anyMatch(series ->
              series.startsWith(
                  "prguard.operation.duration s error.type=failed,operation.type=patch"));
    }
  }

  @Test
  void close_secondRun_countsOn_underTheSameInstance() {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> accept())) {
      for (int run = 0; run < 3; run++) {
        Telemetry telemetry = telemetry(receiver, Map.of());
        review(telemetry.tracer(), Integer.toString(run));
        var _ = telemetry.close(FLUSH);
      }
      List<Request> requests = receiver.requests();
      assertThat(told(requests.get(2)))
          .containsEntry(
              "prguard.reviews {review} pr.repository=acme/shop,workflow.status=reviewed", "3")
          .containsEntry(
              "prguard.cost.usd {USD} cost.model=gpt-4o-mini,operation.type=nitpicker,"
                  + "pr.repository=acme/shop",
              "0.0019989")
          .hasEntrySatisfying(
              "gen_ai.client.operation.duration s gen_ai.operation.name=chat,"
                  + "gen_ai.provider.name=openai,gen_ai.request.model=gpt-4o-mini,"
                  + "gen_ai.response.model=gpt-4o-mini-2024-07-18,"
                  + "server.address=models.acme.example,server.port=(int)8443",
              point -> assertThat(point).startsWith("n=3 "));
      assertThat(requests.stream().map(ReviewMetricsTest::instance).distinct()).hasSize(1);
      assertThat(requests.stream().map(ReviewMetricsTest::start).distinct()).hasSize(1);
    }
  }

  @Test
  void close_receiverDown_saysSo_andTheNextRunTellsBoth() {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> n == 0 ? status(401) : accept())) {
      Telemetry first = telemetry(receiver, Map.of());
      review(first.tracer(), "1");
      var _ = first.close(FLUSH);
      assertThat(first.metricsLine())
          .isEqualTo("metrics: not delivered to " + receiver.host() + " (HTTP 401)");

      Telemetry second = telemetry(receiver, Map.of());
      review(second.tracer(), "2");
      var _ = second.close(FLUSH);
      assertThat(told(receiver.requests().get(1)))
          .containsEntry(
              "prguard.reviews {review} pr.repository=acme/shop,workflow.status=reviewed", "2");
    }
  }

  @Test
  void close_receiverRejectsPoints_isNoSuccess() {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> partial(2, "out of order"))) {
      Telemetry telemetry = telemetry(receiver, Map.of());
      review(telemetry.tracer(), "1");
      var _ = telemetry.close(FLUSH);
      assertThat(telemetry.metricsLine()).contains("not delivered", "2 points", "out of order");
    }
  }

  @Test
  void close_deltaAsked_tellsEachRunAlone() {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> accept())) {
      for (int run = 0; run < 2; run++) {
        Telemetry telemetry =
            telemetry(
                receiver, Map.of("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta"));
        review(telemetry.tracer(), "1");
        var _ = telemetry.close(FLUSH);
      }
      assertThat(receiver.requests())
          .allSatisfy(request -> {
            assertThat(told(request))
                .containsEntry(
                    "prguard.reviews {review} pr.repository=acme/shop,workflow.status=reviewed",
                    "1");
            assertThat(
                    metrics(request).getFirst().hasSum()
                        ? metrics(request).getFirst().getSum().getAggregationTemporality()
                        : metrics(request).getFirst().getHistogram().getAggregationTemporality())
                .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
          });
    }
  }

  @Test
  void close_damagedTotals_areNamed_andNothingIsSent() throws IOException {
    Files.createDirectories(folder.resolve(MetricsFile.FOLDER));
    Files.writeString(folder.resolve("metrics/totals.otlp"), "garbage that is no OTLP");
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> accept())) {
      Telemetry telemetry = telemetry(receiver, Map.of());
      review(telemetry.tracer(), "1");
      var _ = telemetry.close(FLUSH);
      assertThat(telemetry.metricsLine()).contains("not delivered", "damaged");
      assertThat(receiver.requests()).isEmpty();
    }
  }

  @Test
  void series_ofNamesFromOutside_areBounded() {
    MetricsProcessor metrics = new MetricsProcessor();
    Telemetry telemetry = Telemetry.start(TelemetryConfig.from(Map.of(), "1"), store, null);
    for (int i = 0; i < 5_000; i++) {
      telemetry
          .tracer()
          .spanBuilder("nitpicker.analyze")
          .setAttribute("operation.type", "nitpicker")
          .setAttribute("cost.model", "model-" + i)
          .setAttribute("cost.nano_usd", 1L)
          .startSpan()
          .end();
    }
    store.spans().forEach(metrics::count);
    assertThat(metrics.totals().series()).isLessThan(3 * 202);
    var _ = telemetry.close(FLUSH);
  }

  @Test
  void config_metricsOnlyWhereAsked() {
    assertThat(config(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:4318")).metrics()).isNull();
    assertThat(
            config(
                    Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://h:4318/otlp",
                        "OTEL_METRICS_EXPORTER", "otlp"))
                .metrics())
        .extracting(endpoint -> endpoint.uri().toString())
        .isEqualTo("http://h:4318/otlp/v1/metrics");
    assertThat(
            config(Map.of("OTLP_ENDPOINT", "http://h/v1/traces", "OTEL_METRICS_EXPORTER", "otlp"))
                .metrics())
        .extracting(endpoint -> endpoint.uri().toString())
        .isEqualTo("http://h/v1/metrics");
    assertThatThrownBy(
            () -> config(Map.of("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "sometimes")))
        .hasMessageContaining("TEMPORALITY_PREFERENCE: sometimes");
  }

  private static TelemetryConfig config(Map<String, String> env) {
    return TelemetryConfig.from(env, "1");
  }

  private static List<io.opentelemetry.proto.metrics.v1.Metric> metrics(Request request) {
    return parsed(request).getResourceMetrics(0).getScopeMetrics(0).getMetricsList();
  }

  private static ExportMetricsServiceRequest parsed(Request request) {
    try {
      return ExportMetricsServiceRequest.parseFrom(request.body());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("not OTLP", e);
    }
  }

  private static String instance(Request request) {
    return parsed(request).getResourceMetrics(0).getResource().getAttributesList().stream()
        .filter(pair -> pair.getKey().equals("service.instance.id"))
        .map(pair -> pair.getValue().getStringValue())
        .findFirst()
        .orElseThrow();
  }

  private static long start(Request request) {
    return metrics(request).stream()
        .filter(metric -> metric.getName().equals("prguard.reviews"))
        .map(metric -> metric.getSum().getDataPoints(0).getStartTimeUnixNano())
        .findFirst()
        .orElseThrow();
  }

  /// Series as `name unit label=value,...` and what they say.
  private static Map<String, String> told(Request request) {
    Map<String, String> told = new HashMap<>();
    for (var metric : metrics(request)) {
      String name = metric.getName() + " " + metric.getUnit() + " ";
      for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
        told.put(
            name + labels(point.getAttributesList()),
            point.hasAsInt()
                ? Long.toString(point.getAsInt())
                : Double.toString(point.getAsDouble()));
      }
      for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
        told.put(
            name + labels(point.getAttributesList()),
            "n=" + point.getCount() + " sum=" + point.getSum() + " " + point.getBucketCountsList());
      }
    }
    return told;
  }

  private static String labels(List<KeyValue> pairs) {
    List<String> labels = new ArrayList<>();
    for (KeyValue pair : pairs) {
      AnyValue value = pair.getValue();
      labels.add(
          pair.getKey()
              + "="
              + (value.hasIntValue() ? "(int)" + value.getIntValue() : value.getStringValue()));
    }
    return String.join(",", labels);
  }
}
