package dev.prguard.review.rules.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeededTextTest {

  @ParameterizedTest
  @CsvSource({
    "(?i)token|passw(or)?d, token;passw",
    "value=(?i:approved|granted), approved;granted",
    "code(?-i:ABC|DEFG)x*, code",
    "(?:secret|token)_key, secret;token"
  })
  void flagsOfAGroup_areNoText(String expression, String texts) {
    assertThat(NeededText.of(expression)).containsExactlyInAnyOrder(texts.split(";"));
  }

  @Test
  void flagsInTheMiddle_areNotEasyToSee() {
    assertThat(NeededText.of("token(?i)secret")).isNull();
  }
}
