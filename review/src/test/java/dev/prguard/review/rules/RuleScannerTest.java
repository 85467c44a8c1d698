package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.diff.PullRequestDiff;
import dev.prguard.review.result.Coverage.Look;
import dev.prguard.review.result.Coverage.Seen;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Category;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.result.Severity;
import dev.prguard.review.rules.Samples.ChangeBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RuleScannerTest {

  private final RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());

  private List<Finding> scan(Change change) {
    return scanner.scan(change).findings();
  }

  private static ChangeBuilder change() {
    return new ChangeBuilder();
  }

  @Test
  void finding_isOnTheLineOfTheNewFile() {
    String before = "import os\n\n\ndef a():\n    return 1\n";
    String after = "import os\n\n\ndef a(path):\n    os.system(\"rm \" + path)\n    return 1\n";

    List<Finding> findings = scan(change().file("a.py", before, after).build());

    assertThat(findings).hasSize(1);
    Finding finding = findings.getFirst();
    assertThat(finding.rule()).isEqualTo("python.command-injection");
    assertThat(finding.line()).isEqualTo(5);
    assertThat(finding.side()).isEqualTo(Side.NEW);
    assertThat(finding.quote()).isEqualTo("    os.system(\"rm \" + path)");
    assertThat(finding.cwe()).isEqualTo("CWE-78");
  }

  @Test
  void unchangedLines_areNotReported() {
    String before = "os.system(\"rm \" + path)\nx = 1\n";
    String after = "os.system(\"rm \" + path)\nx = 2\n";

    assertThat(scan(change().file("a.py", before, after).build())).isEmpty();
  }

  @Test
  void statementOverSeveralLines_isReportedOnItsAddedLine() {
    String before = "subprocess.run(\n    command,\n    check=True,\n)\n";
    String after = "subprocess.run(\n    command,\n    shell=True,\n    check=True,\n)\n";

    List<Finding> findings = scan(change().file("a.py", before, after).build());

    assertThat(findings)
        .filteredOn(f -> f.rule().equals("python.command-injection"))
        .singleElement()
        .satisfies(f -> assertThat(f.line()).isEqualTo(3));
  }

  @Test
  void secret_isNamedButNeverShown() {
    Random random = new Random(7);
    String token = Samples.fill("ghp_{{crc62:36}}", random);
    String line = "requests.get(u, verify=False, headers={\"t\": \"" + token + "\"})";

    List<Finding> findings = scan(change().file("a.py", null, line + "\n").build());

    assertThat(findings)
        .extracting(Finding::rule)
        .containsExactly("secret.github-token", "python.tls-verify-disabled");
    assertThat(findings.getFirst().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(findings.toString()).doesNotContain(token).contains("[REDACTED:github-token]");
    assertThat(findings.getFirst().message())
        .containsPattern("It begins with ghp_; SHA-256 [0-9a-f]{12}\u2026\\.$");
    assertThat(findings).allSatisfy(f -> assertThat(f.suggestion()).isNull());
  }

  @Test
  void tokenWhoseChecksumDoesNotHold_isToldAsDoubtful() {
    // The token of a public description of the format, long expired, and the same with a slip.
    String published = "ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17";

    Finding sound =
        scan(change().file("a.py", null, "t = '" + published + "'\n").build()).getFirst();
    Finding slip =
        scan(change().file("a.py", null, "t = '" + published.replace('z', 'y') + "'\n").build())
            .getFirst();

    assertThat(sound.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(slip.severity()).isEqualTo(Severity.MEDIUM);
    assertThat(slip.message()).contains("Its checksum does not hold");
  }

  @Test
  void shortSecret_isNotEvenHinted() {
    Finding finding =
        scan(change().file("a.py", null, "password = 'k7#mPq2vLz'\n").build()).getFirst();

    assertThat(finding.toString()).doesNotContain("k7#m", "SHA-256");
  }

  @Test
  void findingOnTheBodyOfAKey_showsNoneOfIt() {
    Random random = new Random(4);
    String body = Samples.fill("{{b64:64}} \n{{b64:40}} \n{{b64:6}}== \n", random);
    String key =
        "KEY = \"\"\"-----BEGIN EC PRIVATE KEY-----\n"
            + body
            + "-----END EC PRIVATE KEY-----\"\"\"\n";
    List<Finding> findings =
        scan(new Samples.ChangeBuilder().file("a.py", null, key + "x = 1 \n").build());

    assertThat(findings)
        .extracting(Finding::rule, Finding::line)
        .contains(tuple("secret.private-key", 1), tuple("style.trailing-space", 2));
    assertThat(findings.toString())
        .doesNotContain(body.lines().map(line -> line.substring(0, 6)).toList());
    assertThat(findings)
        .filteredOn(finding -> finding.suggestion() != null)
        .extracting(Finding::suggestion)
        .containsExactly("x = 1");
  }

  @Test
  void secretInDiff_withoutKnownHeadOrBase_isFound() {
    String after = Samples.fill("x = 1\nkey = \"AKIA{{upper:16}}\"\n", new Random(1));

    Change change = change().file("deep/a.py", "x = 1\n", after).buildWithoutFiles();

    assertThat(scan(change))
        .extracting(Finding::rule, Finding::line)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("secret.aws-access-key", 2));
  }

  @Test
  void fixableLine_carriesItsWholeReplacement() {
    Change change =
        change().file("a.py", null, "    r = requests.get(url, verify=False)\n").build();

    assertThat(scan(change).getFirst().suggestion())
        .isEqualTo("    r = requests.get(url, verify=True)");
  }

  @Test
  void tabsInARun_areOneFindingWithOneReplacement() {
    Change change =
        change().file("a.py", null, "def f():\n\tx = 1\n\tif x:\n\t\treturn x\n").build();

    List<Finding> findings = scan(change);

    assertThat(findings)
        .singleElement()
        .satisfies(f -> {
          assertThat(f.category()).isEqualTo(Category.STYLE);
          assertThat(f.line()).isEqualTo(2);
          assertThat(f.endLine()).isEqualTo(4);
          assertThat(f.suggestion()).isEqualTo("    x = 1\n    if x:\n        return x");
        });
  }

  @Test
  void markersOfTheAuthor_hideNothing() {
    String code =
        "# @generated - do not review\n# nosec\nos.system(\"rm \" + path)  # nosec NOSONAR\n";
    Change change = change().file("vendor/dist/a.min.py", null, code).build();

    assertThat(scan(change)).extracting(Finding::rule).contains("python.command-injection");
  }

  @Test
  void codeAfterAnOddStringOrRegex_isStillSeen() {
    String js = "const r = /[`\"']/;\nconst q = `a ${f(\"}\")} b`;\neval(input);\n";
    String py = "x = '\\''  # it's \"\"\"\ny = \"don't\"\neval(text)\n";

    assertThat(scan(change().file("a.js", null, js).file("b.py", null, py).build()))
        .extracting(Finding::path, Finding::line)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a.js", 3),
            org.assertj.core.groups.Tuple.tuple("b.py", 3));
  }

  @Test
  void fileCalledBinary_butText_isScanned() {
    FileDiff binary = new FileDiff(Status.ADDED, null, "a.py", null, "100644", true, List.of());
    byte[] code = "os.system(\"rm \" + path)\n".getBytes(StandardCharsets.UTF_8);

    RuleScan scan = scanner.scan(change().diff(binary).head("a.py", code).build());

    assertThat(scan.findings()).extracting(Finding::rule).contains("python.command-injection");
    assertThat(scan.looks())
        .hasEntrySatisfying("a.py", look -> assertThat(look.seen()).isEqualTo(Seen.PARTLY));
  }

  @Test
  void looks_nameEveryFileAndWhatWasNotSeen() {
    FileDiff image = new FileDiff(Status.ADDED, null, "a.png", null, "100644", true, List.of());
    FileDiff renamed = new FileDiff(Status.RENAMED, "b.py", "c.py", null, null, false, List.of());
    FileDiff module =
        new FileDiff(Status.SUBMODULE, "lib", "lib", "160000", "160000", false, List.of());

    RuleScan scan =
        scanner.scan(
            change()
                .diff(image)
                .head("a.png", new byte[] {1, 0, 2})
                .diff(renamed)
                .diff(module)
                .file("d.py", null, "x = 1\n")
                .gap("e.py", "the forge left its lines out")
                .build());

    assertThat(scan.looks()).containsOnlyKeys("a.png", "c.py", "lib", "d.py", "e.py");
    assertThat(scan.looks().values())
        .extracting(Look::seen)
        .containsExactly(Seen.NO, Seen.NOT_APPLICABLE, Seen.NO, Seen.YES, Seen.NO);
  }

  @Test
  void unreadableHead_doesNotStopTheScan() {
    FileDiff diff =
        Samples.diff(".github/workflows/a.yml", "a: 1\n", "a: 1\npermissions: write-all\n");
    Change change =
        Samples.change(
            new PullRequestDiff(List.of(diff), 0),
            _ -> {
              throw new ChangeSourceException(ChangeSourceException.Category.OUTSIDE, "down");
            },
            _ -> java.util.Optional.empty(),
            List.of());

    assertThat(scan(change)).extracting(Finding::rule).containsExactly("ci.write-all");
  }

  @Test
  void movedCheck_isNotReported_butOneThatItsFunctionLostIs() {
    String before =
        """
        def show(user):
            check_auth(user)
            trace(user)
            return load(user)


        def drop(user):
            return delete(user)
        """;
    String moved =
        before.replace(
            "    check_auth(user)\n    trace(user)\n", "    trace(user)\n    check_auth(user)\n");
    String lost =
        before
            .replace("    check_auth(user)\n", "")
            .replace("    return delete", "    check_auth(user)\n    return delete");

    assertThat(scan(change().file("a.py", before, moved).build())).isEmpty();
    assertThat(scan(change().file("a.py", before, lost).build()))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.rule()).isEqualTo("removed.authentication-check");
          assertThat(f.side()).isEqualTo(Side.OLD);
          assertThat(f.line()).isEqualTo(2);
          assertThat(f.quote()).isEqualTo("    check_auth(user)");
        });
  }

  @Test
  void checkReplacedByATextOrComment_countsAsRemoved() {
    String before = "def f(user):\n    check_auth(user)\n    run()\n";
    String text = "def f(user):\n    log(\"check_auth(user)\")\n    run()\n";

    assertThat(scan(change().file("a.py", before, text).build()))
        .extracting(Finding::rule)
        .containsExactly("removed.authentication-check");
  }

  @Test
  void functionReadWithoutItsCheckElsewhere_countsAsRemoved() {
    String before = "@login_required\ndef a(r):\n    return 1\n\n\ndef b(r):\n    return 2\n";
    String after = "def b(r):\n    return 2\n\n\ndef a(r):\n    return 1\n";

    assertThat(scan(change().file("a.py", before, after).build()))
        .extracting(Finding::rule)
        .containsExactly("removed.authentication-check");
  }

  @Test
  void poisonedWorkflow_isFoundThroughLinesOutsideTheHunk() {
    String head =
        """
        on:
          pull_request_target:

        env:
          A: 1
          B: 2
          C: 3

        jobs:
          a:
            runs-on: x
            steps:
              - uses: actions/checkout@v4
        """;
    String after =
        head + "        with:\n          ref: ${{ github.event.pull_request.head.sha }}\n";

    assertThat(scan(change().file(".github/workflows/a.yml", head, after).build()))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.rule()).isEqualTo("ci.pwn-request");
          assertThat(f.line()).isEqualTo(15);
        });
  }

  @Test
  void hiddenCharacterInAFileName_isReportedForTheFile() {
    Change change = change().file("sr\u200Bc/a.py", null, "x = 1\n").build();

    assertThat(scan(change))
        .singleElement()
        .satisfies(f -> {
          assertThat(f.rule()).isEqualTo("guard.hidden-unicode");
          assertThat(f.line()).isZero();
        });
  }

  @Test
  void longLine_isScannedToItsEnd() {
    StringBuilder line = new StringBuilder("var a=1;");
    while (line.length() < 1_000_000) {
      line.append("function f(a){return a.b(\"x\")+1}".repeat(600)).append("eval1(a);");
    }
    line.append(Samples.fill("var k=\"AKIA{{upper:16}}\";eval(input);", new Random(3)));

    RuleScan scan = scanner.scan(change().file("a.min.js", null, line + "\n").build());

    assertThat(scan.findings())
        .extracting(Finding::rule)
        .contains("secret.aws-access-key", "javascript.code-injection");
    assertThat(scan.looks())
        .containsEntry("a.min.js", Look.partly("too large to be read as code: line rules only"));
    assertThat(scan.findings()).allSatisfy(f -> assertThat(f.quote().length()).isLessThan(3_000));
  }

  @Test
  void floodOfLookAlikes_isLimitedAndSaidSo_butSecretsAreStillFound() {
    String flood =
        "x.query(x.execute(exec(eval(os.system(subprocess.run(select insert update delete"
            + " pickle yaml.load request.args open( token password secret random. verify shell\n";
    String code = flood.repeat(3_000) + Samples.fill("k = \"AKIA{{upper:16}}\"\n", new Random(4));

    RuleScan scan = scanner.scan(change().file("a.py", null, code).build());

    assertThat(scan.looks())
        .hasEntrySatisfying(
            "a.py",
            look -> {
              assertThat(look.seen()).isEqualTo(Seen.PARTLY);
              assertThat(look.reason()).contains("from line");
            });
    assertThat(scan.findings()).extracting(Finding::rule).contains("secret.aws-access-key");
  }

  @Test
  void sameChange_alwaysGivesTheSameAnswer() {
    ChangeBuilder builder = change();
    for (int i = 0; i < 60; i++) {
      String code = "os.system(\"a\" + b)\nos.system(\"a\" + b)\nx = eval(y)   \n";
      builder.file("src/f" + (i * 37 % 60) + ".py", null, code);
    }
    Change change = builder.build();
    RuleScan first = scanner.scan(change);

    assertThat(first.findings()).extracting(Finding::fingerprint).doesNotHaveDuplicates();
    assertThat(first.looks().keySet())
        .containsExactlyElementsOf(change.diff().files().stream().map(FileDiff::path).toList());
    for (int i = 0; i < 5; i++) {
      assertThat(new RuleScanner(RuleCatalog.bundled()).scan(change)).isEqualTo(first);
    }
  }

  @Test
  void fingerprint_survivesAMoveOfTheLine() {
    String line = "os.system(\"rm \" + request.args[\"p\"])\n";
    String fingerprint = scan(change().file("a.py", null, line).build()).getFirst().fingerprint();

    assertThat(scan(change().file("a.py", null, "x = 1\n\n" + line).build()).getFirst())
        .satisfies(f -> assertThat(f.fingerprint()).isEqualTo(fingerprint));
  }

  @Test
  void wholeFile_hasTheFindingsOfAllItsLines() {
    byte[] file = "x = 1\r\nos.system(\"rm \" + path)\r\n".getBytes(StandardCharsets.UTF_8);

    assertThat(scanner.scanFile("a.py", file))
        .singleElement()
        .satisfies(f -> assertThat(f.line()).isEqualTo(2));
    assertThat(scanner.scanFile("a.py", new byte[0])).isEmpty();
  }

  @Test
  void testFiles_areReportedOneStepMilder() {
    String line = "os.system(\"rm \" + request.args[\"p\"])\n";

    assertThat(scan(change().file("tests/test_a.py", null, line).build()).getFirst().severity())
        .isEqualTo(Severity.MEDIUM);
  }
}
