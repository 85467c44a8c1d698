package dev.prguard.review.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.cost.Cost;
import org.junit.jupiter.api.Test;

class MoneyTest {

  @Test
  void format_isExact() {
    assertThat(Money.format(Cost.ofNanoUsd(666_300), "m")).isEqualTo("$0.0006663");
    assertThat(Money.format(Cost.ofNanoUsd(1), "m")).isEqualTo("$0.000000001");
    assertThat(Money.format(Cost.ofNanoUsd(12_000_000_000L), "m")).isEqualTo("$12");
    assertThat(Money.format(Cost.ofNanoUsd(100_000_000_000L), "m")).isEqualTo("$100");
    assertThat(Money.format(Cost.zero(), "m")).isEqualTo("$0");
  }

  @Test
  void format_saysUnknownAndWhatIsKnown() {
    assertThat(Money.format(new Cost.Unknown(200_000), "x-1"))
        .isEqualTo("unknown (at least $0.0002: price or tokens of model x-1 not known)");
    assertThat(Money.format(Cost.unknown(), "x-1"))
        .isEqualTo("unknown (price or tokens of model x-1 not known)");
  }
}
