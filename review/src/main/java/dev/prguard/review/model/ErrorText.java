package dev.prguard.review.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/// What a provider says in the body of an error, made safe to show: hostile text.
final class ErrorText {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_CHARS = 200;
  private static final int MAX_READ = 4_000;

  private ErrorText() {}

  /// One line of at most 200 characters, without secrets; empty when nothing was said.
  static String of(byte[] body, String key, UnaryOperator<String> redactor) {
    String text = message(body);
    if (text.length() > MAX_READ) {
      text = text.substring(0, MAX_READ);
    }
    if (!key.isEmpty()) {
      text = text.replace(key, "[key]");
    }
    return PlainText.clip(PlainText.line(redactor.apply(text)), MAX_CHARS);
  }

  private static String message(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      if (root != null) {
        JsonNode error = root.isArray() ? root.path(0).path("error") : root.path("error");
        String said = error.isTextual() ? error.textValue() : error.path("message").asText("");
        if (!said.isBlank()) {
          return said;
        }
      }
    } catch (IOException e) {
      // Not JSON: a proxy's page, perhaps. Its beginning is better than nothing.
    }
    return new String(body, StandardCharsets.UTF_8);
  }
}
