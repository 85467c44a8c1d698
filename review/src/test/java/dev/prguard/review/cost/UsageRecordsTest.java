package dev.prguard.review.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// Usage records with their price worked out by hand; each is a trap that a tool was caught in.
class UsageRecordsTest {
  private static final PriceBook BOOK = PriceBook.bundled();

  @ParameterizedTest(name = "{0}: {2}")
  @CsvFileSource(resources = "usage-records.csv", delimiter = '|', numLinesToSkip = 1)
  void price_isThatWorkedOutByHand(
      String why,
      String provider,
      String model,
      LocalDate day,
      long prompt,
      long completion,
      long read,
      long write,
      long hourWrite,
      long reasoning,
      ServiceTier tier,
      String arithmetic,
      String nanoUsd) {
    TokenUsage usage = new TokenUsage(prompt, completion, read, write, hourWrite, reasoning);
    Cost expected = nanoUsd.equals("-") ? Cost.unknown() : Cost.ofNanoUsd(Long.parseLong(nanoUsd));
    for (Instant at : new Instant[] {start(day), start(day.plusDays(1)).minusNanos(1)}) {
      assertThat(BOOK.price(provider, model, usage, tier, at).cost()).as(why).isEqualTo(expected);
    }
    if (expected instanceof Cost.Known(long known)) {
      // The record itself: its products come to its sum.
      assertThat(sum(arithmetic)).as(why).isEqualTo(known);
      if (tier == ServiceTier.STANDARD && hourWrite == 0) {
        assertThat(
                BOOK.worstCaseNanoUsd(provider, model, prompt, completion, start(day)).orElse(-1))
            .as("worst case")
            .isGreaterThanOrEqualTo(known);
      }
    }
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static long sum(String arithmetic) {
    BigDecimal sum = BigDecimal.ZERO;
    for (String product : arithmetic.split(" \\+ ", -1)) {
      String[] factors = product.split("\\*", -1);
      sum = sum.add(new BigDecimal(factors[0]).multiply(new BigDecimal(factors[1])));
    }
    return sum.setScale(0, RoundingMode.HALF_UP).longValueExact();
  }
}
