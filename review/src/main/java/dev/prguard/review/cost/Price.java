package dev.prguard.review.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One dated price of one model.
///
/// @param from first day (UTC) on which it holds, null when it holds from the beginning
/// @param asOf a day on which it is known to hold; names the entry
/// @param source who says so, may be empty
/// @param levels by the length of the prompt, the shortest first; the first is for any length
public record Price(
    String provider,
    String model,
    @Nullable LocalDate from,
    LocalDate asOf,
    String source,
    List<Level> levels) {

  private static final BigDecimal NANO_PER_TOKEN = BigDecimal.valueOf(1000);

  /// What all tokens of a request cost once its whole prompt, cached tokens included, is longer
  /// than `aboveTokens`.
  ///
  /// @param batch null when not known
  public record Level(long aboveTokens, Rates standard, @Nullable Rates batch) {}

  public Price {
    levels = List.copyOf(levels);
    if (levels.isEmpty() || levels.getFirst().aboveTokens() != 0) {
      throw new IllegalArgumentException("levels: " + levels + " (expected: the first above 0)");
    }
  }

  /// `model@yyyy-mm-dd`.
  public String id() {
    return model + '@' + (from != null ? from : asOf);
  }

  LocalDate firstDay() {
    return from != null ? from : LocalDate.MIN;
  }

  /// Exact; a half nano-dollar is rounded up, once. Empty when the tier's price is not known.
  OptionalLong nanoUsd(TokenUsage usage, ServiceTier tier) {
    Level level = level(usage.prompt());
    Rates rates =
        switch (tier) {
          case STANDARD -> level.standard();
          case BATCH -> level.batch();
          case OTHER -> null;
        };
    return rates == null
        ? OptionalLong.empty()
        : OptionalLong.of(nano(rates.cost(usage), RoundingMode.HALF_UP));
  }

  /// The most that a request of at most so many tokens can cost, at the standard tier.
  long worstNanoUsd(long promptTokens, long maxOutputTokens) {
    BigDecimal worst = BigDecimal.ZERO;
    for (Level level : levels) {
      // A level below may be the dearer one, and the prompt shorter than was reckoned.
      if (level.aboveTokens() == 0 || promptTokens > level.aboveTokens()) {
        worst = worst.max(level.standard().worst(promptTokens, maxOutputTokens));
      }
    }
    return nano(worst, RoundingMode.CEILING);
  }

  private Level level(long promptTokens) {
    Level match = levels.getFirst();
    for (Level level : levels) {
      if (promptTokens > level.aboveTokens()) {
        match = level;
      }
    }
    return match;
  }

  private static long nano(BigDecimal perMillion, RoundingMode rounding) {
    return perMillion.multiply(NANO_PER_TOKEN).setScale(0, rounding).longValueExact();
  }
}
