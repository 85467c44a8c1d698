package dev.prguard.review.rules.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.rules.code.Program;
import dev.prguard.review.syntax.GrammarPool;
import dev.prguard.review.syntax.GrammarProcess.NoAnswerException;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.SyntaxTree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Code that is written to keep the evaluator busy. What is asserted is the count of steps, not the
/// time.
class HostileCodeTest {

  /// The most that the last step can cost: a state of all of a file's variables.
  private static final long LAST_STEP = 50_000;

  private static final FlowModel PYTHON =
      new FlowModel(
          LanguageFile.of(ParsedLanguage.PYTHON),
          Map.of(
              0,
              new FlowSpec(
                  "shell",
                  List.of("request"),
                  List.of(),
                  List.of("os.system(0=tainted)"),
                  List.of("os.system(0=built)"),
                  List.of(),
                  List.of(),
                  List.of(),
                  FlowSpec.Around.ANYTHING)));

  private static String lines(int count, IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n"));
  }

  private static String row(int count, IntFunction<String> part) {
    return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(" "));
  }

  private static Map<String, String> programs() {
    Map<String, String> programs = new TreeMap<>();
    programs.put("50,000 functions", lines(50_000, i -> "def f" + i + "(a): return a"));
    programs.put(
        "a chain of assignments",
        "v0 = request.args\n" + lines(20_000, i -> "v" + (i + 1) + " = v" + i + " + v0"));
    programs.put(
        "branches over many variables",
        lines(4_000, i -> "v" + i + " = " + i)
            + "\n"
            + lines(4_000, i -> "if c" + i + ":\n  v" + i + " = request.args"));
    programs.put(
        "loops in loops",
        lines(60, i -> " ".repeat(i) + "for a" + i + " in b:") + "\n" + " ".repeat(60) + "x = a1");
    programs.put(
        "a match of 10,000 cases",
        "match x:\n" + lines(10_000, i -> "  case " + i + ":\n    y = " + i));
    programs.put(
        "a map of 20,000 keys",
        "m = {" + row(20_000, i -> "'k" + i + "': request.args,") + "}\nos.system(m)");
    programs.put(
        "schemas within themselves",
        "class A(Schema):\n"
            + lines(60, i -> "    f" + i + " = fields.Nested('A')")
            + "\n"
            + lines(400, i -> "os.system(A().load(request.args)['f" + i % 60 + "'])"));
    programs.put(
        "a JSON schema 60 wide, 8 deep",
        "s0 = {'type': 'string'}\n"
            + lines(
                8,
                i ->
                    "s"
                        + (i + 1)
                        + " = {'properties': {"
                        + row(60, k -> "'k" + k + "': s" + i + ",")
                        + "}}")
            + "\nb = request.args\njsonschema.validate(b, s8)\nos.system(b['k1'])");
    programs.put(
        "expressions of brackets",
        lines(
            400,
            i ->
                "if re.match('"
                    + "({[a-".repeat(180)
                    + "', request.args):\n    os.system(request.args)"));
    programs.put(
        "maps of one map, 64 times, 8 deep",
        "m0 = {'a': request.args}\n"
            + lines(
                8, i -> "m" + (i + 1) + " = {" + row(64, k -> "'k" + k + "': m" + i + ",") + "}")
            + "\n"
            + lines(2_000, _ -> "os.system(m8)"));
    programs.put(
        "functions that call each other",
        lines(
            40,
            i ->
                "def f"
                    + i
                    + "(a):\n"
                    + lines(40, k -> "  a = f" + k + "(a) + f" + (39 - k) + "(a)")));
    programs.put(
        "texts that double",
        "t = 'aaaaaaaaaaaaaaaa'\n"
            + lines(500, _ -> "t = ''.join([t, t, t, t])\nt = t.replace('a', t)"));
    programs.put("a sum of 1,000 parts", "x = " + row(1_000, i -> "y" + i + " +") + " z");
    programs.put("a giant text", "x = '" + "select ".repeat(100_000) + "'\nos.system(x + y)");
    programs.put(
        "keys of a cache, and what they are made of",
        lines(40, i -> "def k" + i + "(a):\n" + lines(40, k -> "  b = k" + k + "(a)"))
            + "\ndef f(a):\n"
            + lines(5_000, i -> "  key" + i + " = k" + (i % 40) + "(a)")
            + "\n"
            + lines(5_000, i -> "  cache.set(key" + i + ", a)"));
    programs.put(
        "lists of functions, gone through in one another",
        "fs = ["
            + row(16, i -> "f" + i + ",")
            + "]\n"
            + lines(16, i -> "def f" + i + "(a): return a")
            + "\nx = "
            + "[".repeat(12)
            + "g(a11)"
            + row(12, i -> "for a" + (11 - i) + " in fs]"));
    return programs;
  }

  static List<String> names() {
    return List.copyOf(programs().keySet());
  }

  @ParameterizedTest
  @MethodSource("names")
  void codeMadeToTakeLong_isGivenUpAfterItsShareOfSteps(String name) throws NoAnswerException {
    FlowAnalysis.Result result = run(programs().getOrDefault(name, ""));

    assertThat(result.steps()).isLessThan(Effort.ALLOWED + LAST_STEP);
    // On a busy machine the clock, which is there besides, may end it earlier.
    if (result.complete()) {
      assertThat(result.steps()).isLessThanOrEqualTo(Effort.ALLOWED);
    }
  }

  @Test
  void findingBeforeTheFlood_isReported() throws NoAnswerException {
    String flood = programs().getOrDefault("functions that call each other", "");

    FlowAnalysis.Result result = run("import os\nos.system(request.args)\n" + flood);

    assertThat(result.complete()).isFalse();
    assertThat(result.hits()).extracting(Hit::line).containsExactly(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void randomCode_staysWithinItsShare(long seed) throws NoAnswerException {
    FlowAnalysis.Result result = run(random(new Random(seed)));

    assertThat(result.steps()).as("seed " + seed).isLessThan(Effort.ALLOWED + LAST_STEP);
  }

  private static String random(Random random) {
    List<String> scraps =
        List.of(
            "v% = v% + v%",
            "v% = {'a': v%, 'b': v%}",
            "v% = [v%, v%] * 3",
            "v% = f%(v%)",
            "v%.append(v%['a'])",
            "if v% == v%:",
            "for v% in v%:",
            "while v%:",
            "def f%(v%):",
            "os.system('a' + v%)",
            "v% = request.args",
            "return v%");
    StringBuilder code = new StringBuilder();
    int indent = 0;
    for (int i = 0; i < 1_500; i++) {
      String scrap = scraps.get(random.nextInt(scraps.size()));
      code.append(" ".repeat(indent));
      for (int at = 0; at < scrap.length(); at++) {
        char c = scrap.charAt(at);
        code.append(c == '%' ? String.valueOf(random.nextInt(12)) : String.valueOf(c));
      }
      code.append('\n');
      if (scrap.endsWith(":")) {
        indent++;
      } else if (random.nextInt(3) == 0) {
        indent = random.nextInt(indent + 1);
      }
    }
    return code.toString();
  }

  private static FlowAnalysis.Result run(String code) throws NoAnswerException {
    SyntaxTree tree =
        GrammarPool.shared()
            .tree(
                ParsedLanguage.PYTHON,
                code.getBytes(StandardCharsets.UTF_8),
                Duration.ofSeconds(20));
    return FlowAnalysis.of(Program.of(ParsedLanguage.PYTHON, tree), PYTHON, _ -> Optional.empty());
  }
}
