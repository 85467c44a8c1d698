package dev.prguard.review.model;

import org.jspecify.annotations.Nullable;

/// One question to a model. Secrets are redacted before a prompt is made.
///
/// @param system instructions
/// @param user the data, untrusted parts fenced
/// @param schema the shape of the answer, null for free text
/// @param maxOutputTokens most tokens of the answer, reasoning included
public record Prompt(
    String system, String user, @Nullable AnswerSchema schema, int maxOutputTokens) {

  public Prompt {
    if (maxOutputTokens < 1) {
      throw new IllegalArgumentException(
          "maxOutputTokens: " + maxOutputTokens + " (expected: 1 or more)");
    }
  }
}
