package dev.prguard.review.cost;

/// Tokens of one or more calls, in one normal form whatever the provider reports: `prompt` includes
/// cached tokens, `completion` includes reasoning tokens.
///
/// @param cacheRead part of `prompt` that was read from the provider's cache
/// @param cacheWrite part of `prompt` that was written to the cache (5 minutes)
/// @param cacheWriteLong part of `prompt` that was written to the cache for an hour
/// @param reasoning part of `completion`
public record TokenUsage(
    long prompt,
    long completion,
    long cacheRead,
    long cacheWrite,
    long cacheWriteLong,
    long reasoning) {

  public static final TokenUsage ZERO = new TokenUsage(0, 0, 0, 0, 0, 0);

  public TokenUsage {
    if (prompt < 0
        || completion < 0
        || cacheRead < 0
        || cacheWrite < 0
        || cacheWriteLong < 0
        || reasoning < 0
        || Math.addExact(Math.addExact(cacheRead, cacheWrite), cacheWriteLong) > prompt
        || reasoning > completion) {
      throw new IllegalArgumentException(
          "tokens: prompt "
              + prompt
              + ", completion "
              + completion
              + ", cache read "
              + cacheRead
              + ", cache write "
              + cacheWrite
              + " + "
              + cacheWriteLong
              + ", reasoning "
              + reasoning
              + " (expected: 0 or more, cached <= prompt, reasoning <= completion)");
    }
  }

  public static TokenUsage of(long prompt, long completion) {
    return new TokenUsage(prompt, completion, 0, 0, 0, 0);
  }

  public long total() {
    return Math.addExact(prompt, completion);
  }

  /// The same tokens, as if the provider had no cache.
  TokenUsage uncached() {
    return new TokenUsage(prompt, completion, 0, 0, 0, reasoning);
  }

  public TokenUsage plus(TokenUsage other) {
    return new TokenUsage(
        Math.addExact(prompt, other.prompt),
        Math.addExact(completion, other.completion),
        Math.addExact(cacheRead, other.cacheRead),
        Math.addExact(cacheWrite, other.cacheWrite),
        Math.addExact(cacheWriteLong, other.cacheWriteLong),
        Math.addExact(reasoning, other.reasoning));
  }
}
