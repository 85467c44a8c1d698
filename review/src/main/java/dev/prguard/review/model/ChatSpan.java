package dev.prguard.review.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.ModelCall;
import dev.prguard.trace.GenAiAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The span of one attempt, by OpenTelemetry's GenAI conventions.
final class ChatSpan {
  private static final int MAX_CONTENT = 2048;
  private static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey(GenAiAttributes.RESPONSE_FINISH_REASONS);

  private final Span span;
  private final boolean captureContent;
  private final String question;

  private ChatSpan(Span span, boolean captureContent, String question) {
    this.span = span;
    this.captureContent = captureContent;
    this.question = question;
  }

  static ChatSpan start(
      ModelId id, Endpoint endpoint, ModelSettings settings, Prompt prompt, CallScope scope) {
    SpanBuilder builder =
        scope
            .tracer()
            .spanBuilder("chat " + id.model())
            .setParent(scope.parent())
            .setSpanKind(SpanKind.CLIENT)
            .setAllAttributes(scope.common())
            .setAttribute(GenAiAttributes.OPERATION_NAME, "chat")
            .setAttribute(GenAiAttributes.PROVIDER_NAME, id.otelName())
            .setAttribute(GenAiAttributes.REQUEST_MODEL, id.model())
            .setAttribute(GenAiAttributes.REQUEST_MAX_TOKENS, prompt.maxOutputTokens())
            .setAttribute(GenAiAttributes.SERVER_ADDRESS, endpoint.base().getHost())
            .setAttribute(GenAiAttributes.SERVER_PORT, endpoint.port());
    if (settings.temperature() != null) {
      builder.setAttribute(GenAiAttributes.REQUEST_TEMPERATURE, settings.temperature());
    }
    return new ChatSpan(builder.startSpan(), settings.captureContent(), prompt.user());
  }

  /// Writes down how it ended.
  ///
  /// @param errorType null when there was no error
  void end(
      RawAnswer raw,
      ModelCall call,
      Answer answer,
      @Nullable String errorType,
      UnaryOperator<String> redactor) {
    if (!raw.model().isEmpty()) {
      span.setAttribute(GenAiAttributes.RESPONSE_MODEL, raw.model());
    }
    if (!raw.id().isEmpty()) {
      span.setAttribute(GenAiAttributes.RESPONSE_ID, raw.id());
    }
    if (!raw.finish().isEmpty()) {
      span.setAttribute(FINISH_REASONS, List.of(raw.finish()));
    }
    if (raw.usage() != null) {
      span.setAttribute(GenAiAttributes.USAGE_INPUT_TOKENS, raw.usage().prompt())
          .setAttribute(GenAiAttributes.USAGE_OUTPUT_TOKENS, raw.usage().completion())
          .setAttribute(GenAiAttributes.USAGE_CACHE_READ_INPUT_TOKENS, raw.usage().cacheRead())
          .setAttribute(
              GenAiAttributes.USAGE_CACHE_WRITE_INPUT_TOKENS,
              raw.usage().cacheWrite() + raw.usage().cacheWriteLong())
          .setAttribute(GenAiAttributes.USAGE_REASONING_OUTPUT_TOKENS, raw.usage().reasoning());
    }
    if (raw.usage() != null && call.cost() instanceof Cost.Known known) {
      span.setAttribute(GenAiAttributes.USAGE_COST, known.usd().doubleValue());
    }
    if (errorType != null) {
      span.setAttribute(GenAiAttributes.ERROR_TYPE, errorType);
      span.setStatus(StatusCode.ERROR);
    }
    if (captureContent) {
      span.setAttribute(
          GenAiAttributes.INPUT_MESSAGES, message("user", shown(question, redactor), ""));
      String text =
          switch (answer) {
            case Answer.Complete complete -> complete.text();
            case Answer.Truncated truncated -> truncated.text();
            case Answer.Refused _, Answer.Failed _ -> "";
          };
      span.setAttribute(
          GenAiAttributes.OUTPUT_MESSAGES,
          message("assistant", shown(text, redactor), raw.finish()));
    }
  }

  /// One message in the form of the conventions, as JSON text.
  private static String message(String role, String text, String finishReason) {
    ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    ObjectNode message = messages.addObject().put("role", role);
    message.putArray("parts").addObject().put("type", "text").put("content", text);
    if (!finishReason.isEmpty()) {
      message.put("finish_reason", finishReason);
    }
    return messages.toString();
  }

  private static String shown(String text, UnaryOperator<String> redactor) {
    return PlainText.clip(redactor.apply(text), MAX_CONTENT);
  }

  void close() {
    span.end();
  }
}
