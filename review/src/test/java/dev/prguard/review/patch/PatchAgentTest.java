package dev.prguard.review.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.prguard.review.change.Change;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.result.PatchOutcome.Fix;
import dev.prguard.review.result.PatchOutcome.Rejection;
import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.review.rules.RuleScanner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PatchAgentTest {

  private static final PatchAgent AGENT = new PatchAgent(Fixture::scan, InstantSource.system());

  @Test
  void propose_mechanicalFixes_areProvenAndGitTakesThem() {
    String code = "import h\r\n\r\ndef f(x):\r\n\treturn h.md5(x)\r\n\r\ndef g(x):\r\n\treturn x";
    Fixture fixture = new Fixture().added("src/a b.py", code);
    List<Finding> findings = Fixture.scan("src/a b.py", Fixture.bytes(code));

    PatchOutcome outcome = propose(fixture.change(), findings);

    // The md5 line has a tab too: two fixes of one line, the first wins.
    assertThat(outcome.issuesTotal()).isEqualTo(3);
    assertThat(outcome.issuesSafe()).isEqualTo(3);
    assertThat(outcome.issuesPatched()).isEqualTo(2);
    assertThat(outcome.rejected()).extracting(Rejection::check).containsExactly("no overlap");
    assertThat(outcome.fixes().getFirst().checks())
        .containsExactly(
            "exact head",
            "finding is there",
            "changed lines only",
            "harmless text",
            "parses",
            "code keeps its meaning",
            "finding gone, none new",
            "patch applies");
    assertThat(outcome.unifiedDiff())
        .isEqualTo(
            """
            diff --git a/src/a b.py b/src/a b.py
            --- a/src/a b.py\t
            +++ b/src/a b.py\t
            @@ -1,7 +1,7 @@
             import h\r
             \r
             def f(x):\r
            -\treturn h.md5(x)\r
            +    return h.md5(x)\r
             \r
             def g(x):\r
            -\treturn x
            \\ No newline at end of file
            +    return x
            \\ No newline at end of file
            """);
  }

  @Test
  void propose_bundledRules_fixWhatTheyFind() {
    String code =
        "import hashlib\n\n\ndef f(x):   \n    return x\n\n\ndef g(y):\n    return y \t\n";
    Fixture fixture = new Fixture().added("a.py", code);
    RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());
    List<Finding> findings = scanner.scan(fixture.change()).findings();
    assertThat(findings).hasSize(2);

    PatchOutcome outcome =
        new PatchAgent(scanner::scanFile, InstantSource.system())
            .propose(fixture.change(), findings, PatchPolicy.SAFE, Optional.empty());

    assertThat(outcome.rejected()).isEmpty();
    assertThat(outcome.fixes())
        .extracting(Fix::replacement)
        .containsExactly("def f(x):", "    return y");
  }

  @Test
  void propose_besideASecret_showsNoneOfIt() {
    String token = "ghp_" + "a1B2c3D4e5F6".repeat(3);
    String code =
        "T = '" + token + "'\nx = 1 \ny = 2\nz = 3 \nU = '" + token + "'\nv = 4 \nw = 5\n";
    Fixture fixture = new Fixture().added("a.py", code);
    RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());

    PatchOutcome outcome =
        new PatchAgent(scanner::scanFile, InstantSource.system())
            .propose(
                fixture.change(),
                scanner.scan(fixture.change()).findings(),
                PatchPolicy.SAFE,
                Optional.empty());

    assertThat(outcome.unifiedDiff())
        .isEqualTo(
            """
            diff --git a/a.py b/a.py
            --- a/a.py
            +++ b/a.py
            @@ -2,3 +2,3 @@
            -x = 1\s
            +x = 1
             y = 2
             z = 3\s
            @@ -6,2 +6,2 @@
            -v = 4\s
            +v = 4
             w = 5
            """);
    assertThat(outcome.rejected())
        .extracting(Rejection::line, Rejection::reason)
        .containsExactly(tuple(4, "the patch would show a secret"));
  }

  @Test
  void propose_headNotKnown_saysSo() {
    Fixture fixture = new Fixture().changed("a.py", "x = 1\n\ty = 2\n", 2, 2).head("a.py", null);
    Finding tab = Fixture.scan("a.py", Fixture.bytes("x = 1\n\ty = 2\n")).getFirst();
    assertThat(only(propose(fixture.change(), List.of(tab))).reason())
        .isEqualTo("head content not known");
  }

  @Test
  void propose_otherHead_rejectsAll() {
    String code = "if a:\n\tb()\n";
    Fixture fixture = new Fixture().added("a.py", code).head("a.py", "\n" + code);
    assertThat(only(propose(fixture.change(), Fixture.scan("a.py", Fixture.bytes(code)))).check())
        .isEqualTo("exact head");
  }

  @Test
  void propose_lineThatTheChangeDoesNotAdd_isLeftAlone() {
    String code = "if a:\n\tb()\n\tc()\n";
    Fixture fixture = new Fixture().changed("a.go", code, 3, 3);
    Finding second = Fixture.scan("a.go", Fixture.bytes(code)).getFirst();
    assertThat(only(propose(fixture.change(), List.of(second))).check())
        .isEqualTo("changed lines only");
  }

  @Test
  void propose_fixThatOnlyMakesSenseWithAnother_isNotOffered() {
    // One tab of two becomes spaces: Python does not take the mixture.
    String code = "if a:\n\tb()\n\tc()\n";
    Fixture fixture = new Fixture().added("a.py", code);
    PatchOutcome outcome = propose(fixture.change(), Fixture.scan("a.py", Fixture.bytes(code)));
    for (Fix fix : outcome.fixes()) {
      assertThat(fix.checks()).contains("parses");
    }
    assertThat(outcome.fixes().size() + outcome.rejected().size()).isEqualTo(2);
  }

  @Test
  void propose_timeIsOver_saysSo() {
    String code = "\tx = 1\n";
    Fixture fixture = new Fixture().added("a.go", code);
    PatchOutcome outcome =
        new PatchAgent(Fixture::scan, InstantSource.system(), Duration.ZERO)
            .propose(
                fixture.change(),
                Fixture.scan("a.go", Fixture.bytes(code)),
                PatchPolicy.SAFE,
                Optional.empty());
    assertThat(only(outcome).check()).isEqualTo("limits");
    assertThat(outcome.unifiedDiff()).isNull();
  }

  @Test
  void propose_unknownLanguage_changesWhitespaceOnly() {
    String code = "\tx = md5(y)\nz \n";
    Fixture fixture = new Fixture().added("a.rb", code);
    List<Finding> findings = new ArrayList<>(Fixture.scan("a.rb", Fixture.bytes(code)));
    findings.removeIf(f -> f.rule().equals("style.tab"));
    PatchOutcome outcome = propose(fixture.change(), findings);
    assertThat(only(outcome).check()).isEqualTo("parses");
    assertThat(outcome.fixes()).extracting(Fix::line).containsExactly(2);
    assertThat(outcome.fixes().getFirst().checks())
        .contains("whitespace only (no grammar for .rb)");
  }

  @Test
  void propose_fileBrokenBefore_mendsOtherLines() {
    String code = "package a\n\nfunc f( {}\n\nfunc g() int {\n\treturn md5(1)\n}\n";
    Fixture fixture = new Fixture().added("a.go", code);
    List<Finding> findings = new ArrayList<>(Fixture.scan("a.go", Fixture.bytes(code)));
    findings.removeIf(f -> f.rule().equals("style.tab"));
    PatchOutcome outcome = propose(fixture.change(), findings);
    assertThat(outcome.fixes()).hasSize(1);
    assertThat(outcome.fixes().getFirst().checks()).contains("parses as before");
  }

  @Test
  void propose_model_isAskedOnlyForWhatItMayFix() {
    String longLine = "x = call(aaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbb, ccccccc)";
    String code = "import q\n" + longLine + "\ny = random(1)\nk = 'AKIA'\nz = md5(1)\n";
    Fixture fixture = new Fixture().added("a.py", code);
    List<Finding> findings = Fixture.scan("a.py", Fixture.bytes(code));
    List<FixRequest> asked = new ArrayList<>();
    FixWriter writer =
        requests -> {
          asked.addAll(requests);
          return requests.stream()
              .collect(
                  Collectors.toMap(
                      r -> r.finding().fingerprint(),
                      r ->
                          r.finding().rule().equals("style.long")
                              ? longLine.replace(", bbb", ",\n         bbb")
                              : "y = choice(1)"));
        };

    PatchOutcome outcome =
        AGENT.propose(fixture.change(), findings, PatchPolicy.SAFE_WITH_MODEL, Optional.of(writer));

    assertThat(asked)
        .extracting(r -> r.finding().rule())
        .containsExactly("style.long", "weak.random");
    assertThat(asked.getFirst().numberedLines()).startsWith("1: import q\n2: x = call(");
    assertThat(outcome.rejected()).isEmpty();
    assertThat(outcome.issuesTotal()).isEqualTo(4);
    assertThat(outcome.issuesSafe()).isEqualTo(3);
    assertThat(outcome.fixes()).extracting(Fix::line).containsExactly(2, 3, 5);
    assertThat(outcome.fixes())
        .extracting(Fix::source)
        .containsExactly(Finding.Source.MODEL, Finding.Source.MODEL, Finding.Source.RULE);
    assertThat(outcome.fixes().getFirst().checks()).contains("code keeps its meaning");
  }

  @Test
  void propose_safePolicy_neverAsksTheModel() {
    String code = "y = random(1)\n";
    FixWriter writer =
        requests -> {
          throw new AssertionError("asked");
        };
    PatchOutcome outcome =
        AGENT.propose(
            new Fixture().added("a.py", code).change(),
            Fixture.scan("a.py", Fixture.bytes(code)),
            PatchPolicy.SAFE,
            Optional.of(writer));
    assertThat(outcome).isEqualTo(new PatchOutcome(1, 0, 0, null, List.of(), List.of(), null));
  }

  @Test
  void propose_replacementNobodyAskedFor_isIgnored() {
    String code = "y = random(1)\nk = 'AKIA'\n";
    List<Finding> findings = Fixture.scan("a.py", Fixture.bytes(code));
    FixWriter writer = requests -> Map.of(findings.get(1).fingerprint(), "k = ''", "x", "y");
    PatchOutcome outcome =
        AGENT.propose(
            new Fixture().added("a.py", code).change(),
            findings,
            PatchPolicy.SAFE_WITH_MODEL,
            Optional.of(writer));
    assertThat(outcome.generated()).isFalse();
  }

  private static PatchOutcome propose(Change change, List<Finding> findings) {
    return AGENT.propose(change, findings, PatchPolicy.SAFE, Optional.empty());
  }

  private static Rejection only(PatchOutcome outcome) {
    assertThat(outcome.rejected()).hasSize(1);
    return outcome.rejected().getFirst();
  }
}
