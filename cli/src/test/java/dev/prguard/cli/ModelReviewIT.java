package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A review with a model behind an OpenAI-compatible server: findings, fall-back, budget, and books
/// that balance.
final class ModelReviewIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String FINDING =
      """
      {"path":"app.py","line":5,"end_line":5,"quote":"    subprocess.call(\\"convert \\" + name, shell=True)",
       "rule":"resource-exhaustion","severity":"medium","cwe":"CWE-400","title":"No timeout",
       "message":"The call can hang for ever."}
      """;

  @TempDir Path folder;
  private GuardProcess guard;
  private Path diff;

  @BeforeEach
  void newHome() throws IOException {
    guard = new GuardProcess(folder.resolve("home")).in(folder);
    diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);
  }

  /// 1,586 prompt and 714 completion tokens of gpt-4o-mini are 666,300 nano-dollars.
  static Answer completion(String content) {
    return Answer.json(
        200,
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18",
         "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":%s}}],
         "usage":{"prompt_tokens":1586,"completion_tokens":714,"total_tokens":2300}}
        """
            .formatted(JSON.valueToTree(content).toString()));
  }

  private TestHttpServer model(Function<Request, Answer> handler) {
    TestHttpServer server = TestHttpServer.start(handler);
    guard.env("OPENAI_API_KEY", "sk-canary-4242").env("OPENAI_BASE_URL", server.uri() + "/v1");
    return server;
  }

  private Result review(String... more) {
    String[] arguments = new String[more.length + 4];
    List.of("review", diff.toString(), "--json", "-").toArray(arguments);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return guard.run(arguments);
  }

  @Test
  void modelFinding_isAdded_andTheBooksBalance() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    try (TestHttpServer server =
        model(_ -> {
          // The first attempt fails without being billed; the second is the answer.
          return calls.incrementAndGet() == 1
              ? Answer.json(503, "{\"error\":{\"message\":\"busy\"}}").header("retry-after", "0")
              : completion("{\"findings\":[" + FINDING + "],\"count\":1}");
        })) {
      Result result = review("--llm", "openai/gpt-4o-mini");
      JsonNode json = JSON.readTree(result.out());
      assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
      assertThat(json.path("status").asText()).isEqualTo("reviewed");
      assertThat(json.path("findings").findValuesAsText("source")).contains("rule", "model");
      long billed = (server.requests().size() - 1) * 666_300L;
      assertThat(json.path("cost").path("nano_usd").asLong()).isEqualTo(billed);

      List<SpanRecord> spans = trace(json);
      BigDecimal operations = sum(spans, "cost.usd");
      BigDecimal chats = sum(spans, "gen_ai.usage.cost");
      BigDecimal root = sum(spans, "cost.total_usd");
      BigDecimal expected = BigDecimal.valueOf(billed, 9);
      assertThat(operations).isEqualByComparingTo(expected);
      assertThat(chats).isEqualByComparingTo(expected);
      assertThat(root).isEqualByComparingTo(expected);
      assertThat(json.path("cost").path("usd").decimalValue()).isEqualByComparingTo(expected);
      assertThat(guard.run("review", diff.toString(), "--llm", "none", "--fail-on", "none").out())
          .doesNotContain("resource-exhaustion");

      SpanRecord failed =
          spans.stream()
              .filter(span -> span.name().equals("chat gpt-4o-mini"))
              .filter(span -> span.status() == SpanRecord.Status.ERROR)
              .findFirst()
              .orElseThrow();
      assertThat(failed.attributes()).containsEntry("error.type", new StringValue("503"));
      SpanRecord nitpicker = named(spans, "nitpicker.analyze").getFirst();
      assertThat(nitpicker.attributes())
          .containsEntry("cost.model", new StringValue("gpt-4o-mini"))
          .containsEntry("cost.source", new StringValue("price_book"))
          .containsKeys("cost.price_id", "tokens.prompt_ratio", "tokens.per_ms", "latency.api_ms");
      assertThat(nitpicker.attributes().get("cost.tokens.prompt"))
          .isEqualTo(
              new LongValue(
                  1586L
                      * (named(spans, "chat gpt-4o-mini").stream()
                              .filter(s ->
                                  s.parentSpanId() != null
                                      && s.parentSpanId().equals(nitpicker.spanId()))
                              .count()
                          - 1)));
    }
  }

  @Test
  void progress_onATerminal_tellsAgentFilesAndCost() {
    // What the launcher says when standard error is a terminal.
    guard.env("JDK_JAVA_OPTIONS", "-Dprguard.terminal.err=true");
    try (TestHttpServer server = model(_ -> completion("{\"findings\":[],\"count\":0}"))) {
      String progress = review("--llm", "openai/gpt-4o-mini").err();
      assertThat(server.requests()).isNotEmpty();
      assertThat(progress)
          .contains("fetch: reading the change", "nitpicker: asking openai/gpt-4o-mini")
          .containsPattern("nitpicker: asking \\S+ · 1 of 1 files · \\$0\\.0006663\\b");
    }
    assertThat(review("--llm", "none", "-q").err()).doesNotContain("reading the change");
  }

  @Test
  void keyAndCode_neverReachStoreOutputOrPrompt() throws IOException {
    Path leaky =
        Files.writeString(
            folder.resolve("leaky.diff"),
            "--- /dev/null\n+++ b/k.py\n@@ -0,0 +1 @@\n+KEY = \"AKIA" + "Q3EGRIOTB5VXNJ7W\"\n");
    try (TestHttpServer server = model(_ -> completion("{\"findings\":[],\"count\":0}"))) {
      Result result =
          guard.run("review", leaky.toString(), "--llm", "openai/gpt-4o-mini", "--json", "-");
      assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
      assertThat(server.requests()).isNotEmpty();
      String everything =
          result.out()
              + result.err()
              + stored()
              + server.requests().stream().map(Request::text).reduce("", String::concat);
      assertThat(everything).doesNotContain("AKIA" + "Q3EGRIOTB5VXNJ7W", "sk-canary-4242");
    }
  }

  @Test
  void fallBack_isASecondOperation_ofTheOtherModel() throws IOException {
    try (TestHttpServer server =
        model(request ->
            request.text().contains("\"gpt-4o\"")
                ? Answer.json(401, "{\"error\":{\"message\":\"no\"}}")
                : completion("{\"findings\":[],\"count\":0}"))) {
      Result result = review("--llm", "openai/gpt-4o,openai/gpt-4o-mini");
      JsonNode json = JSON.readTree(result.out());
      assertThat(json.path("status").asText()).isEqualTo("reviewed");
      assertThat(server.requests()).isNotEmpty();
      assertThat(named(trace(json), "nitpicker.analyze"))
          .extracting(span -> span.attributes().get("cost.model"))
          .containsExactly(new StringValue("gpt-4o"), new StringValue("gpt-4o-mini"));
    }
  }

  @Test
  void unknownPrice_isNeverZero() throws IOException {
    try (TestHttpServer server =
        model(_ ->
            replaced(
                completion("{\"findings\":[],\"count\":0}"), "gpt-4o-mini-2024-07-18", "acme-9"))) {
      JsonNode json = JSON.readTree(review("--llm", "openai/acme-9").out());
      assertThat(server.requests()).isNotEmpty();
      assertThat(json.path("cost").path("usd").isNull()).isTrue();
      assertThat(json.path("cost").path("priced").asBoolean(true)).isFalse();
      SpanRecord nitpicker = named(trace(json), "nitpicker.analyze").getFirst();
      assertThat(nitpicker.attributes())
          .containsEntry("cost.priced", AttributeValue.of(false))
          .doesNotContainKeys("cost.usd", "cost.nano_usd");
    }
  }

  @Test
  void budget_tooSmall_sendsNothing_andIsPartial() throws IOException {
    try (TestHttpServer server = model(_ -> completion("{\"findings\":[],\"count\":0}"))) {
      Result result = review("--llm", "openai/gpt-4o-mini", "--budget", "0.0000001");
      JsonNode json = JSON.readTree(result.out());
      assertThat(server.requests()).isEmpty();
      assertThat(json.path("status").asText()).isEqualTo("partial");
      assertThat(json.path("findings")).isNotEmpty();
      assertThat(result.out()).contains("over budget");
    }
  }

  @Test
  void dryRun_withoutAKey_saysWhatAModelWouldCost() {
    Result result = guard.run("review", diff.toString(), "--llm", "openai/gpt-4o", "--dry-run");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("nothing was sent", "openai/gpt-4o", "$", "app.py");
  }

  @Test
  void dryRun_saysTokensAndDollars_andSendsNothing() {
    try (TestHttpServer server = model(_ -> completion("{\"findings\":[],\"count\":0}"))) {
      Result result =
          guard.run("review", diff.toString(), "--llm", "openai/gpt-4o-mini", "--dry-run");
      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.out()).contains("gpt-4o-mini", "tokens", "$");
      assertThat(server.requests()).isEmpty();
    }
  }

  private static Answer replaced(Answer answer, String from, String to) {
    Answer.Reply reply = (Answer.Reply) answer;
    return Answer.json(
        reply.status(),
        new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8).replace(from, to));
  }

  private List<SpanRecord> trace(JsonNode json) {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder.resolve("home/data"))) {
      return store.trace(json.path("trace_id").asText());
    }
  }

  private String stored() throws IOException {
    StringBuilder text = new StringBuilder();
    try (var files = Files.walk(folder.resolve("home"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }

  private static List<SpanRecord> named(List<SpanRecord> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  private static BigDecimal sum(List<SpanRecord> spans, String key) {
    return spans.stream()
        .map(span -> span.attributes().get(key))
        .filter(DoubleValue.class::isInstance)
        .map(value -> BigDecimal.valueOf(((DoubleValue) value).value()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
