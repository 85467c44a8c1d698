package dev.prguard.review.patch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.patch.SyntaxChecker.Broken;
import dev.prguard.review.patch.SyntaxChecker.NoGrammar;
import dev.prguard.review.patch.SyntaxChecker.Parses;
import dev.prguard.review.patch.SyntaxChecker.TimedOut;
import dev.prguard.review.patch.SyntaxChecker.Verdict;
import dev.prguard.review.syntax.SyntaxError;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SyntaxCheckerTest {

  private static final SyntaxChecker SYNTAX = new SyntaxChecker(Duration.ofSeconds(10));

  @AfterAll
  static void close() {
    SYNTAX.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.py | def f(x):\\n    return x\\n | def f(x:\\n    return x\\n",
        "a.js | const f = (x) => x?.y ?? 1;\\n | const f = (x => x;\\n",
        "a.ts | let x: number = 1;\\n | let x: = 1;\\n",
        "A.java | record A(int b) {}\\n | record A(int b {}\\n",
        "a.go | package a\\nfunc f() {}\\n | package a\\nfunc f( {}\\n",
        "a.json | {\"a\": [1]}\\n | {\"a\": [1}\\n",
        "a.yml | a:\\n  - b: c\\n | a:\\n  - b: [c\\n",
      })
  void check_tellsGoodFromBroken(String path, String good, String broken) {
    assertThat(check(path, good.translateEscapes())).isEqualTo(new Parses());
    assertThat(check(path, broken.translateEscapes())).isInstanceOf(Broken.class);
  }

  @Test
  void check_missingToken_saysWhere() {
    assertThat(check("A.java", "class A { int x = 1 }\n"))
        .isInstanceOfSatisfying(
            Broken.class,
            broken -> assertThat(broken.errors()).contains(new SyntaxError(19, 19, "missing ;")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if a:\n    b\n    c\nd\n",
        "if a:\n  b\n\n  # c\n# d\n  e\nelse: f\ng = [\n1,\n    2]\nh = 1 + \\\n        2\ni\n",
        "class A:\n  x: int\n  def f(self,\n y):\n    \"\"\"a\nb\"\"\"\n    return {\n'a': 1}\n\nB = 1\n",
        "@a\nasync def f(): return lambda x: x\nif a:\n\tb\n\tif c:\n\t\td\n\te\n",
        "a = \\\n    'b'\nif c and \\\n  'd' not in e:\n  f\n",
        "match x:\n  case 1: pass\n  case _:\n    pass\nfor i in j: k; l\n",
        "try:\n  a\nexcept (B,\n   C): # no\n  d\nfinally:\n  e\nx[1:\n 2]\n",
      })
  void check_pythonIndentedWell_parses(String code) {
    assertThat(check("a.py", code)).isEqualTo(new Parses());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " a\n",
        "if a:\n    b\n      c\n",
        "if a:\n    b\n  c\n",
        "if a:\nb\n",
        "if a:\n\tb\n        c\n",
        "x = 1\n  y = 2\n",
        "def f():\n    x = [\n1]\n     y = 2\n",
      })
  void check_pythonIndentedBadly_isBroken(String code) {
    assertThat(check("a.py", code)).isInstanceOf(Broken.class);
  }

  @Test
  void check_unknownLanguage_hasNoGrammar() {
    for (String path : List.of("a.rb", "a.vue", "Makefile", "py")) {
      assertThat(check(path, "x")).as(path).isInstanceOf(NoGrammar.class);
    }
  }

  /// Seen without a process of its own: 36,000 brackets overflow the native stack and end the JVM;
  /// 20 KB of `a<` take a minute and over a gigabyte; 0.7 MB of broken text took four minutes.
  @Test
  void check_textMadeToBreakTheParser_endsInTime() {
    Random random = new Random(7);
    List<String> scraps =
        List.of("(", "[", "{", ")", "\"", "'", "def ", ":", "\n", "  ", "<", "`", "/*", "x");
    StringBuilder soup = new StringBuilder();
    while (soup.length() < 700_000) {
      soup.append(scraps.get(random.nextInt(scraps.size())));
    }
    Map<String, String> hostile = new LinkedHashMap<>();
    hostile.put("a.py", soup.toString());
    hostile.put("A.java", "[{(".repeat(60_000));
    hostile.put("B.java", "a<".repeat(10_000));
    Duration deadline = Duration.ofMillis(700);
    try (SyntaxChecker syntax = new SyntaxChecker(deadline)) {
      hostile.forEach((path, text) -> {
        // The parser was killed by the text before this one; its new start is not in the figure.
        String next = "x" + path.substring(path.lastIndexOf('.'));
        assertThat(syntax.check(next, Fixture.bytes("\n"))).isEqualTo(new Parses());
        long start = System.nanoTime();
        Verdict verdict = syntax.check(path, Fixture.bytes(text));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf("%s, %d bytes: %s%n", path, text.length(), took);
        assertThat(verdict).as(path).isInstanceOf(TimedOut.class);
        // The rest is for a busy machine.
        assertThat(took).as(path).isLessThan(deadline.plusSeconds(2));
      });
    }
  }

  @Test
  void check_manyThreads_eachGetsItsOwnAnswer() {
    IntStream.range(0, 200)
        .parallel()
        .forEach(i -> {
          String code = "def f" + i + "(x" + (i % 2 == 0 ? ")" : "") + ":\n    pass\n";
          assertThat(check("a.py", code) instanceof Parses).isEqualTo(i % 2 == 0);
        });
  }

  @Test
  void check_yamlOfAliases_isReadWithoutGrowing() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 60; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(check("a.yaml", laughs.toString())).isEqualTo(new Parses());
  }

  private static Verdict check(String path, String text) {
    return SYNTAX.check(path, Fixture.bytes(text));
  }
}
