package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.testkit.ReviewTrace;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.trace.SpanRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// The check as its user sees it, on stores that the test fills.
final class CheckIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET = "T0CANARY/B0CANARY/s3cr3t";

  private final Instant start = Instant.now().minusSeconds(600);

  @TempDir Path folder;
  private Path data;
  private GuardProcess guard;

  @BeforeEach
  void newHome() {
    data = folder.resolve("home/data");
    guard = new GuardProcess(folder.resolve("home")).in(folder);
  }

  private ReviewTrace review(int number) {
    return new ReviewTrace(number, "acme/shop", start);
  }

  private void store(List<SpanRecord> spans) {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data)) {
      store.append(spans);
    }
  }

  /// A thousand operations: one of this latency, one of this cost, so many failed.
  private void thousand(long latencyMs, long nanoUsd, int failed) {
    List<SpanRecord> spans = new ArrayList<>();
    for (int i = 0; i < 998; i++) {
      spans.addAll(
          (i < failed ? review(i).failedOperation("fetch", 5) : review(i).operation("fetch", 5))
              .spans());
    }
    spans.addAll(review(998).operation("architect", latencyMs).spans());
    spans.addAll(review(999).modelOperation("nitpicker", 900, "m", 900, 9, 0, nanoUsd).spans());
    store(spans);
  }

  private static Map<String, String> states(JsonNode report) {
    Map<String, String> states = new TreeMap<>();
    report
        .path("rules")
        .forEach(rule -> states.put(rule.path("id").asText(), rule.path("state").asText()));
    return states;
  }

  @Test
  void thresholds_areBreachedBeyondThem_withTheTracesToBlame() throws IOException {
    thousand(3_001, 10_100_000, 51);

    Result result = guard.run("check", "--since", "1h", "--format", "json");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(1);
    JsonNode report = JSON.readTree(result.out());
    assertThat(states(report))
        .containsEntry("operation-latency", "BREACHED")
        .containsEntry("operation-cost", "BREACHED")
        .containsEntry("error-rate", "BREACHED")
        .containsEntry("success-rate", "fine")
        .containsEntry("slo-latency", "fine")
        .containsEntry("slo-cost-burn-3d", "fine")
        .containsEntry("unpriced-model", "fine")
        .containsEntry("no-telemetry", "fine");
    JsonNode latency = report.path("rules").get(0);
    assertThat(latency.path("threshold").asDouble()).isEqualTo(3_000);
    assertThat(latency.path("windowSeconds").asLong()).isEqualTo(3_600);
    assertThat(latency.path("readings").toString())
        .contains("{\"series\":\"architect\",\"value\":3001.0,\"breached\":true}");
    assertThat(latency.path("traces").get(0).path("traceId").asText())
        .isEqualTo(review(998).traceId());

    String text = guard.run("check", "--since", "1h").out();
    assertThat(text)
        .containsPattern("BREACHED +operation-latency +3001 ms \\(architect\\) +at most 3000 ms")
        .containsPattern("BREACHED +operation-cost +0\\.0101 USD \\(nitpicker\\) +at most 0\\.01 ")
        .containsPattern("BREACHED +error-rate +5\\.1% +at most 5% in 1h")
        .contains("trace " + review(999).traceId())
        .contains("3 of 19 rules breached");
  }

  @Test
  void thresholds_areNotBreachedOnThem() {
    thousand(3_000, 10_000_000, 50);

    Result result = guard.run("check");

    assertThat(result.out()).contains("0 of 19 rules breached").doesNotContain("BREACHED");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void emptyStore_isSaidPlainly_andIsNoTelemetry() throws Exception {
    Result text = guard.run("check");
    assertThat(text.out())
        .startsWith("No data: no review left a trace in the last 30d in store " + data)
        .containsPattern("BREACHED +no-telemetry +0 +at least 1 in 1d")
        .contains("1 of 19 rules breached, 18 without data");
    assertThat(text.exitCode()).isEqualTo(1);

    Result xml = guard.run("check", "--format", "junit");
    Element suite =
        DocumentBuilderFactory.newNSInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.out().getBytes(StandardCharsets.UTF_8)))
            .getDocumentElement();
    assertThat(suite.getAttribute("tests")).isEqualTo("19");
    assertThat(suite.getAttribute("skipped")).isEqualTo("18");
    NodeList failures = suite.getElementsByTagName("failure");
    assertThat(failures.getLength()).isEqualTo(1);
    assertThat(((Element) failures.item(0).getParentNode()).getAttribute("name"))
        .isEqualTo("no-telemetry");

    Result markdown = guard.run("check", "--format", "markdown");
    assertThat(markdown.out()).contains("| ❌ | no-telemetry | 0 |");
  }

  @Test
  void budgets_areThoseOfTheConfiguration() throws IOException {
    store(review(1).modelOperation("nitpicker", 900, "m", 900, 9, 0, 2_000_000L).spans());
    Files.writeString(data.resolve("config.yml"), "budget: {day_usd: 0.0019, month_usd: 0.002}\n");

    Result result = guard.run("check");

    assertThat(result.out())
        .containsPattern("BREACHED +budget-daily +0\\.002 USD +at most 0\\.0019 USD in 1d")
        .containsPattern("fine +budget-monthly +0\\.002 USD +at most 0\\.002 USD in 30d");
  }

  @Test
  void webhook_isToldOnceOfABreach_andAgainAfterTheCoolDown() throws IOException {
    store(new ReviewTrace(7, "acme/<!channel>", start).operation("fetch", 3_001).spans());
    try (TestHttpServer server = TestHttpServer.start(_ -> Answer.json(200, "ok"))) {
      String[] check = {"check", "--notify", server.uri() + "/services/" + SECRET};

      Result first = guard.run(check);
      Result second = guard.run(check);

      assertThat(first.exitCode()).isEqualTo(1);
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(first.err()).contains("told 127.0.0.1:").doesNotContain("CANARY");
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().getFirst().path()).isEqualTo("/services/" + SECRET);
      JsonNode body = JSON.readTree(server.requests().getFirst().body());
      assertThat(body.path("text").asText())
          .contains("*An operation took more than 3000 ms* (warning): 3001 ms (fetch)")
          .contains("acme/&lt;!channel&gt;")
          .contains("docs/observability.md#operation-latency");
      assertThat(body.path("rules").get(0).path("id").asText()).isEqualTo("operation-latency");

      guard.run("check", "--notify", check[2], "--cool-down", "1ms");
      assertThat(server.requests()).hasSize(2);
    }
    assertThat(Files.readString(data.resolve("check/told.json"))).doesNotContain("CANARY");
  }

  @Test
  void checksAtTheSameTime_tellOnce() {
    store(review(7).operation("fetch", 3_001).spans());
    Answer slow = new Answer.Delayed(Duration.ofMillis(500), Answer.json(200, "ok"));
    try (TestHttpServer server = TestHttpServer.start(_ -> slow)) {
      guard.env("PR_GUARD_WEBHOOK", server.uri() + "/" + SECRET);

      List<Integer> exitCodes =
          Stream.of(1, 2, 3).parallel().map(_ -> guard.run("check").exitCode()).toList();

      assertThat(exitCodes).containsOnly(1);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void webhookThatFails_isOneLineWithoutItsAddress_andIsTriedAgain() {
    store(review(7).operation("fetch", 3_001).spans());
    AtomicInteger status = new AtomicInteger(500);
    try (TestHttpServer server = TestHttpServer.start(_ -> Answer.json(status.get(), "no"))) {
      guard.env("PR_GUARD_WEBHOOK", server.uri() + "/" + SECRET);

      Result refused = guard.run("check", "--debug");
      status.set(204);
      Result taken = guard.run("check");

      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.err().lines().findFirst().orElseThrow())
          .matches("pr-guard: check: the webhook at 127.0.0.1:\\d+ was not told: HTTP 500; .*");
      assertThat(refused.err()).doesNotContain("CANARY");
      assertThat(refused.out()).contains("BREACHED  operation-latency");
      assertThat(taken.exitCode()).isEqualTo(1);
      assertThat(server.requests()).hasSize(2);
    }
    Result nobody = guard.env("PR_GUARD_WEBHOOK", "http://127.0.0.1:1/" + SECRET).run("check");
    assertThat(nobody.exitCode()).isEqualTo(3);
    assertThat(nobody.err())
        .contains("was not told: connection refused")
        .doesNotContain("CANARY")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "check --since yesterday | --since yesterday: not a duration",
        "check --format pdf | --format",
        "check --notify ftp://host/CANARY | --notify: not an address",
        "check --notify http://h/CANARY[ | --notify: not an address",
        "check --cool-down 0s | --cool-down 0s: not a duration",
      })
  void wrongInput_isOneLine(String command, String line) {
    Result result = guard.run(command.split(" ", -1));

    assertThat(result.err()).contains(line).doesNotContain("CANARY").hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(2);
  }
}
