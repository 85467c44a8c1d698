package dev.prguard.review.cost;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What the tokens of a request cost, USD per 1,000,000.
///
/// @param cacheRead null when cached tokens cost as much as others
/// @param cacheWrite price of a write for 5 minutes, null when it costs as much as other input
/// @param cacheWriteHour price of a write for an hour, null when it follows from `cacheWrite`
/// @param reasoning null when reasoning costs as much as other output
public record Rates(
    BigDecimal input,
    @Nullable BigDecimal cacheRead,
    @Nullable BigDecimal cacheWrite,
    @Nullable BigDecimal cacheWriteHour,
    BigDecimal output,
    @Nullable BigDecimal reasoning) {

  // Anthropic bills a write for an hour at 2 x input where a write for 5 minutes is 1.25 x input.
  private static final BigDecimal HOUR_WRITE = new BigDecimal("1.6");

  /// What these tokens cost, times 1,000,000; every token in one class.
  BigDecimal cost(TokenUsage usage) {
    long fresh = usage.prompt() - usage.cacheRead() - usage.cacheWrite() - usage.cacheWriteLong();
    return times(fresh, input)
        .add(times(usage.cacheRead(), cacheRead != null ? cacheRead : input))
        .add(times(usage.cacheWrite(), cacheWrite != null ? cacheWrite : input))
        .add(times(usage.cacheWriteLong(), hourWrite()))
        .add(times(usage.completion() - usage.reasoning(), output))
        .add(times(usage.reasoning(), reasoning != null ? reasoning : output));
  }

  /// The most that so many tokens can cost, times 1,000,000: each in the dearest class. Our
  /// requests never ask for writes of an hour.
  BigDecimal worst(long promptTokens, long maxOutputTokens) {
    BigDecimal dearest = input;
    for (BigDecimal other : new BigDecimal[] {cacheRead, cacheWrite}) {
      dearest = other != null ? dearest.max(other) : dearest;
    }
    return times(promptTokens, dearest)
        .add(times(maxOutputTokens, reasoning != null ? reasoning.max(output) : output));
  }

  /// The price of a write for an hour, as listed or as it follows.
  public BigDecimal hourWrite() {
    if (cacheWriteHour != null) {
      return cacheWriteHour;
    }
    return cacheWrite != null ? cacheWrite.multiply(HOUR_WRITE) : input;
  }

  private static BigDecimal times(long count, BigDecimal price) {
    return price.multiply(BigDecimal.valueOf(count));
  }
}
