package dev.prguard.review.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Category;
import dev.prguard.review.result.Finding.Source;
import dev.prguard.review.result.Fingerprint;
import dev.prguard.review.result.Risk;
import dev.prguard.review.result.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArchitectTest {

  @Test
  void assess_ruleAndModelOnOneLineWithOneCwe_keepsTheRuleWithTheHigherSeverity() {
    Finding rule = finding("a.py", 3, "python.sql-injection", Severity.MEDIUM, "CWE-89");
    Finding model = model("a.py", 3, "model.injection", Severity.CRITICAL, "CWE-89", "drop table");

    Finding merged = only(Architect.assess(List.of(rule), List.of(model)).findings());

    assertThat(merged.fingerprint()).isEqualTo(rule.fingerprint());
    assertThat(merged.rule()).isEqualTo("python.sql-injection");
    assertThat(merged.source()).isEqualTo(Source.RULE);
    assertThat(merged.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(merged.message()).isEqualTo(rule.message() + "\n\ndrop table");
  }

  @Test
  void assess_modelSaysLess_doesNotLower() {
    Finding rule = finding("a.py", 3, "python.sql-injection", Severity.HIGH, "CWE-89");
    Finding model = model("a.py", 3, "model.sql-injection", Severity.LOW, null, "harmless");

    Finding merged = only(Architect.assess(List.of(rule), List.of(model)).findings());

    assertThat(merged.severity()).isEqualTo(Severity.HIGH);
    assertThat(merged.message()).startsWith(rule.message());
  }

  @Test
  void assess_modelHasASuggestionForARulesFinding_doesNotTakeIt() {
    Finding rule = finding("a.py", 3, "python.eval", Severity.HIGH, "CWE-95");
    Finding model =
        new Finding(
            "a.py",
            Finding.Side.NEW,
            3,
            3,
            "model.eval",
            "t",
            "m",
            Severity.HIGH,
            Category.SECURITY,
            "CWE-95",
            Source.MODEL,
            "q",
            "f",
            "os.system('x')");

    assertThat(only(Architect.assess(List.of(rule), List.of(model)).findings()).suggestion())
        .isNull();
  }

  @Test
  void assess_sameLineOtherKind_keepsBoth() {
    Finding rule = finding("a.py", 3, "python.sql-injection", Severity.HIGH, "CWE-89");
    Finding model = model("a.py", 3, "model.race", Severity.LOW, "CWE-362", "race");
    assertThat(Architect.assess(List.of(rule), List.of(model)).findings())
        .containsExactly(rule, model);
  }

  @Test
  void assess_twoModelFindingsOfOneKind_mergesThem() {
    Finding one = model("a.py", 3, "model.race", Severity.LOW, "CWE-362", "first");
    Finding two = model("a.py", 3, "model.toctou", Severity.HIGH, "CWE-362", "second");
    Finding merged = only(Architect.assess(List.of(), List.of(one, two)).findings());
    assertThat(merged.severity()).isEqualTo(Severity.HIGH);
    assertThat(merged.message()).isEqualTo("second\n\nfirst");
  }

  @Test
  void assess_modelFindingOverAWholeRegion_isNotTheDuplicateOfALine() {
    Finding rule = finding("a.py", 30, "python.weak-hash", Severity.LOW, "CWE-327");
    Finding region =
        new Finding(
            "a.py",
            Finding.Side.NEW,
            1,
            90,
            "model.weak-hash",
            "t",
            "m",
            Severity.HIGH,
            Category.SECURITY,
            "CWE-327",
            Source.MODEL,
            "q",
            "f",
            null);
    assertThat(Architect.assess(List.of(rule), List.of(region)).findings()).hasSize(2);
  }

  @Test
  void assess_ranks_bySeverityThenSecurityThenPlace() {
    Finding style = style("a.py", 1, Severity.HIGH);
    Finding high = finding("b.py", 9, "x.one", Severity.HIGH, null);
    Finding earlier = finding("b.py", 2, "x.two", Severity.HIGH, null);
    Finding critical = finding("z.py", 9, "x.three", Severity.CRITICAL, null);
    assertThat(Architect.assess(List.of(style, high, critical, earlier), List.of()).findings())
        .containsExactly(critical, earlier, high, style);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0,0,0,0, LOW, 1, no security finding",
    "0,0,0,0,9, LOW, 1, 'no security finding, 9 style findings'",
    "0,0,0,4,1, LOW, 1, '4 low security findings, 1 style finding'",
    "0,0,1,0,0, MEDIUM, 4, 1 medium security finding",
    "0,0,4,0,0, MEDIUM, 4, 4 medium security findings",
    "0,0,5,0,0, HIGH, 7, 5 medium security findings; 5 medium ones weigh as much as a high one",
    "0,1,0,0,0, HIGH, 7, 1 high security finding",
    "0,2,0,1,0, HIGH, 7, '2 high, 1 low security findings'",
    "0,3,0,0,0, CRITICAL, 10, 3 high security findings; 3 high ones weigh as much as a critical one",
    "1,0,0,0,0, CRITICAL, 10, 1 critical security finding",
  })
  void risk_followsTheRulesOfThumb(
      int critical,
      int high,
      int medium,
      int low,
      int style,
      Risk.Level level,
      int score,
      String why) {
    List<Finding> findings = new ArrayList<>();
    add(findings, critical, Severity.CRITICAL);
    add(findings, high, Severity.HIGH);
    add(findings, medium, Severity.MEDIUM);
    add(findings, low, Severity.LOW);
    for (int i = 0; i < style; i++) {
      findings.add(style("s.py", i + 1, Severity.CRITICAL));
    }

    Risk risk = Architect.assess(findings, List.of()).risk();

    assertThat(risk).isEqualTo(new Risk(level, why));
    assertThat(risk.level().score()).isEqualTo(score);
  }

  @Test
  void assess_anyFindings_keepsTheRulesAndIsStable() {
    for (long seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      List<Finding> rules = randoms(random, Source.RULE);
      List<Finding> models = randoms(random, Source.MODEL);

      Assessment assessment = Architect.assess(rules, models);

      List<Finding> findings = assessment.findings();
      for (Finding rule : rules) {
        assertThat(findings)
            .as("seed %d: %s", seed, rule)
            .anyMatch(f ->
                f.source() == Source.RULE
                    && f.fingerprint().equals(rule.fingerprint())
                    && f.line() == rule.line()
                    && f.severity().atLeast(rule.severity())
                    && f.message().startsWith(rule.message())
                    && Objects.equals(f.suggestion(), rule.suggestion()));
      }
      for (Finding model : models) {
        assertThat(findings)
            .as("seed %d: %s", seed, model)
            .anyMatch(f ->
                f.path().equals(model.path())
                    && f.line() == model.line()
                    && f.severity().atLeast(model.severity()));
      }
      assertThat(findings.stream().filter(f -> f.source() == Source.RULE).count())
          .as("seed %d", seed)
          .isEqualTo(rules.size());
      assertThat(findings)
          .as("seed %d", seed)
          .isSortedAccordingTo(Comparator.comparing(Finding::severity).reversed());
      assertThat(Architect.assess(rules, List.of()).risk().level())
          .as("seed %d: a model never lowers the risk", seed)
          .isLessThanOrEqualTo(assessment.risk().level());
      Collections.shuffle(rules, random);
      Collections.shuffle(models, random);
      assertThat(Architect.assess(rules, models)).as("seed %d", seed).isEqualTo(assessment);
    }
  }

  private static List<Finding> randoms(Random random, Source source) {
    List<@Nullable String> cwes = Arrays.asList("CWE-89", "CWE-79", null);
    List<Finding> findings = new ArrayList<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      int line = random.nextInt(4);
      String rule = (source == Source.RULE ? "python." : "model.") + random.nextInt(3);
      findings.add(
          new Finding(
              "p" + random.nextInt(2),
              Finding.Side.NEW,
              line,
              line,
              rule,
              "t" + i,
              "message " + i,
              List.of(Severity.values()).get(random.nextInt(4)),
              List.of(Category.values()).get(random.nextInt(2)),
              cwes.get(random.nextInt(3)),
              source,
              "q",
              source + " " + i,
              i % 2 == 0 ? "fix" : null));
    }
    return findings;
  }

  private static void add(List<Finding> findings, int count, Severity severity) {
    for (int i = 0; i < count; i++) {
      findings.add(finding("a.py", i + 1, "r." + severity, severity, null));
    }
  }

  private static Finding only(List<Finding> findings) {
    assertThat(findings).hasSize(1);
    return findings.getFirst();
  }

  private static Finding style(String path, int line, Severity severity) {
    return new Finding(
        path,
        Finding.Side.NEW,
        line,
        line,
        "style.tabs",
        "Tab",
        "Use spaces.",
        severity,
        Category.STYLE,
        null,
        Source.RULE,
        "q",
        "style" + path + line,
        null);
  }

  private static Finding finding(
      String path, int line, String rule, Severity severity, @Nullable String cwe) {
    return new Finding(
        path,
        Finding.Side.NEW,
        line,
        line,
        rule,
        "Title",
        "Why.",
        severity,
        Category.SECURITY,
        cwe,
        Source.RULE,
        "q",
        Fingerprint.of(rule, path, "q", line),
        null);
  }

  private static Finding model(
      String path, int line, String rule, Severity severity, @Nullable String cwe, String message) {
    return new Finding(
        path,
        Finding.Side.NEW,
        line,
        line,
        rule,
        "Title",
        message,
        severity,
        Category.SECURITY,
        cwe,
        Source.MODEL,
        "q",
        Fingerprint.of(rule, path, "q", line),
        null);
  }
}
