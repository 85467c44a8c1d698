package dev.prguard.insight.report;

/// Sums over operation spans.
///
/// @param errors operations whose span has the status error
/// @param unpriced operations whose cost is not known whole
/// @param nanoUsd nano-dollars, what is known
/// @param promptTokens cached ones included
/// @param latencyMs ms, summed
/// @param cacheSavedNanoUsd nano-dollars that the prompts would have cost more without the
///   providers' caches, as far as spans tell it; may be negative
public record Tally(
    long operations,
    long errors,
    long unpriced,
    long nanoUsd,
    long promptTokens,
    long cachedTokens,
    long completionTokens,
    long latencyMs,
    long cacheSavedNanoUsd) {
  public static final Tally ZERO = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /// One of the sums.
  enum Measure {
    OPERATIONS,
    ERRORS,
    UNPRICED,
    NANO_USD,
    PROMPT_TOKENS,
    CACHED_TOKENS,
    COMPLETION_TOKENS,
    LATENCY_MS,
    CACHE_SAVED_NANO_USD
  }

  static Tally of(Measure measure, long value) {
    return switch (measure) {
      case OPERATIONS -> new Tally(value, 0, 0, 0, 0, 0, 0, 0, 0);
      case ERRORS -> new Tally(0, value, 0, 0, 0, 0, 0, 0, 0);
      case UNPRICED -> new Tally(0, 0, value, 0, 0, 0, 0, 0, 0);
      case NANO_USD -> new Tally(0, 0, 0, value, 0, 0, 0, 0, 0);
      case PROMPT_TOKENS -> new Tally(0, 0, 0, 0, value, 0, 0, 0, 0);
      case CACHED_TOKENS -> new Tally(0, 0, 0, 0, 0, value, 0, 0, 0);
      case COMPLETION_TOKENS -> new Tally(0, 0, 0, 0, 0, 0, value, 0, 0);
      case LATENCY_MS -> new Tally(0, 0, 0, 0, 0, 0, 0, value, 0);
      case CACHE_SAVED_NANO_USD -> new Tally(0, 0, 0, 0, 0, 0, 0, 0, value);
    };
  }

  /// @throws ArithmeticException when a sum does not fit 64 bits
  Tally plus(Tally other) {
    return new Tally(
        Math.addExact(operations, other.operations),
        Math.addExact(errors, other.errors),
        Math.addExact(unpriced, other.unpriced),
        Math.addExact(nanoUsd, other.nanoUsd),
        Math.addExact(promptTokens, other.promptTokens),
        Math.addExact(cachedTokens, other.cachedTokens),
        Math.addExact(completionTokens, other.completionTokens),
        Math.addExact(latencyMs, other.latencyMs),
        Math.addExact(cacheSavedNanoUsd, other.cacheSavedNanoUsd));
  }

  public long tokens() {
    return promptTokens + completionTokens;
  }
}
