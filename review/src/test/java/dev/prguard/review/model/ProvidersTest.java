package dev.prguard.review.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.ModelCall;
import dev.prguard.review.cost.TokenUsage;
import dev.prguard.testkit.TestHttpServer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvidersTest {
  private static final Prompt PROMPT =
      new Prompt("You review.", "The code.", ReviewInstructions.SCHEMA, 1000);

  private record Asked(
      Answer answer, ModelCall call, TestHttpServer.Request request, String span) {}

  private static Asked ask(String model, String body) {
    try (ModelTestBed bed = ModelTestBed.of(TestHttpServer.Answer.json(200, body))) {
      CallScope scope = bed.scope();
      Answer answer = bed.client(model).chat(PROMPT, scope);
      return new Asked(
          answer,
          scope.calls().getFirst(),
          bed.server.requests().getFirst(),
          bed.spans().getFirst().toString());
    }
  }

  @Test
  void openAi_countsCachedTokensWithinThePrompt() {
    Asked asked =
        ask(
            "openai/gpt-4o-mini",
            """
            {"model":"gpt-4o-mini","choices":[{"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":2000,"completion_tokens":300,"total_tokens":2300,
             "prompt_tokens_details":{"cached_tokens":1500},"completion_tokens_details":{"reasoning_tokens":100}}}
            """);
    assertThat(asked.call.usage()).isEqualTo(new TokenUsage(2000, 300, 1500, 0, 0, 100));
    assertThat(asked.call.cost()).isEqualTo(Cost.ofNanoUsd(500 * 150 + 1500 * 75 + 300 * 600));
  }

  @Test
  void openAi_addsReasoningThatWasCountedBeside() {
    Asked asked =
        ask(
            "openai/grok-4.5",
            """
            {"model":"grok-4.5","choices":[{"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":35,
             "completion_tokens_details":{"reasoning_tokens":20}}}
            """);
    assertThat(asked.call.usage()).isEqualTo(new TokenUsage(10, 25, 0, 0, 0, 20));
    assertThat(asked.call.cost()).isEqualTo(Cost.unknown());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null",
        "{}",
        "{\"prompt_tokens\":-5,\"completion_tokens\":1}",
        "{\"prompt_tokens\":5,\"completion_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":6}}"
      })
  void openAi_withoutUsageHasAnUnknownCost(String usage) {
    Asked asked =
        ask(
            "openai/gpt-4o-mini",
            "{\"model\":\"gpt-4o-mini\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"ok\"},"
                + "\"finish_reason\":\"stop\"}],\"usage\":"
                + usage
                + "}");
    assertThat(asked.answer).isInstanceOf(Answer.Complete.class);
    assertThat(asked.call.cost()).isEqualTo(Cost.unknown());
    assertThat(asked.span).doesNotContain("gen_ai.usage");
  }

  @Test
  void azure_goesToTheV1EndpointWithItsOwnHeader() {
    Asked asked =
        ask(
            "azure/my-deployment",
            """
            {"model":"gpt-4o-mini-2024-07-18","choices":[{"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000}}
            """);
    assertThat(asked.request.path()).isEqualTo("/openai/v1/chat/completions");
    assertThat(asked.request.headers())
        .containsEntry("api-key", ModelTestBed.KEY)
        .doesNotContainKey("authorization");
    assertThat(asked.call.provider()).isEqualTo("azure.ai.openai");
    assertThat(asked.call.cost()).isEqualTo(Cost.ofNanoUsd(150_000));
  }

  @Test
  void anthropic_addsWhatTheCacheTookPartIn() {
    Asked asked =
        ask(
            "anthropic/claude-haiku-4-5",
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001",
             "content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn",
             "usage":{"input_tokens":100,"cache_read_input_tokens":50,"cache_creation_input_tokens":30,
             "cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":10},"output_tokens":7}}
            """);
    assertThat(asked.answer).isEqualTo(new Answer.Complete("ok", "end_turn"));
    assertThat(asked.request.path()).isEqualTo("/v1/messages");
    assertThat(asked.request.headers()).containsEntry("x-api-key", ModelTestBed.KEY);
    assertThat(asked.call.usage()).isEqualTo(new TokenUsage(180, 7, 50, 20, 10, 0));
    assertThat(asked.call.cost())
        .isEqualTo(Cost.ofNanoUsd(100 * 1000 + 50 * 100 + 20 * 1250 + 10 * 2000 + 7 * 5000));
    assertThat(asked.span).contains("gen_ai.usage.input_tokens=180", "gen_ai.response.id=msg_1");
  }

  @ParameterizedTest
  @CsvSource({
    "max_tokens, Truncated",
    "refusal, Refused",
    "end_turn, Complete",
    "pause_turn, Truncated"
  })
  void anthropic_endsAreTold(String reason, String answer) {
    Asked asked =
        ask(
            "anthropic/claude-haiku-4-5",
            "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-haiku-4-5\","
                + "\"content\":[{\"type\":\"text\",\"text\":\"ok\"}],\"stop_reason\":\""
                + reason
                + "\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
    assertThat(asked.answer.getClass().getSimpleName()).isEqualTo(answer);
  }

  @Test
  void gemini_countsThoughtsAsOutput() {
    Asked asked =
        ask(
            "gemini/gemini-2.5-flash",
            """
            {"candidates":[{"content":{"role":"model","parts":[{"text":"ok"}]},"finishReason":"STOP","index":0}],
             "usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":5,
             "thoughtsTokenCount":20,"totalTokenCount":125},"modelVersion":"gemini-2.5-flash","responseId":"r1"}
            """);
    assertThat(asked.answer).isEqualTo(new Answer.Complete("ok", "STOP"));
    assertThat(asked.request.path()).isEqualTo("/v1beta/models/gemini-2.5-flash:generateContent");
    assertThat(asked.request.target()).doesNotContain(ModelTestBed.KEY);
    assertThat(asked.request.text()).contains("removed-check", "\"maxOutputTokens\"");
    assertThat(asked.call.usage()).isEqualTo(new TokenUsage(100, 25, 40, 0, 0, 20));
    assertThat(asked.call.cost()).isEqualTo(Cost.ofNanoUsd(60 * 300 + 40 * 30 + 25 * 2500));
  }

  @ParameterizedTest
  @CsvSource({"MAX_TOKENS, Truncated", "SAFETY, Refused", "OTHER, Truncated"})
  void gemini_endsAreTold(String reason, String answer) {
    Asked asked =
        ask(
            "gemini/gemini-2.5-flash",
            "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"ok\"}]},\"finishReason\":\""
                + reason
                + "\"}],\"usageMetadata\":{\"promptTokenCount\":1,\"candidatesTokenCount\":1,\"totalTokenCount\":2}}");
    assertThat(asked.answer.getClass().getSimpleName()).isEqualTo(answer);
  }

  @Test
  void gemini_tellsABlockedPrompt() {
    Asked asked =
        ask(
            "gemini/gemini-2.5-flash",
            "{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},"
                + "\"usageMetadata\":{\"promptTokenCount\":9,\"totalTokenCount\":9}}");
    assertThat(asked.answer)
        .isEqualTo(
            new Answer.Refused("gemini/gemini-2.5-flash refused to answer (PROHIBITED_CONTENT)"));
    assertThat(asked.call.usage()).isEqualTo(TokenUsage.of(9, 0));
  }

  @ParameterizedTest
  @CsvSource({"stop, Complete", "length, Truncated"})
  void ollama_countsAndEnds(String reason, String answer) {
    Asked asked =
        ask(
            "ollama/llama3",
            "{\"model\":\"llama3\",\"created_at\":\"2026-11-20T12:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\"ok\"},"
                + "\"done\":true,\"done_reason\":\""
                + reason
                + "\",\"prompt_eval_count\":33,\"eval_count\":4}");
    assertThat(asked.answer.getClass().getSimpleName()).isEqualTo(answer);
    assertThat(asked.request.path()).isEqualTo("/api/chat");
    assertThat(asked.request.text()).contains("removed-check", "num_predict");
    assertThat(asked.call.usage()).isEqualTo(TokenUsage.of(33, 4));
    assertThat(asked.call.cost()).isEqualTo(Cost.unknown());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt-4o-mini| unknown model 'gpt-4o-mini'",
        "acme/gpt| unknown model 'acme/gpt'",
        "openai/| model name of openai is empty",
        "''| unknown model",
        "openai/gpt-4o-mini| needs a key: set OPENAI_API_KEY",
        "azure/d| needs an endpoint: set AZURE_OPENAI_ENDPOINT",
        "anthropic/claude| needs a key: set ANTHROPIC_API_KEY",
        "gemini/gemini| needs a key: set GEMINI_API_KEY"
      })
  void configuration_isRefusedInOneLine(String model, String message) {
    assertThatThrownBy(() -> ModelId.parse(model).requireConfigured(Map.of()))
        .isInstanceOf(ModelConfigException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void configuration_refusesAnAddressWithoutRepeatingIt() {
    Map<String, String> env = Map.of("OPENAI_BASE_URL", "https://me:hunter2@host/v1");
    assertThatThrownBy(() -> ModelId.parse("openai/x").requireConfigured(env))
        .isInstanceOf(ModelConfigException.class)
        .hasMessageStartingWith("OPENAI_BASE_URL is not an address")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI_API_KEY, openai/gpt-4o-mini",
    "ANTHROPIC_API_KEY, anthropic/claude-haiku-4-5",
    "GOOGLE_API_KEY, gemini/gemini-2.5-flash",
  })
  void default_isTheModelOfTheKeyThatIsSet(String variable, String model) {
    assertThat(ModelId.defaultFrom(Map.of(variable, "k"))).map(ModelId::toString).hasValue(model);
    assertThat(ModelId.defaultFrom(Map.of(variable, " "))).isEmpty();
  }
}
