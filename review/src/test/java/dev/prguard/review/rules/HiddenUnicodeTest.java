package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.rules.HiddenUnicode.Hit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HiddenUnicodeTest {

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F,
        0x061C, 0x200B, 0x200C, 0x200D, 0x2060, 0x2063, 0xFEFF, 0x180E, 0xE0001, 0xE0041, 0xE007F,
        0xE0100, 0xFE00, 0x00AD, 0x3164, 0x115F, 0x1B, 0x08, 0x9B
      })
  void hiddenCharacter_isFoundWhereItIs(int codePoint) {
    String text = "abc" + Character.toString(codePoint) + "cd";

    assertThat(HiddenUnicode.find(text))
        .singleElement()
        .satisfies(hit -> {
          assertThat(hit.index()).isEqualTo(3);
          assertThat(hit.codePoint()).isEqualTo(codePoint);
          assertThat(hit.describe()).startsWith("U+");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain ASCII\twith\ttabs\r\n",
        "\u00e9\u00fc \u4e2d\u6587 \u05d0\u05d1 \u0627\u0644",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
        "\u2764\uFE0F 1\uFE0F\u20E3",
        "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
        "\u0915\u094D\u200D\u0937",
        "\u05d0\u200F.",
        "\u1795\u17BB\u178F\u200B\u1780",
        "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F"
      })
  void ordinaryWriting_isLeftAlone(String text) {
    assertThat(HiddenUnicode.find(text)).isEmpty();
  }

  @org.junit.jupiter.api.Test
  void dataInVariationSelectors_isFound() {
    assertThat(HiddenUnicode.find("\u2764\uFE0F\uFE01\uFE02"))
        .extracting(Hit::codePoint)
        .containsExactly(0xFE01, 0xFE02);
  }
}
