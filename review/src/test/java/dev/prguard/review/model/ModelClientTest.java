package dev.prguard.review.model;

import static dev.prguard.review.model.ModelTestBed.openAi;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.cost.Budget;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.ModelCall;
import dev.prguard.review.cost.TokenUsage;
import dev.prguard.review.model.Answer.FailureReason;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.trace.GenAiAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelClientTest {
  private static final Prompt PROMPT =
      new Prompt("You review.", "The code.", new AnswerSchema("a", "{\"type\":\"object\"}"), 1000);
  private static final TestHttpServer.Answer GOOD = openAi("fine", "stop");
  private static final TestHttpServer.Answer BROKEN_SERVER =
      TestHttpServer.Answer.json(500, "{\"error\":{\"message\":\"boom\"}}");

  private static AttributeKey<Long> number(String key) {
    return AttributeKey.longKey(key);
  }

  private static String text(SpanData span, String key) {
    return String.valueOf(span.getAttributes().get(AttributeKey.stringKey(key)));
  }

  @Test
  void chat_isOneSpanOneCallAndTheRightMoney() {
    try (ModelTestBed bed = ModelTestBed.of(GOOD)) {
      CallScope scope = bed.scope();
      assertThat(bed.client("openai/gpt-4o-mini").chat(PROMPT, scope))
          .isEqualTo(new Answer.Complete("fine", "stop"));

      assertThat(scope.calls())
          .singleElement()
          .satisfies(call -> {
            assertThat(call.provider()).isEqualTo("openai");
            assertThat(call.model()).isEqualTo("gpt-4o-mini-2024-07-18");
            assertThat(call.usage()).isEqualTo(TokenUsage.of(1586, 714));
            assertThat(call.cost()).isEqualTo(Cost.ofNanoUsd(666_300));
            assertThat(call.priceId()).isEqualTo("gpt-4o-mini@2026-08-21");
          });
      SpanData span = bed.spans().getFirst();
      assertThat(bed.spans()).hasSize(1);
      assertThat(span.getName()).isEqualTo("chat gpt-4o-mini");
      assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
      assertThat(span.getParentSpanId()).isEqualTo(bed.operation.getSpanContext().getSpanId());
      assertThat(span.getAttributes().asMap())
          .containsAllEntriesOf(
              Map.of(
                  ModelTestBed.PR_URL,
                  "https://github.com/o/r/pull/1",
                  AttributeKey.stringKey(GenAiAttributes.OPERATION_NAME),
                  "chat",
                  AttributeKey.stringKey(GenAiAttributes.PROVIDER_NAME),
                  "openai",
                  AttributeKey.stringKey(GenAiAttributes.REQUEST_MODEL),
                  "gpt-4o-mini",
                  number(GenAiAttributes.REQUEST_MAX_TOKENS),
                  1000L,
                  AttributeKey.stringKey(GenAiAttributes.RESPONSE_MODEL),
                  "gpt-4o-mini-2024-07-18",
                  AttributeKey.stringKey(GenAiAttributes.RESPONSE_ID),
                  "chatcmpl-1",
                  AttributeKey.stringArrayKey(GenAiAttributes.RESPONSE_FINISH_REASONS),
                  List.of("stop"),
                  number(GenAiAttributes.USAGE_INPUT_TOKENS),
                  1586L,
                  AttributeKey.doubleKey(GenAiAttributes.USAGE_COST),
                  0.0006663))
          .containsAllEntriesOf(
              Map.of(
                  number(GenAiAttributes.USAGE_OUTPUT_TOKENS),
                  714L,
                  AttributeKey.stringKey(GenAiAttributes.SERVER_ADDRESS),
                  "127.0.0.1",
                  number(GenAiAttributes.SERVER_PORT),
                  (long) bed.server.uri().getPort()));
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
      assertThat(span.toString()).doesNotContain("The code.", ModelTestBed.KEY);
    }
  }

  @Test
  void chat_sendsKeySchemaAndLimitToOpenAi() {
    try (ModelTestBed bed = ModelTestBed.of(GOOD)) {
      bed.client("openai/gpt-4o-mini").chat(PROMPT, bed.scope());
      bed.client("openai/gpt-5-mini").chat(PROMPT, bed.scope());
      TestHttpServer.Request request = bed.server.requests().getFirst();
      assertThat(request.path()).isEqualTo("/v1/chat/completions");
      assertThat(request.headers()).containsEntry("authorization", "Bearer " + ModelTestBed.KEY);
      assertThat(request.text().replaceAll("\\s", ""))
          .contains("\"max_tokens\":1000", "\"json_schema\"", "\"strict\":true")
          .doesNotContain("temperature");
      assertThat(bed.server.requests().get(1).text().replaceAll("\\s", ""))
          .contains("\"max_completion_tokens\":1000")
          .doesNotContain("\"max_tokens\"");
    }
  }

  @Test
  void chat_waitsAsLongAsTheProviderAsks() {
    TestHttpServer.Answer.Reply busy = TestHttpServer.Answer.json(429, "{}");
    try (ModelTestBed bed = ModelTestBed.of(busy.header("retry-after", "7"), GOOD)) {
      CallScope scope = bed.scope();
      assertThat(bed.client("openai/gpt-4o-mini").chat(PROMPT, scope))
          .isInstanceOf(Answer.Complete.class);
      assertThat(bed.waits)
          .singleElement()
          .satisfies(
              wait -> assertThat(wait).isBetween(Duration.ofSeconds(7), Duration.ofMillis(7250)));
      assertThat(scope.calls())
          .extracting(ModelCall::cost)
          .containsExactly(Cost.zero(), Cost.ofNanoUsd(666_300));
      assertThat(bed.spans()).hasSize(2);
      SpanData refused = bed.spans().getFirst();
      assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(text(refused, GenAiAttributes.ERROR_TYPE)).isEqualTo("429");
    }
  }

  @Test
  void chat_understandsADateToRetryAfter() {
    TestHttpServer.Answer.Reply busy = TestHttpServer.Answer.json(503, "{}");
    try (ModelTestBed bed =
        ModelTestBed.of(busy.header("retry-after", "Fri, 20 Nov 2026 12:00:30 GMT"), GOOD)) {
      bed.client("openai/gpt-4o-mini").chat(PROMPT, bed.scope());
      assertThat(bed.waits.getFirst()).isBetween(Duration.ofSeconds(30), Duration.ofMillis(30250));
    }
  }

  @Test
  void chat_givesUpWhenTheNextTryIsPastTheDeadline() {
    TestHttpServer.Answer.Reply busy = TestHttpServer.Answer.json(429, "{}");
    try (ModelTestBed bed = ModelTestBed.of(busy.header("retry-after", "3600"))) {
      Answer answer = bed.client("openai/gpt-4o-mini").chat(PROMPT, bed.scope());
      assertThat(answer).isInstanceOf(Answer.Failed.class);
      assertThat(((Answer.Failed) answer).reason()).isEqualTo(FailureReason.RATE_LIMIT);
      assertThat(bed.waits).isEmpty();
      assertThat(bed.server.requests()).hasSize(1);
    }
  }

  @Test
  void chat_asksNobodyAfterTheDeadline() {
    try (ModelTestBed bed = ModelTestBed.of(GOOD)) {
      CallScope scope = bed.scope(Budget.unlimited(), Duration.ZERO);
      assertThat(bed.client("openai/gpt-4o-mini").chat(PROMPT, scope))
          .isInstanceOf(Answer.Failed.class);
      assertThat(bed.server.requests()).isEmpty();
      assertThat(scope.calls()).isEmpty();
    }
  }

  @Test
  void chat_triesAtMostAsOftenAsItMay() {
    try (ModelTestBed bed = ModelTestBed.of(BROKEN_SERVER)) {
      CallScope scope = bed.scope();
      assertThat(
              bed.client("openai/gpt-4o-mini", ModelTestBed.settings().withMaxAttempts(3))
                  .chat(PROMPT, scope))
          .isEqualTo(
              new Answer.Failed(FailureReason.SERVER, "openai/gpt-4o-mini answered 500: boom"));
      assertThat(bed.server.requests()).hasSize(3);
      assertThat(bed.spans()).hasSize(3);
      assertThat(scope.calls()).hasSize(3);
      assertThat(scope.cost()).isEqualTo(Cost.zero());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, REQUEST",
    "401, AUTHENTICATION",
    "403, AUTHENTICATION",
    "404, REQUEST",
    "413, REQUEST",
    "302, REQUEST"
  })
  void chat_doesNotRetryWhatCannotGetBetter(int status, FailureReason reason) {
    String body =
        "{\"error\":{\"message\":\"bad "
            + ModelTestBed.KEY
            + "\\n\\u202e hunter2 "
            + "x".repeat(10_000)
            + "\"}}";
    TestHttpServer.Answer refusal =
        TestHttpServer.Answer.json(status, body).header("location", "http://127.0.0.1:1/");
    try (ModelTestBed bed = ModelTestBed.of(refusal)) {
      Answer answer = bed.client("openai/gpt-4o-mini").chat(PROMPT, bed.scope());
      assertThat(bed.server.requests()).hasSize(1);
      assertThat(answer).isInstanceOf(Answer.Failed.class);
      Answer.Failed failed = (Answer.Failed) answer;
      assertThat(failed.reason()).isEqualTo(reason);
      assertThat(failed.message())
          .startsWith("openai/gpt-4o-mini answered " + status + ": bad [key] [REDACTED] xxx")
          .hasSizeLessThan(260);
      assertThat(bed.spans().toString()).doesNotContain(ModelTestBed.KEY, "hunter2");
    }
  }

  @Test
  void chat_doesNotWaitForAnAccountWithoutMoney() {
    TestHttpServer.Answer broke =
        TestHttpServer.Answer.json(429, "{\"error\":{\"code\":\"insufficient_quota\"}}");
    try (ModelTestBed bed = ModelTestBed.of(broke)) {
      bed.client("openai/gpt-4o-mini").chat(PROMPT, bed.scope());
      assertThat(bed.server.requests()).hasSize(1);
    }
  }

  @Test
  void chat_triesAgainAfterAReset() {
    try (ModelTestBed bed = ModelTestBed.of(new TestHttpServer.Answer.Reset(), GOOD)) {
      CallScope scope = bed.scope();
      assertThat(bed.client("openai/gpt-4o-mini").chat(PROMPT, scope))
          .isInstanceOf(Answer.Complete.class);
      assertThat(text(bed.spans().getFirst(), GenAiAttributes.ERROR_TYPE)).isEqualTo("connection");
      assertThat(scope.cost()).isEqualTo(Cost.ofNanoUsd(666_300));
    }
  }

  @Test
  void chat_doesNotKnowTheCostOfAnAnswerThatBrokeOff() {
    TestHttpServer.Answer cut = new TestHttpServer.Answer.Truncated(openAi("fine", "stop"), 60);
    try (ModelTestBed bed = ModelTestBed.of(cut, GOOD)) {
      CallScope scope = bed.scope();
      assertThat(bed.client("openai/gpt-4o-mini").chat(PROMPT, scope))
          .isInstanceOf(Answer.Complete.class);
      assertThat(scope.cost()).isEqualTo(new Cost.Unknown(666_300));
    }
  }

  @Test
  void chat_endsAHangWhereverItHangs() {
    TestHttpServer.Answer hang =
        new TestHttpServer.Answer.Delayed(Duration.ofSeconds(30), openAi("late", "stop"));
    ModelSettings impatient =
        ModelTestBed.settings().withCallTimeout(Duration.ofMillis(200)).withMaxAttempts(2);
    try (ModelTestBed bed = ModelTestBed.of(hang)) {
      CallScope scope = bed.scope();
      long start = System.nanoTime();
      Answer answer = bed.client("openai/gpt-4o-mini", impatient).chat(PROMPT, scope);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(answer)
          .isEqualTo(
              new Answer.Failed(
                  FailureReason.TIMEOUT, "openai/gpt-4o-mini: no answer within 200 ms"));
      assertThat(scope.calls()).hasSize(2);
      // The provider may well have worked, and billed.
      assertThat(scope.cost()).isEqualTo(Cost.unknown());
      assertThat(text(bed.spans().getFirst(), GenAiAttributes.ERROR_TYPE)).isEqualTo("timeout");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "<html>",
        "{\"choices\":[]}",
        "{\"choices\":[{\"message\":{}}]}",
        "\0"
      })
  void chat_neverTakesNonsenseForAnAnswer(String body) {
    try (ModelTestBed bed = ModelTestBed.of(TestHttpServer.Answer.json(200, body))) {
      CallScope scope = bed.scope();
      Answer answer = bed.client("openai/gpt-4o-mini").chat(PROMPT, scope);
      assertThat(answer).isInstanceOf(Answer.Failed.class);
      assertThat(((Answer.Failed) answer).reason()).isEqualTo(FailureReason.BAD_ANSWER);
      assertThat(bed.server.requests()).hasSize(2);
      assertThat(scope.cost()).isEqualTo(Cost.unknown());
    }
  }

  @Test
  void chat_boundsTheSizeOfAnAnswer() {
    TestHttpServer.Answer huge =
        TestHttpServer.Answer.bytes(200, "application/json", new byte[9 << 20]);
    try (ModelTestBed bed = ModelTestBed.of(huge)) {
      assertThat(bed.client("openai/gpt-4o-mini").chat(PROMPT, bed.scope()))
          .isEqualTo(
              new Answer.Failed(
                  FailureReason.BAD_ANSWER, "openai/gpt-4o-mini: the answer is too big"));
      assertThat(bed.server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"length", "content_filter", "tool_calls", "weird"})
  void chat_neverTakesACutAnswerForTheWhole(String finish) {
    try (ModelTestBed bed = ModelTestBed.of(openAi("half of", finish))) {
      assertThat(bed.client("openai/gpt-4o-mini").chat(PROMPT, bed.scope()))
          .isEqualTo(new Answer.Truncated("half of", finish));
    }
  }

  @Test
  void chat_tellsARefusal() {
    TestHttpServer.Answer refusal =
        TestHttpServer.Answer.json(
            200,
            """
            {"model":"gpt-4o-mini","choices":[{"message":{"role":"assistant","content":null,
             "refusal":"I can't help with that"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}
            """);
    try (ModelTestBed bed = ModelTestBed.of(refusal)) {
      CallScope scope = bed.scope();
      assertThat(bed.client("openai/gpt-4o-mini").chat(PROMPT, scope))
          .isEqualTo(new Answer.Refused("openai/gpt-4o-mini refused to answer"));
      assertThat(scope.tokens()).isEqualTo(TokenUsage.of(10, 5));
      assertThat(bed.server.requests()).hasSize(1);
    }
  }

  @Test
  void chat_asksWithoutSchemaWhereTheServerKnowsNone() {
    TestHttpServer.Answer refusal =
        TestHttpServer.Answer.json(
            400, "{\"error\":{\"message\":\"response_format is not supported\"}}");
    try (ModelTestBed bed = ModelTestBed.of(refusal, GOOD)) {
      ModelClient client = bed.client("openai/gpt-4o-mini");
      assertThat(client.chat(PROMPT, bed.scope())).isInstanceOf(Answer.Complete.class);
      client.chat(PROMPT, bed.scope());
      assertThat(bed.server.requests()).hasSize(3);
      assertThat(bed.server.requests().get(1).text()).doesNotContain("json_schema");
      assertThat(bed.server.requests().get(2).text()).doesNotContain("json_schema");
    }
  }

  @Test
  void chat_refusesWhatCouldGoOverTheBudget() {
    try (ModelTestBed bed = ModelTestBed.of(GOOD)) {
      // 1000 tokens of output alone are 600,000 nano-dollars.
      CallScope poor = bed.scope(Budget.ofNanoUsd(599_999));
      assertThat(bed.client("openai/gpt-4o-mini").chat(PROMPT, poor))
          .isEqualTo(
              new Answer.Failed(
                  FailureReason.OVER_BUDGET,
                  "over budget: the limit of $0.000599999 a review (review_usd)"
                      + " has no room for this call"));
      assertThat(bed.server.requests()).isEmpty();
      CallScope rich = bed.scope(Budget.ofNanoUsd(700_000));
      assertThat(bed.client("openai/gpt-4o-mini").chat(PROMPT, rich))
          .isInstanceOf(Answer.Complete.class);
      assertThat(rich.budget().spentNanoUsd()).isEqualTo(666_300);
    }
  }

  @Test
  void chat_asksForAShorterAnswerWhereTheBudgetHoldsNoLongOne() {
    Prompt wordy = new Prompt("You review.", "The code.", null, 8000);
    try (ModelTestBed bed = ModelTestBed.of(GOOD)) {
      CallScope scope = bed.scope(Budget.ofNanoUsd(1_300_000));
      assertThat(bed.client("openai/gpt-4o-mini").chat(wordy, scope))
          .isInstanceOf(Answer.Complete.class);
      assertThat(bed.server.requests().getFirst().text().replaceAll("\\s", ""))
          .contains("\"max_tokens\":2000");
    }
  }

  @Test
  void chat_needsNoKeyAtAServerOfOnesOwn() {
    try (ModelTestBed bed = ModelTestBed.of(GOOD);
        ModelClient client =
            ModelClient.open(
                ModelId.parse("openai/local"),
                ModelTestBed.settings(),
                Map.of("OPENAI_BASE_URL", bed.server.uri() + "/v1"),
                text -> text)) {
      assertThat(client.chat(PROMPT, bed.scope())).isInstanceOf(Answer.Complete.class);
      assertThat(bed.server.requests().getFirst().headers()).doesNotContainKey("authorization");
    }
  }

  @Test
  void chat_refusesAnUnknownPriceUnderABudget() {
    try (ModelTestBed bed = ModelTestBed.of(GOOD)) {
      Answer answer =
          bed.client("openai/my-finetune").chat(PROMPT, bed.scope(Budget.ofNanoUsd(1L << 50)));
      assertThat(answer.toString())
          .contains("OVER_BUDGET", "price of openai/my-finetune is unknown");
      assertThat(bed.server.requests()).isEmpty();
    }
  }

  @Test
  void chat_putsContentOnSpansOnlyWhenToldTo() {
    try (ModelTestBed bed = ModelTestBed.of(openAi("password is hunter2", "stop"))) {
      bed.client("openai/gpt-4o-mini", ModelTestBed.settings().withCaptureContent(true))
          .chat(PROMPT, bed.scope());
      SpanData span = bed.spans().getFirst();
      assertThat(text(span, "gen_ai.input.messages"))
          .isEqualTo(
              "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"The code.\"}]}]");
      assertThat(text(span, "gen_ai.output.messages"))
          .isEqualTo(
              "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"password is"
                  + " [REDACTED]\"}],\"finish_reason\":\"stop\"}]");
    }
  }
}
