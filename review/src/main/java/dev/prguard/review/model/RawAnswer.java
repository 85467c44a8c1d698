package dev.prguard.review.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.review.cost.ServiceTier;
import dev.prguard.review.cost.TokenUsage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What the books need of a provider's answer, read from the body itself: LangChain4j drops cache
/// writes of an hour, reasoning of some providers and the provider's own word for the end, and
/// nothing at all is left of an answer that it cannot read.
///
/// @param model the model that answered, empty when not said
/// @param id empty when not said
/// @param finish the provider's word for why it ended, empty when not said
/// @param end what that word means
/// @param tier at whose price it was given
/// @param usage null when the provider did not say, or said nonsense
record RawAnswer(
    String model, String id, String finish, End end, ServiceTier tier, @Nullable TokenUsage usage) {
  static final RawAnswer NONE = new RawAnswer("", "", "", End.UNSAID, ServiceTier.STANDARD, null);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_WORD = 120;

  /// How an answer ended.
  enum End {
    WHOLE,
    CUT,
    REFUSED,
    UNSAID
  }

  static RawAnswer of(ModelId.Provider provider, byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      if (root == null || !root.isObject()) {
        return NONE;
      }
      return switch (provider) {
        case OPENAI, AZURE -> openAi(root);
        case ANTHROPIC -> anthropic(root);
        case GEMINI -> gemini(root);
        case OLLAMA -> ollama(root);
      };
    } catch (IOException e) {
      return NONE;
    }
  }

  private static RawAnswer openAi(JsonNode root) {
    JsonNode choice = root.path("choices").path(0);
    String finish = word(choice.path("finish_reason"));
    String refusal = choice.path("message").path("refusal").asText("");
    End end =
        switch (finish) {
          case "stop" -> End.WHOLE;
          case "" -> End.UNSAID;
          default -> End.CUT;
        };
    JsonNode usage = root.path("usage");
    long prompt = count(usage.path("prompt_tokens"));
    long completion = count(usage.path("completion_tokens"));
    JsonNode in = usage.path("prompt_tokens_details");
    long reasoning = optional(usage.path("completion_tokens_details").path("reasoning_tokens"));
    long total = count(usage.path("total_tokens"));
    if (reasoning > 0 && completion >= 0 && total == prompt + completion + reasoning) {
      // xAI and some others count reasoning beside the completion.
      completion += reasoning;
    }
    return new RawAnswer(
        word(root.path("model")),
        word(root.path("id")),
        finish,
        refusal.isEmpty() || refusal.equals("null") ? end : End.REFUSED,
        // A project's own default may be another than the one that we ask for.
        switch (word(root.path("service_tier"))) {
          case "flex", "batch" -> ServiceTier.BATCH;
          case "priority" -> ServiceTier.OTHER;
          default -> ServiceTier.STANDARD;
        },
        usage(
            prompt,
            completion,
            optional(in.path("cached_tokens")),
            optional(in.path("cache_write_tokens")),
            0,
            reasoning));
  }

  private static RawAnswer anthropic(JsonNode root) {
    String finish = word(root.path("stop_reason"));
    JsonNode usage = root.path("usage");
    long fresh = count(usage.path("input_tokens"));
    long read = optional(usage.path("cache_read_input_tokens"));
    long written = optional(usage.path("cache_creation_input_tokens"));
    long hour = optional(usage.path("cache_creation").path("ephemeral_1h_input_tokens"));
    return new RawAnswer(
        word(root.path("model")),
        word(root.path("id")),
        finish,
        switch (finish) {
          case "end_turn", "stop_sequence" -> End.WHOLE;
          case "refusal" -> End.REFUSED;
          case "" -> End.UNSAID;
          default -> End.CUT;
        },
        ServiceTier.STANDARD,
        // input_tokens leaves out what the cache took part in.
        usage(
            fresh < 0 || read < 0 || written < 0 ? -1 : fresh + read + written,
            count(usage.path("output_tokens")),
            read,
            hour < 0 ? -1 : written - hour,
            hour,
            0));
  }

  private static RawAnswer gemini(JsonNode root) {
    JsonNode candidate = root.path("candidates").path(0);
    String block = word(root.path("promptFeedback").path("blockReason"));
    String finish = block.isEmpty() ? word(candidate.path("finishReason")) : block;
    JsonNode usage = root.path("usageMetadata");
    long prompt = count(usage.path("promptTokenCount"));
    long tools = optional(usage.path("toolUsePromptTokenCount"));
    long thoughts = optional(usage.path("thoughtsTokenCount"));
    // Absent when all went into thinking.
    long candidates = optional(usage.path("candidatesTokenCount"));
    return new RawAnswer(
        word(root.path("modelVersion")),
        word(root.path("responseId")),
        finish,
        !block.isEmpty()
            ? End.REFUSED
            : switch (finish) {
              case "STOP" -> End.WHOLE;
              case "" -> End.UNSAID;
              case "SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "RECITATION" -> End.REFUSED;
              default -> End.CUT;
            },
        ServiceTier.STANDARD,
        usage(
            prompt < 0 || tools < 0 ? -1 : prompt + tools,
            thoughts < 0 || candidates < 0 ? -1 : candidates + thoughts,
            optional(usage.path("cachedContentTokenCount")),
            0,
            0,
            thoughts));
  }

  private static RawAnswer ollama(JsonNode root) {
    String finish = word(root.path("done_reason"));
    boolean done = root.path("done").asBoolean(false);
    JsonNode completion = root.path("eval_count");
    return new RawAnswer(
        word(root.path("model")),
        "",
        finish,
        switch (finish) {
          case "stop" -> End.WHOLE;
          // Old servers give no reason.
          case "" -> done ? End.WHOLE : End.UNSAID;
          default -> End.CUT;
        },
        ServiceTier.STANDARD,
        // prompt_eval_count is left out when the whole prompt was still in memory.
        usage(optional(root.path("prompt_eval_count")), count(completion), 0, 0, 0, 0));
  }

  private static @Nullable TokenUsage usage(
      long prompt, long completion, long read, long write, long hourWrite, long reasoning) {
    if (prompt < 0
        || completion < 0
        || read < 0
        || write < 0
        || hourWrite < 0
        || reasoning < 0
        || read + write + hourWrite > prompt
        || reasoning > completion) {
      return null;
    }
    return new TokenUsage(prompt, completion, read, write, hourWrite, reasoning);
  }

  /// -1 when absent or nonsense.
  private static long count(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0
        ? node.intValue()
        : -1;
  }

  /// 0 when absent, -1 when nonsense.
  private static long optional(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? 0 : count(node);
  }

  private static String word(JsonNode node) {
    String text = node.isTextual() ? node.textValue() : "";
    StringBuilder word = new StringBuilder();
    text.chars()
        .filter(c -> c > ' ' && c < 0x7f)
        .limit(MAX_WORD)
        .forEach(c -> word.append((char) c));
    return word.toString();
  }
}
