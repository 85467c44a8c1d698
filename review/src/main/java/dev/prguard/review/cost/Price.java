package dev.prguard.review.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// One dated price of one model, USD per 1,000,000 tokens.
///
/// @param from first day (UTC) on which it holds, null when it holds from the beginning
/// @param asOf a day on which it is known to hold; names the entry
/// @param cacheRead null when cached tokens cost as much as others
/// @param cacheWrite price of a write for 5 minutes, null when it costs as much as other input
/// @param tier the prices of a long prompt, null when length does not matter
record Price(
    String provider,
    String model,
    @Nullable LocalDate from,
    LocalDate asOf,
    BigDecimal input,
    @Nullable BigDecimal cacheRead,
    @Nullable BigDecimal cacheWrite,
    BigDecimal output,
    @Nullable Tier tier) {

  private static final BigDecimal NANO_PER_TOKEN = BigDecimal.valueOf(1000);
  // Anthropic bills a write for an hour at 2 x input where a write for 5 minutes is 1.25 x input.
  private static final BigDecimal HOUR_WRITE = new BigDecimal("1.6");

  /// What all tokens of a request cost once its prompt is longer than `aboveTokens`.
  record Tier(
      long aboveTokens,
      BigDecimal input,
      @Nullable BigDecimal cacheRead,
      @Nullable BigDecimal cacheWrite,
      BigDecimal output) {}

  /// `model@yyyy-mm-dd`.
  String id() {
    return model + '@' + (from != null ? from : asOf);
  }

  LocalDate firstDay() {
    return from != null ? from : LocalDate.MIN;
  }

  /// Exact; a half nano-dollar is rounded up, once.
  long nanoUsd(TokenUsage usage) {
    Tier rates = rates(usage.prompt());
    BigDecimal read = rates.cacheRead() != null ? rates.cacheRead() : rates.input();
    BigDecimal write = rates.cacheWrite() != null ? rates.cacheWrite() : rates.input();
    BigDecimal hourWrite =
        rates.cacheWrite() != null ? rates.cacheWrite().multiply(HOUR_WRITE) : rates.input();
    long fresh = usage.prompt() - usage.cacheRead() - usage.cacheWrite() - usage.cacheWriteLong();
    return tokens(fresh, rates.input())
        .add(tokens(usage.cacheRead(), read))
        .add(tokens(usage.cacheWrite(), write))
        .add(tokens(usage.cacheWriteLong(), hourWrite))
        .add(tokens(usage.completion(), rates.output()))
        .multiply(NANO_PER_TOKEN)
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  /// The most that a request can cost: every prompt token in the dearest class, every output token
  /// used. Our requests never ask for writes of an hour.
  long worstNanoUsd(long promptTokens, long maxOutputTokens) {
    Tier rates = rates(promptTokens);
    BigDecimal dearest = rates.input();
    for (BigDecimal other : new BigDecimal[] {rates.cacheRead(), rates.cacheWrite()}) {
      dearest = other != null ? dearest.max(other) : dearest;
    }
    return tokens(promptTokens, dearest)
        .add(tokens(maxOutputTokens, rates.output()))
        .multiply(NANO_PER_TOKEN)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  private Tier rates(long promptTokens) {
    return tier != null && promptTokens > tier.aboveTokens()
        ? tier
        : new Tier(0, input, cacheRead, cacheWrite, output);
  }

  private static BigDecimal tokens(long count, BigDecimal price) {
    return price.multiply(BigDecimal.valueOf(count));
  }
}
