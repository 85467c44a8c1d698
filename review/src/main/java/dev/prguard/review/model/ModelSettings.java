package dev.prguard.review.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How models are asked.
///
/// @param models the model to ask first, then the fall-backs; empty when no model is asked
/// @param maxOutputTokens most tokens of one answer, reasoning included
/// @param temperature null leaves the provider's own; several models refuse any other
/// @param callTimeout longest wait for one whole answer
/// @param maxAttempts attempts at one call, the first included
/// @param parallelCalls calls under way at one provider
/// @param maxPromptTokens about how many tokens one group of files takes in the prompt
/// @param maxGroups most groups of one review; what is over is reported as not seen
/// @param captureContent whether prompts and answers go on spans, after redaction
public record ModelSettings(
    List<ModelId> models,
    int maxOutputTokens,
    @Nullable Double temperature,
    Duration callTimeout,
    int maxAttempts,
    int parallelCalls,
    int maxPromptTokens,
    int maxGroups,
    boolean captureContent) {

  public ModelSettings {
    models = List.copyOf(models);
    positive("maxOutputTokens", maxOutputTokens);
    positive("maxAttempts", maxAttempts);
    positive("parallelCalls", parallelCalls);
    positive("maxPromptTokens", maxPromptTokens);
    positive("maxGroups", maxGroups);
    if (callTimeout.isZero() || callTimeout.isNegative()) {
      throw new IllegalArgumentException("callTimeout: " + callTimeout + " (expected: over 0)");
    }
  }

  /// The presets for these models.
  public static ModelSettings of(List<ModelId> models) {
    return new ModelSettings(models, 8192, null, Duration.ofMinutes(2), 4, 8, 8_000, 64, false);
  }

  public static ModelSettings none() {
    return of(List.of());
  }

  public ModelSettings withCallTimeout(Duration timeout) {
    return new ModelSettings(
        models,
        maxOutputTokens,
        temperature,
        timeout,
        maxAttempts,
        parallelCalls,
        maxPromptTokens,
        maxGroups,
        captureContent);
  }

  public ModelSettings withMaxAttempts(int attempts) {
    return new ModelSettings(
        models,
        maxOutputTokens,
        temperature,
        callTimeout,
        attempts,
        parallelCalls,
        maxPromptTokens,
        maxGroups,
        captureContent);
  }

  public ModelSettings withCaptureContent(boolean capture) {
    return new ModelSettings(
        models,
        maxOutputTokens,
        temperature,
        callTimeout,
        maxAttempts,
        parallelCalls,
        maxPromptTokens,
        maxGroups,
        capture);
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 or more)");
    }
  }
}
