package dev.prguard.review.rules.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.rules.flow.TextPattern.Reach;
import java.util.BitSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextPatternTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '~',
      value = {
        "^[a-z0-9-]+$ PART true",
        "\\A[a-z]+\\z PART true",
        "^(?:en|de)$ PART true",
        "^(?=.*\\d)[a-z\\d]{8,}$ PART true",
        "[a-z]+ PART false",
        "^[a-z]+ PART false",
        "[a-z]+$ PART false",
        "^a|b$ PART false",
        "(?m)^[a-z]+$ PART false",
        "[a-z]+$ START true",
        "[a-z]+ START false",
        "[a-z]+ WHOLE true",
      })
  void anExpressionIsAboutTheWholeTextByItsEndsAndHowItIsAsked(
      String expression, Reach reach, boolean whole) {
    assertThat(TextPattern.of(expression, reach))
        .isNotNull()
        .extracting(TextPattern::whole)
        .isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '~',
      value = {
        "^[\\w.-]+$ ._- /",
        "^[^/]+$ .' /",
        "^v\\d+\\.\\d+$ 09 .v",
        "^[a-z]+(?:/[a-z]+)*$ az/ .",
        "^\\S+$ ./' ~ ~",
        "^.{1,40}$ ./' ~\n~",
        "^[[:alnum:]]{3}$ aZ9 _",
        "^(?!.*\\.\\.)[a-z]+$ az .",
        "^(?<year>\\d{4})-(?<month>\\d{2})$ 09 -",
        "^[\\]\\-a]+$ ]-a b",
      })
  void itsClassesSayWhichCharactersMayStandThereAgainAndAgain(
      String expression, String may, String mayNot) {
    TextPattern pattern = Objects.requireNonNull(TextPattern.of(expression, Reach.PART));
    assertThat(may.chars()).allMatch(pattern.many()::get);
    assertThat(mayNot.chars()).noneMatch(pattern.many()::get);
  }

  @Test
  void whatStandsAtItsBeginningIsKnown() {
    assertThat(TextPattern.of("^https:\\/\\/cdn\\.example\\.com\\/.*", Reach.PART))
        .extracting(TextPattern::start)
        .isEqualTo("https://cdn.example.com/");
    assertThat(TextPattern.of("^https?://", Reach.PART))
        .extracting(TextPattern::start)
        .isEqualTo("http");
    assertThat(TextPattern.of("https://", Reach.PART)).extracting(TextPattern::start).isEqualTo("");
  }

  @Test
  void whatIsNotFoundSaysWhichCharactersATextLacks() {
    BitSet others = Objects.requireNonNull(TextPattern.denied("[^\\w.-]"));
    assertThat(others.get('/')).isTrue();
    assertThat(others.get('a')).isFalse();
    BitSet some = Objects.requireNonNull(TextPattern.denied("[;&]|\\|"));
    assertThat(some.cardinality()).isEqualTo(3);
    assertThat(TextPattern.denied("\\.\\.")).isNotNull();
    assertThat(TextPattern.denied("[a-z]b")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '~',
      value = {"[a-z", "(?", "a\\", "(?<name", "^[[a-z]&&[^x]]+$", "\\u00", "a)b"})
  void whatIsNotUnderstoodIsNoPattern(String expression) {
    assertThat(TextPattern.of(expression, Reach.WHOLE)).isNull();
  }
}
