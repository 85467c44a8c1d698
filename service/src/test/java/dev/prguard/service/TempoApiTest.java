package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the golden corpus does not ask: older endpoints, missing parameters, and what is wrong.
class TempoApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<SpanRecord> REVIEW = Reviews.one(7);

  @TempDir static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void start() throws Exception {
    server = RunningServer.start(folder);
    server.post("/v1/traces", OtlpSpans.encode(REVIEW), "content-type", "application/x-protobuf");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = server.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static String q(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void traceById_inBothVersions() throws Exception {
    String id = REVIEW.getFirst().traceId();
    JsonNode first = json("/api/traces/" + id);
    JsonNode second = json("/api/v2/traces/" + id);
    assertThat(first.at("/batches/0/scopeSpans/0/spans")).hasSize(REVIEW.size());
    assertThat(second.at("/trace/resourceSpans/0/scopeSpans/0/spans")).hasSize(REVIEW.size());
    assertThat(server.get("/api/traces/ff").statusCode()).isEqualTo(404);
    assertThat(server.get("/api/v2/traces/ff").statusCode()).isEqualTo(200);
    HttpResponse<String> wrong = server.get("/api/traces/0xyz");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body())
        .isEqualTo(
            "trace IDs can only contain hex characters: invalid character 'x' at position 2");
  }

  /// As tempo-vulture and older Grafanas ask.
  @Test
  void searchByTags_findsTextAndNumbers() throws Exception {
    long end = Instant.now().getEpochSecond() + 1;
    String range = "&start=" + (end - 3600) + "&end=" + end;
    assertThat(json("/api/search?tags=" + q("operation.type=nitpicker") + range).at("/traces"))
        .hasSize(1);
    assertThat(json("/api/search?tags=" + q("pr.number=7 error=true") + range).at("/traces"))
        .isEmpty();
    assertThat(
            json("/api/search?tags=" + q("pr.number=7 pr.repository=\"acme/payments\"") + range)
                .at("/traces"))
        .hasSize(1);
    assertThat(json("/api/search?minDuration=1h" + range).at("/traces")).isEmpty();
    assertThat(server.get("/api/search?tags=" + q("a=1 a=2")).statusCode()).isEqualTo(400);
  }

  @Test
  void aSearchWithoutTimes_isAboutTheLastHour() throws Exception {
    assertThat(json("/api/search?q=" + q("{ span.pr.number = 7 }")).at("/traces")).hasSize(1);
    assertThat(
            json("/api/metrics/query?q=" + q("{ span.pr.number = 7 } | count_over_time()"))
                .at("/series/0/value")
                .asInt())
        .isEqualTo(REVIEW.size());
    assertThat(
            json("/api/metrics/query_range?since=10m&step=1m&q="
                    + q("{ span.pr.number = 7 } | count_over_time()"))
                .at("/series/0/samples")
                .size())
        .isBetween(10, 12);
  }

  @Test
  void tags_ofTheFirstVersion() throws Exception {
    assertThat(json("/api/search/tags").at("/tagNames").toString()).contains("\"cost.usd\"");
    assertThat(json("/api/search/tag/service.name/values").at("/tagValues").toString())
        .isEqualTo("[\"secure-pr-guard\"]");
  }

  @Test
  void quantiles_canBeAskedForExactly() throws Exception {
    String path =
        "/api/metrics/query?q="
            + q(
                "{ span.operation.type = \"architect\" } | quantile_over_time(span.latency.ms, .95)");
    assertThat(json(path + "&quantiles=exact").at("/series/0/value").asDouble()).isEqualTo(4100);
    assertThat(json(path).at("/series/0/value").asDouble()).isEqualTo(8192);
    assertThat(server.get(path + "&quantiles=x").statusCode()).isEqualTo(400);
  }

  @Test
  void wrongParameters_areToldInTemposWords() throws Exception {
    assertThat(server.get("/api/search?limit=x").body())
        .isEqualTo("invalid limit: strconv.Atoi: parsing \"x\": invalid syntax");
    assertThat(server.get("/api/search?q=%7B&start=1&end=2").body())
        .startsWith("invalid TraceQL query: parse error at line 1, col 2");
    assertThat(server.get("/api/metrics/query_range?q=%7B%7D").body())
        .isEqualTo("not a metrics query");
    assertThat(server.get("/api/search?q=" + "a".repeat(140_000)).statusCode()).isEqualTo(400);
  }

  @Test
  void metricsEndpoint_countsSpansForPrometheus() throws Exception {
    String metrics = server.get("/metrics").body();
    assertThat(metrics)
        .contains("pr_guard_spans_received_total " + REVIEW.size())
        .contains("traces_spanmetrics_calls_total{");
    checkWithPromtool(metrics);
    assertThat(server.get("/ready").body()).isEqualTo("ready\n");
    assertThat(server.get("/api/echo").body()).isEqualTo("echo");
  }

  /// Prometheus' own reader, with its lints; Debian's prometheus brings it.
  private static void checkWithPromtool(String metrics) throws Exception {
    Path promtool = Path.of("/usr/bin/promtool");
    if (!Files.isExecutable(promtool)) {
      assertThat(System.getenv("PR_GUARD_REQUIRE_TOOLS")).as("promtool is missing").isNull();
      return;
    }
    Process process =
        new ProcessBuilder(promtool.toString(), "check", "metrics")
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(metrics.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }
}
