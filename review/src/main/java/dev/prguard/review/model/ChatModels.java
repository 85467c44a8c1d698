package dev.prguard.review.model;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.util.Map;

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
}
