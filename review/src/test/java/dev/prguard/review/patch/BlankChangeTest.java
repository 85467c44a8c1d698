package dev.prguard.review.patch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.change.Change;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.Token;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlankChangeTest {
  private static final SyntaxChecker SYNTAX = new SyntaxChecker(Duration.ofSeconds(20));

  @AfterAll
  static void close() {
    SYNTAX.close();
  }

  /// In the texts `_` is a blank, `>` a tab, `|` a new line.
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        "a.py~x=1__|y=2|~1~x=1~true",
        "a.py~if_x:|__|____y=2|~2~''~true",
        "a.py~x=1_#_why__|~1~x=1_#_why~true",
        "a.py~x='''a__|b'''|~1~x='''a~false",
        "a.py~x='''a|____|b'''|~2~''~false",
        "a.py~x='''a|__b'''|~2~b'''~false",
        "a.py~if_x:|>y=2|~2~____y=2~false",
        "a.py~x=1_\\_|+2|~1~x=1_\\~false",
        "a.py~x=1__|y=2|~1~x=2~false",
        "a.js~f(1);__|g();|~1~f(1);~true",
        "a.js~if_(x)_{|>f();|}|~2~____f();~true",
        "a.js~f(`a__|b`);|~1~f(`a~false",
        "a.js~f(`a|>b`);|~2~____b`);~false",
        "A.java~class_A_{__|}|~1~class_A_{~true",
        "a.go~package_a__||var_x_=_1|~1~package_a~true",
        "a.go~package_a||var_x_=_`a__|b`|~3~var_x_=_`a~false"
      })
  void blanksBetweenTokens_areTold_andWhatMayMeanSomethingIsNot(
      String path, String text, int line, String replacement, boolean expected) {
    byte[] bytes = shown(text).getBytes(StandardCharsets.UTF_8);
    FileLines lines = FileLines.of(bytes);
    List<Token> tokens = SYNTAX.tokens(path, bytes, 0, 0).orElseThrow();
    BlankChange blanks = new BlankChange(ParsedLanguage.of(path), lines, bytes, tokens);

    String fixed = replacement.equals("''") ? "" : shown(replacement);
    assertThat(blanks.is(lines.edit(line, line, fixed))).isEqualTo(expected);
  }

  private static String shown(String text) {
    return text.replace('_', ' ').replace('>', '\t').replace('|', '\n');
  }

  @Test
  void twoHundredFixesOfALongFile_areAllProvenInTime() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      text.append(
          "def function_%d(first):\n    return first * %d%s\n"
              .formatted(i, i, i % 5 == 0 ? " " : ""));
    }
    Fixture fixture = new Fixture().added("long.py", text.toString());
    Change change = fixture.change();
    List<Finding> findings = Fixture.scan("long.py", Fixture.bytes(text.toString()));
    int[] told = new int[1];
    PatchAgent agent = new PatchAgent(Fixture::scan, InstantSource.system());

    PatchOutcome outcome =
        agent.prove(
            change,
            agent.draft(change, findings, PatchPolicy.SAFE, Optional.empty()),
            done -> told[0] = done);

    assertThat(outcome.fixes()).hasSize(200);
    assertThat(told[0]).isEqualTo(199);
  }
}
