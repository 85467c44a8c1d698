package dev.prguard.insight.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.testkit.ReviewTrace;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.trace.SpanRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debian's Prometheus scrapes what a server of this test tells, and evaluates the rules as they
/// are shipped, but every second instead of every minute.
class RealPrometheusTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void scrapedSpans_areSeriesThatTheShippedRulesFireOn() throws Exception {
    Path prometheus = PrometheusTools.require("prometheus");
    SpanMetrics metrics = new SpanMetrics();
    for (SpanRecord span :
        new ReviewTrace(1, "acme/shop", Instant.now())
            .operation("fetch", 3_001)
            .modelOperation("nitpicker", 900, "gpt-4o-mini", 1_000, 100, 0, 10_000_000L)
            .spans()) {
      metrics.count(span);
    }
    try (TestHttpServer target =
        TestHttpServer.start(_ -> Answer.bytes(200, SpanMetrics.contentType(), text(metrics)))) {
      int port = freePort();
      Process server = start(prometheus, target.uri(), port);
      try {
        URI api = URI.create("http://127.0.0.1:" + port);
        JsonNode calls =
            await(
                api,
                "/api/v1/query?query="
                    + URLEncoder.encode(
                        "sum by (service, span_name, operation_type, cost_model, pr_repository)"
                            + " (traces_spanmetrics_calls_total{span_kind=\"SPAN_KIND_INTERNAL\"})",
                        StandardCharsets.UTF_8),
                answer -> answer.path("result").size() == 3);
        assertThat(calls.path("result").toString())
            .contains(
                "{\"cost_model\":\"gpt-4o-mini\",\"operation_type\":\"nitpicker\","
                    + "\"pr_repository\":\"acme/shop\",\"service\":\"secure-pr-guard\","
                    + "\"span_name\":\"nitpicker.analyze\"}");
        Map<String, String> firing = new TreeMap<>();
        JsonNode alerts =
            await(
                api,
                "/api/v1/alerts",
                // Before the first scrape there is no telemetry.
                answer -> {
                  List<String> names = answer.path("alerts").findValuesAsText("alertname");
                  return names.contains("PrGuardOperationLatency")
                      && !names.contains("PrGuardNoTelemetry");
                });
        for (JsonNode alert : alerts.path("alerts")) {
          if (alert.path("state").asText().equals("firing")) {
            JsonNode labels = alert.path("labels");
            firing.put(labels.path("alertname").asText(), labels.path("operation_type").asText());
          }
        }
        // The operation of exactly 0.01 USD is on its threshold.
        assertThat(firing)
            .containsEntry("PrGuardOperationLatency", "fetch")
            .doesNotContainKey("PrGuardOperationCost");
        JsonNode rules = await(api, "/api/v1/rules", answer -> true);
        assertThat(new TreeSet<>(rules.findValuesAsText("health"))).containsExactly("ok");
        JsonNode cost =
            await(api, "/api/v1/query?query=prguard_cost_usd_total%3E0", answer -> true);
        assertThat(cost.path("result").path(0).path("value").path(1).asText()).isEqualTo("0.01");
      } finally {
        server.destroy();
        assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private Process start(Path prometheus, URI target, int port) throws IOException {
    String rules =
        Files.readString(Path.of("..", "grafana", "prometheus", "secure-pr-guard.rules.yaml"));
    Files.writeString(folder.resolve("rules.yaml"), rules.replace("interval: 1m", "interval: 1s"));
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            scrape_configs:
              - job_name: pr-guard
                static_configs: [{targets: ["%s"]}]
            """
                .formatted(target.getAuthority()));
    return new ProcessBuilder(
            prometheus.toString(),
            "--config.file=" + config,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port,
            "--log.level=error")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static byte[] text(SpanMetrics metrics) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      metrics.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toByteArray();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// The `data` of the first answer that will do.
  private JsonNode await(URI api, String path, Predicate<JsonNode> enough) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    String last = "";
    while (Instant.now().isBefore(deadline)) {
      try {
        last =
            client
                .send(HttpRequest.newBuilder(api.resolve(path)).build(), BodyHandlers.ofString())
                .body();
        if (last.startsWith("{")) {
          JsonNode data = JSON.readTree(last).path("data");
          if (enough.test(data)) {
            return data;
          }
        }
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      Thread.sleep(200);
    }
    throw new AssertionError(path + ": " + last + "\n" + Files.readString(folder.resolve("log")));
  }
}
