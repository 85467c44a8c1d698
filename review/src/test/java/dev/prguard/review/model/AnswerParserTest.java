package dev.prguard.review.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerParserTest {
  private static final String ONE =
      """
      {"path": "src/a.py", "line": 3, "end_line": 4, "quote": "eval(x)", "rule": "code-injection",
       "severity": "high", "cwe": "CWE-95", "title": "Runs input", "message": "Bad."}\
      """;
  private static final ModelFinding FIRST =
      new ModelFinding(
          "src/a.py", 3, 4, "eval(x)", "code-injection", "high", "CWE-95", "Runs input", "Bad.");

  private static String answer(String... findings) {
    return "{\"findings\": ["
        + String.join(", ", findings)
        + "], \"count\": "
        + findings.length
        + "}";
  }

  @Test
  void parse_readsAWholeAnswer() {
    assertThat(AnswerParser.parse(answer(ONE)))
        .isEqualTo(new ParsedAnswer(List.of(FIRST), false, 0, List.of()));
  }

  @Test
  void parse_readsNoFindings() {
    ParsedAnswer parsed = AnswerParser.parse("{\"findings\": [], \"count\": 0}");
    assertThat(parsed).isEqualTo(new ParsedAnswer(List.of(), false, 0, List.of()));
    assertThat(parsed.readable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "```json\n%s\n```",
        "Here is what I {found} in the [diff]:\n\n%s\n\nHope this helps {really}!",
        "\uFEFF  %s",
        "%s%s",
        "{\"review\": %s}",
        "{\"status\": \"done\", \"result\": {\"data\": %s, \"n\": [1]}}",
        "<think>Is {this} [it]?</think>\n%s",
      })
  void parse_looksThroughFencesAndProse(String frame) {
    ParsedAnswer parsed = AnswerParser.parse(frame.replace("%s", answer(ONE)));
    assertThat(parsed.findings()).startsWith(FIRST).containsOnly(FIRST);
    assertThat(parsed.truncated()).isFalse();
  }

  @Test
  void parse_readsAnAnswerUnderAnotherNameOrEncodedTwice() {
    assertThat(AnswerParser.parse("{\"issues\": [" + ONE + "]}").findings()).containsExactly(FIRST);
    assertThat(AnswerParser.parse(ModelTestBed.quoted(answer(ONE))).findings())
        .containsExactly(FIRST);
    assertThat(AnswerParser.parse("```json\n[ ]\n```").readable()).isTrue();
  }

  @Test
  void parse_forgivesTrailingCommasSingleQuotesAndBareKeys() {
    String answer =
        "{findings: [{path: 'src/a.py', line: 3, end_line: 4, quote: 'eval(x)', rule: 'code-injection',"
            + " severity: 'high', cwe: 'CWE-95', title: 'Runs input', message: 'Bad.',},],}";
    assertThat(AnswerParser.parse(answer).findings()).containsExactly(FIRST);
  }

  @Test
  void parse_readsAFindingWithAnUnquotedColonAndItsNeighbours() {
    String colon =
        "{\"path\": \"b.py\", \"line\": 9, \"quote\": \"x = 1\", \"title\": Danger: a colon, \"message\": \"m\"}";
    ParsedAnswer parsed = AnswerParser.parse(answer(ONE, colon, ONE));
    assertThat(parsed.findings())
        .containsExactly(
            FIRST,
            new ModelFinding("b.py", 9, 0, "x = 1", "", "", null, "Danger: a colon", "m"),
            FIRST);
  }

  @Test
  void parse_readsAListOfLines() {
    String yaml =
        """
        findings:
          - path: src/a.py
            line: 3
            end_line: 4
            quote: eval(x)
            rule: code-injection
            severity: high
            cwe: CWE-95
            title: Runs input
            message: "Bad."
          - path: b.py
            line: 7
            quote: 'run: it'
            title: Runs: more
            message: |
              Two
              lines
        """;
    ParsedAnswer parsed = AnswerParser.parse(yaml);
    assertThat(parsed.findings()).startsWith(FIRST).hasSize(2);
    assertThat(parsed.findings().get(1).title()).isEqualTo("Runs: more");
    assertThat(parsed.findings().get(1).quote()).isEqualTo("run: it");
    assertThat(parsed.readable()).isTrue();
    assertThat(parsed.problems()).isNotEmpty();
  }

  @Test
  void parse_reportsACutAtEveryPlaceAndKeepsWhatCameWhole() {
    String whole = answer(ONE, ONE.replace("src/a.py", "b.py"));
    int second = whole.lastIndexOf('{');
    for (int cut = 1; cut < whole.length(); cut++) {
      ParsedAnswer parsed = AnswerParser.parse("```json\n" + whole.substring(0, cut));
      assertThat(parsed.truncated()).as("cut at %d", cut).isTrue();
      assertThat(parsed.problems()).isNotEmpty();
      int intact = cut < second - 2 ? 0 : 1;
      assertThat(parsed.findings().size()).as("cut at %d", cut).isGreaterThanOrEqualTo(intact);
    }
  }

  @Test
  void parse_reportsAWrongCount() {
    String answer = answer(ONE).replace("\"count\": 1", "\"count\": 5");
    ParsedAnswer parsed = AnswerParser.parse(answer);
    assertThat(parsed.findings()).containsExactly(FIRST);
    assertThat(parsed.problems()).containsExactly("the answer announces 5 finding(s) and has 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "I'm sorry, but I can't help with that.",
        "No issues found!",
        "{}",
        "null",
        "{\"error\": {\"message\": \"overloaded\"}}",
        "{\"findings\": \"none\"}",
        "I cannot review `main(String[] args)`.",
        "[] is a list; I looked at nothing."
      })
  void parse_takesNoRefusalForAnEmptyReview(String text) {
    ParsedAnswer parsed = AnswerParser.parse(text);
    assertThat(parsed.readable()).isFalse();
    assertThat(parsed.findings()).isEmpty();
  }

  @Test
  void parse_endsSoonOnHostileText() {
    List<String> texts =
        List.of(
            "{".repeat(2_000_000),
            "{\"path\":".repeat(150_000),
            "[".repeat(1_000_000),
            "{\"findings\":[".repeat(80_000),
            "{\"path\":\"".repeat(100_000) + "\"}",
            "- path: x\n".repeat(100_000),
            "\"\\".repeat(500_000),
            "{\"a\":" + "[".repeat(300_000) + "]".repeat(300_000) + "}");
    long start = System.nanoTime();
    for (String text : texts) {
      assertThat(AnswerParser.parse(text).findings()).hasSizeLessThanOrEqualTo(500);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void parse_keepsEveryIntactFindingOf300MutatedAnswers() {
    for (int seed = 0; seed < 300; seed++) {
      Mutation mutation = new Mutation(new Random(seed));
      ParsedAnswer parsed = AnswerParser.parse(mutation.text);
      assertThat(parsed.findings())
          .as("seed %d (%s): %s", seed, mutation.kind, mutation.text)
          .containsAll(mutation.intact);
      if (mutation.cut) {
        assertThat(parsed.truncated())
            .as("seed %d (%s): %s", seed, mutation.kind, mutation.text)
            .isTrue();
      }
      if (mutation.harmed) {
        assertThat(parsed.problems())
            .as("seed %d (%s): %s", seed, mutation.kind, mutation.text)
            .isNotEmpty();
      }
    }
  }

  /// An answer with something wrong with it, and the findings in it that nothing is wrong with.
  private static final class Mutation {
    private static final List<String> TEXTS =
        List.of(
            "plain words",
            "a: colon",
            "braces { and } and [brackets]",
            "\"quoted\" and \\ slashed",
            "two\nlines",
            "```python\neval(x)\n```",
            "{\"path\": \"fake.py\", \"title\": \"x\"}",
            "naïve – ünïcode 😀",
            "trailing, commas,",
            "it's fine");

    final List<ModelFinding> intact = new ArrayList<>();
    String text;
    String kind = "";
    boolean cut;
    boolean harmed;
    private final Random random;

    Mutation(Random random) {
      this.random = random;
      int size = 1 + random.nextInt(5);
      int victim = random.nextInt(size);
      int harm = random.nextInt(10);
      List<String> objects = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        ModelFinding finding =
            new ModelFinding(
                "src/f" + i + ".py",
                1 + random.nextInt(500),
                501,
                any(),
                "other",
                "low",
                null,
                i + " " + any(),
                any());
        String object = json(finding);
        String broken = i == victim ? broken(harm, object) : object;
        if (broken.equals(object)) {
          intact.add(finding);
        }
        objects.add(broken);
      }
      String separator = harm == 6 ? " " : random.nextBoolean() ? ",\n" : ", ";
      text = "{\"findings\": [" + String.join(separator, objects) + "]";
      text += random.nextBoolean() ? "}" : ", \"count\": " + size + "}";
      whole(harm, objects.size());
      frame();
    }

    private String broken(int harm, String object) {
      harmed = harm == 2 || harm == 3;
      kind =
          List.of("missing quote", "unquoted colon", "missing path", "not an object").get(harm & 3);
      return switch (harm) {
        case 0 -> object.replaceFirst("\"message\": \"", "\"message\": ");
        case 1 -> object.replaceFirst("\"title\": \"", "\"title\": Watch out: \"");
        case 2 -> object.replaceFirst("\"path\"", "\"where\"");
        case 3 -> "\"a finding\"";
        default -> object;
      };
    }

    private void whole(int harm, int size) {
      switch (harm) {
        case 4 -> {
          kind = "cut";
          int last = text.lastIndexOf("{\"path\": \"src/f");
          text = text.substring(0, last + 1 + random.nextInt(text.length() - last - 2));
          intact.removeIf(finding -> !text.contains(json(finding)));
          cut = true;
          harmed = true;
        }
        case 5 -> {
          kind = "wrong count";
          text = text.replaceAll("(, \"count\": \\d+)?\\}$", ", \"count\": " + (size + 3) + "}");
          harmed = true;
        }
        case 6 -> kind = "missing commas";
        case 7 -> {
          kind = "trailing commas";
          text = text.replaceFirst("\\](, \"count\": \\d+)?\\}$", ",],}");
        }
        case 8 -> {
          kind = "no wrapper";
          text = text.substring(text.indexOf('['), text.lastIndexOf(']') + 1);
        }
        default -> {}
      }
    }

    private void frame() {
      switch (random.nextInt(4)) {
        case 0 -> text = "```json\n" + text + (cut ? "" : "\n```");
        case 1 -> text = "Sure! I looked at [all] the {code}:\n" + text;
        case 2 -> text = text + (cut ? "" : "\nLet me know if {more} is needed.");
        default -> {}
      }
    }

    private String any() {
      return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private static String json(ModelFinding finding) {
      return "{\"path\": "
          + ModelTestBed.quoted(finding.path())
          + ", \"line\": "
          + finding.line()
          + ", \"end_line\": 501, \"quote\": "
          + ModelTestBed.quoted(finding.quote())
          + ", \"rule\": \"other\", \"severity\": \"low\", \"cwe\": \"\", \"title\": "
          + ModelTestBed.quoted(finding.title())
          + ", \"message\": "
          + ModelTestBed.quoted(finding.message())
          + "}";
    }
  }
}
