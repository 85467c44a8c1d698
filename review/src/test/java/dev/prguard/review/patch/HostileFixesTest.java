package dev.prguard.review.patch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.change.Change;
import dev.prguard.review.diff.DiffApplier;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.result.PatchOutcome.Fix;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a hostile or a careless author of fixes may try.
final class HostileFixesTest {

  private static final PatchAgent AGENT = new PatchAgent(Fixture::scan, InstantSource.system());

  /// One for all tests: each would start a process.
  private static final SyntaxChecker SYNTAX = new SyntaxChecker(Duration.ofSeconds(10));

  private static final String LONG_CHECK =
      "    if not current_user.is_admin or not has_permission(current_user, 'w'): raise Denied()";

  private static final String APP =
      """
      import h

      def write(current_user, x):
      %s
          token = random(8)
          key = 'k'
          if x.ready:
              flush(x)
              done = random(x)
          return save(x, token)
      """
          .formatted(LONG_CHECK);

  /// Lines of APP with a finding that the model is asked about.
  private static final int LONG = 4;

  private static final int TOKEN = 5;
  private static final int DONE = 9;

  @AfterAll
  static void close() {
    SYNTAX.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Takes the check away, one way or another.
        "    pass",
        "",
        "    # if not current_user.is_admin or not has_permission(current_user, 'w'): raise Denied()",
        "    if not current_user.is_admin: raise Denied()",
        "    if not current_user.is_admin and not has_permission(current_user, 'w'): raise Denied()",
        "    if not current_user.is_admin or not has_permission(current_user, 'r'): raise Denied()",
        "    if current_user.is_admin or not has_permission(current_user, 'w'): raise Denied()",
        "    if False: raise Denied()",
        "    '''if not current_user.is_admin'''",
        // Moves it where it never runs.
        "    return 1\n    if not current_user.is_admin or not has_permission(current_user,"
            + " 'w'): raise Denied()",
        "    def check():\n        if not current_user.is_admin or not has_permission(\n"
            + "            current_user, 'w'): raise Denied()",
        // Adds something.
        "    import os; os.system('id')\n    if not current_user.is_admin or not"
            + " has_permission(\n            current_user, 'w'): raise Denied()",
        // Breaks the file.
        "    if not current_user.is_admin or not has_permission(current_user, 'w':",
        "if not current_user.is_admin or not has_permission(\n  current_user, 'w'): raise Denied()",
        // Does not mend it.
        LONG_CHECK,
        LONG_CHECK + "  ",
      })
  void styleFix_thatChangesCode_isNotOffered(String replacement) {
    assertNotOffered(LONG, replacement);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "    pass",
        "    # token = random(8)",
        "    token = choice(8)  # nosec",
        "    token = 8; return save(x, 1)",
        "    token = choice(8) if x else 1",
        "    token = eval('8')",
        "    token = fetch(8)",
        "    token = choice('http://evil.example/8')",
        "    token = choice('AKIA')",
        "    token = choice(8)  ",
        "    token = choice(8) \u200b",
        "    token = choice('\u202e8')",
        "    token = choice(8\u00ad)",
        "    token = choice('\udb40\udc41')",
        "    token = choice(8)\r    x = 1",
        "    token = choice(8)\u0000",
        "    token = choice('\ud800')",
        "    token = choice(8",
        "token = choice(8)",
        "        token = choice(8)",
        "    token = choice(8)\n    os.remove(x)",
        "    token = choice(8) == 8",
        "    @choice(8)",
        "    token = '''",
        "    key = 'k'\n    token = random(8)",
      })
  void securityFix_thatDoesMore_isNotOffered(String replacement) {
    assertNotOffered(TOKEN, replacement);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"    done = choice(x)", "            done = choice(x)", "done = choice(x)"})
  void securityFix_thatLeavesItsBlock_isNotOffered(String replacement) {
    assertNotOffered(DONE, replacement);
  }

  @Test
  void goodFixes_ofTheSameLines_areOffered() {
    assertThat(
            modelFix(LONG, LONG_CHECK.replace("(current_user, ", "(\n            current_user, ")))
        .isNotEmpty();
    assertThat(modelFix(TOKEN, "    token = choice(8)")).isNotEmpty();
    assertThat(modelFix(DONE, "        done = choice(x)")).isNotEmpty();
  }

  @Test
  void hugeReplacement_isNotOffered() {
    assertNotOffered(LONG, "\n".repeat(200) + LONG_CHECK.replace(" or not", " or \\\n not"));
    assertNotOffered(TOKEN, "    token = choice(" + " ".repeat(20_000) + "8)");
  }

  /// A blank inside a string is text, not style.
  @Test
  void mechanicalFix_insideAString_isNotOffered() {
    String code = "a = '''x \n\ty'''\nb = 1 \n";
    PatchOutcome outcome = mechanical("a.py", code, Fixture.scan("a.py", Fixture.bytes(code)));
    assertThat(outcome.fixes()).extracting(Fix::line).containsExactly(3);
    assertThat(outcome.rejected())
        .extracting(r -> r.check())
        .containsOnly("code keeps its meaning");
  }

  @Test
  void path_thatLeavesTheRepository_isNotOffered() {
    for (String path : List.of("../a.go", "/a.go", "a/../../b.go", ".git/hooks/a.go", "a//b.go")) {
      String code = "x \n";
      assertThat(mechanical(path, code, Fixture.scan(path, Fixture.bytes(code))).fixes())
          .as(path)
          .isEmpty();
    }
  }

  /// 300 files with fixes that are right, wrong, partial and hostile; in other places, of another
  /// head, over other lines. What is offered is right, whoever wrote it.
  @Test
  void randomFixes_offerNothingThatIsNotProven() {
    int offered = 0;
    int refused = 0;
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      String path = "src/f" + seed + List.of(".py", ".js", ".go", ".rb").get(random.nextInt(4));
      String code = code(random, path);
      int count = FileLines.of(Fixture.bytes(code)).count();
      int from = 1 + random.nextInt(count);
      int to = from + random.nextInt(count - from + 1);
      Fixture fixture = new Fixture().changed(path, code, from, to);
      List<Finding> findings = new ArrayList<>();
      for (Finding finding : Fixture.scan(path, Fixture.bytes(code))) {
        findings.add(twisted(random, finding, count));
      }
      if (random.nextInt(10) == 0) {
        code = random.nextBoolean() ? "\n" + code : code.replace("1", "2");
        fixture.head(path, code);
      }
      Map<String, String> written =
          findings.stream()
              .filter(f -> f.suggestion() == null)
              .collect(
                  Collectors.toMap(
                      Finding::fingerprint, f -> replacement(random, f.quote()), (a, b) -> a));
      Change change = fixture.change();

      PatchOutcome outcome = propose(change, findings, written);

      offered += outcome.issuesPatched();
      refused += outcome.rejected().size();
      assertProven(seed, path, code, findings, from, to, outcome);
    }
    // Neither side of the test may be empty.
    assertThat(offered).isGreaterThan(100);
    assertThat(refused).isGreaterThan(200);
    System.out.printf("300 files: %d fixes offered, %d refused%n", offered, refused);
  }

  private static void assertProven(
      int seed,
      String path,
      String code,
      List<Finding> findings,
      int from,
      int to,
      PatchOutcome outcome) {
    assertThat(outcome.issuesPatched()).as("seed %d", seed).isEqualTo(outcome.fixes().size());
    if (outcome.fixes().isEmpty()) {
      assertThat(outcome.unifiedDiff()).as("seed %d", seed).isNull();
      return;
    }
    List<String> lines = code.lines().toList();
    Map<Integer, Fix> byLine = new LinkedHashMap<>();
    for (Fix fix : outcome.fixes()) {
      assertThat(fix.line()).as("seed %d", seed).isBetween(from, to);
      assertThat(fix.endLine()).as("seed %d", seed).isBetween(fix.line(), to);
      for (int line = fix.line(); line <= fix.endLine(); line++) {
        assertThat(byLine.put(line, fix)).as("seed %d: line %d twice", seed, line).isNull();
      }
      Finding finding =
          findings.stream()
              .filter(f -> f.fingerprint().equals(fix.fingerprint()))
              .findFirst()
              .get();
      assertThat(lines.get(fix.line() - 1)).as("seed %d", seed).isEqualTo(finding.quote());
    }
    // Built here without the code under test: only the named lines are new.
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= lines.size(); i++) {
      Fix fix = byLine.get(i);
      if (fix == null) {
        expected.add(lines.get(i - 1));
      } else if (fix.line() == i) {
        expected.addAll(List.of(fix.replacement().split("\n", -1)));
      }
    }
    FileDiff diff =
        DiffParser.parse(Fixture.bytes(String.valueOf(outcome.unifiedDiff()))).files().getFirst();
    byte[] fixed = DiffApplier.apply(diff, Fixture.bytes(code));
    assertThat(fixed)
        .as("seed %d", seed)
        .isEqualTo(Fixture.bytes(String.join("\n", expected) + "\n"));
    List<Finding> before = Fixture.scan(path, Fixture.bytes(code));
    List<Finding> after = Fixture.scan(path, fixed);
    assertThat(after.size()).as("seed %d", seed).isLessThanOrEqualTo(before.size() - byLine.size());
    assertThat(after.stream().map(Finding::rule).filter("secret.key"::equals).count())
        .as("seed %d", seed)
        .isLessThanOrEqualTo(
            before.stream().map(Finding::rule).filter("secret.key"::equals).count());
  }

  private static String code(Random random, String path) {
    List<String> statements =
        List.of(
            "a = f(1)",
            "b = md5(1)",
            "c = random(1)",
            "d = g(2) ",
            "e = 'AKIA'",
            "i = h(1)",
            "j = call(aaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbb, cccccccccccc, ddd)");
    StringBuilder code = new StringBuilder();
    if (path.endsWith(".go")) {
      code.append("package p\n\nfunc q() {\n");
    }
    for (int i = 3 + random.nextInt(10); i > 0; i--) {
      if (path.endsWith(".go")) {
        code.append(random.nextBoolean() ? "\t" : "  ");
      }
      code.append(statements.get(random.nextInt(statements.size()))).append('\n');
    }
    return code.append(path.endsWith(".go") ? "}\n" : "").toString();
  }

  private static Finding twisted(Random random, Finding finding, int count) {
    String suggestion = finding.suggestion();
    return switch (random.nextInt(8)) {
      case 0 -> {
        int line = 1 + random.nextInt(count);
        yield Fixture.at(finding, line, line, finding.quote(), suggestion);
      }
      case 1 ->
          Fixture.at(finding, finding.line(), finding.line() + 2, finding.quote(), suggestion);
      case 2 -> Fixture.at(finding, finding.line(), finding.line(), "another line", suggestion);
      case 3 ->
          suggestion == null
              ? finding
              : Fixture.fixedBy(finding, replacement(random, finding.quote()));
      default -> finding;
    };
  }

  private static String replacement(Random random, String line) {
    return switch (random.nextInt(14)) {
      case 0 -> "";
      case 1 -> line;
      case 2 -> line + " ";
      case 3 -> line.replace("(", "");
      case 4 -> line.replace("(", "((");
      case 5 -> "k = 'AKIA'";
      case 6 -> line + "\nevil = 1";
      case 7 -> line.replace("random(", "choice(") + "\u200b";
      case 8 -> line.replace("random(", "eval(");
      case 9 -> line.replace("random(", "choice(") + "\n}\n{";
      case 10 -> "md5(1)";
      case 11 -> line.replace(", b", ",\n    b");
      default -> line.replace("random(", "choice(").replace(", c", ",\n    c");
    };
  }

  private static void assertNotOffered(int line, String replacement) {
    assertThat(modelFix(line, replacement)).isEmpty();
  }

  private static List<Fix> modelFix(int line, String replacement) {
    Finding finding =
        Fixture.scan("app.py", Fixture.bytes(APP)).stream()
            .filter(f -> f.line() == line)
            .findFirst()
            .orElseThrow();
    PatchOutcome outcome =
        propose(
            new Fixture().added("app.py", APP).change(),
            List.of(finding),
            Map.of(finding.fingerprint(), replacement));
    assertThat(outcome.fixes().size() + outcome.rejected().size()).isEqualTo(1);
    return outcome.fixes();
  }

  private static PatchOutcome mechanical(String path, String code, List<Finding> findings) {
    return propose(new Fixture().added(path, code).change(), findings, Map.of());
  }

  private static PatchOutcome propose(
      Change change, List<Finding> findings, Map<String, String> written) {
    Drafts drafts =
        AGENT.draft(
            change, findings, PatchPolicy.SAFE_WITH_MODEL, Optional.of(requests -> written));
    return AGENT.prove(change, drafts, SYNTAX);
  }
}
