package dev.prguard.review.model;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Opens LangChain4j's model of each provider: no retries, no logging, our way to the network.
final class ChatModels {

  private ChatModels() {}

  static ChatModel open(ModelId id, Endpoint endpoint, HttpClientBuilder http) {
    String base = endpoint.base().toString();
    return switch (id.provider()) {
      case OPENAI -> {
        OpenAiChatModel.OpenAiChatModelBuilder builder = openAi(id, base, http);
        yield endpoint.key().isEmpty() ? builder.build() : builder.apiKey(endpoint.key()).build();
      }
      case AZURE -> openAi(id, base, http).customHeaders(Map.of("api-key", endpoint.key())).build();
      case ANTHROPIC ->
          AnthropicChatModel.builder()
              .httpClientBuilder(http)
              .baseUrl(base + '/')
              .apiKey(endpoint.key())
              .modelName(id.model())
              .maxRetries(0)
              .logRequests(false)
              .logResponses(false)
              .build();
      case GEMINI ->
          GoogleAiGeminiChatModel.builder()
              .httpClientBuilder(http)
              .baseUrl(base)
              .apiKey(endpoint.key())
              .modelName(id.model())
              .maxRetries(0)
              .build();
      case OLLAMA ->
          OllamaChatModel.builder()
              .httpClientBuilder(http)
              .baseUrl(base)
              .modelName(id.model())
              .maxRetries(0)
              .build();
    };
  }

  private static OpenAiChatModel.OpenAiChatModelBuilder openAi(
      ModelId id, String base, HttpClientBuilder http) {
    return OpenAiChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(base)
        .modelName(id.model())
        .strictJsonSchema(true)
        .maxRetries(0)
        .logRequests(false)
        .logResponses(false);
  }

  /// The question in LangChain4j's words.
  ///
  /// @param temperature null leaves the provider's own
  static ChatRequest request(
      ModelId id,
      Endpoint endpoint,
      Prompt prompt,
      @Nullable Double temperature,
      boolean withSchema) {
    ResponseFormat format = withSchema ? format(prompt.schema()) : null;
    ChatRequestParameters parameters =
        switch (id.provider()) {
          case OPENAI, AZURE -> {
            OpenAiChatRequestParameters.Builder openAi = OpenAiChatRequestParameters.builder();
            if (wantsCompletionTokens(id, endpoint)) {
              openAi.maxCompletionTokens(prompt.maxOutputTokens());
            } else {
              openAi.maxOutputTokens(prompt.maxOutputTokens());
            }
            yield openAi.temperature(temperature).responseFormat(format).build();
          }
          case ANTHROPIC, GEMINI, OLLAMA ->
              ChatRequestParameters.builder()
                  .maxOutputTokens(prompt.maxOutputTokens())
                  .temperature(temperature)
                  .responseFormat(format)
                  .build();
        };
    return ChatRequest.builder()
        .messages(List.of(SystemMessage.from(prompt.system()), UserMessage.from(prompt.user())))
        .parameters(parameters)
        .build();
  }

  /// Whether the provider can be held to a schema; elsewhere the prompt describes it and the answer
  /// is salvaged.
  static boolean takesSchema(ModelId id) {
    return id.provider() != ModelId.Provider.ANTHROPIC;
  }

  private static @Nullable ResponseFormat format(@Nullable AnswerSchema schema) {
    if (schema == null) {
      return null;
    }
    return ResponseFormat.builder()
        .type(ResponseFormatType.JSON)
        .jsonSchema(
            JsonSchema.builder()
                .name(schema.name())
                .rootElement(JsonRawSchema.from(schema.json()))
                .build())
        .build();
  }

  /// OpenAI's newer models refuse `max_tokens`; other servers of its protocol know nothing else.
  private static boolean wantsCompletionTokens(ModelId id, Endpoint endpoint) {
    return id.provider() == ModelId.Provider.AZURE
        || endpoint.base().getHost().equals("api.openai.com")
        || id.model().startsWith("gpt-5")
        || id.model().matches("o\\d.*");
  }
}
