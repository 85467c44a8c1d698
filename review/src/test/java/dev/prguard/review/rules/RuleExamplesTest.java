package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.result.Finding;
import dev.prguard.review.rules.Rule.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Runs the examples that each rule carries.
class RuleExamplesTest {

  private static final long SEED = 20261123;

  private final RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());

  @Test
  void bundledRules_haveBothKindsOfExamples() {
    assertThat(RuleCatalog.bundled().rules())
        .isNotEmpty()
        .allSatisfy(rule -> {
          assertThat(rule.bad()).as(rule.id() + " bad").isNotEmpty();
          assertThat(rule.ok()).as(rule.id() + " ok").isNotEmpty();
          assertThat(rule.message().length()).as(rule.id() + " message").isGreaterThan(40);
          assertThat(rule.id()).matches("[a-z]+\\.[a-z0-9-]+");
        });
  }

  @Test
  void badExamples_fire() {
    List<String> silent = new ArrayList<>();
    for (Rule rule : RuleCatalog.bundled().rules()) {
      for (Example example : rule.bad()) {
        if (findings(rule, example).isEmpty()) {
          silent.add(rule.id() + ": " + example);
        }
      }
    }
    assertThat(silent).as("seed " + SEED).isEmpty();
  }

  @Test
  void okExamples_doNotFire() {
    List<String> loud = new ArrayList<>();
    for (Rule rule : RuleCatalog.bundled().rules()) {
      for (Example example : rule.ok()) {
        if (!findings(rule, example).isEmpty()) {
          loud.add(rule.id() + ": " + example);
        }
      }
    }
    assertThat(loud).as("seed " + SEED).isEmpty();
  }

  /// As `pr-guard rules test` does it: what a rule needs must not come from another one.
  @Test
  void everyRule_holdsByItself() {
    assertThat(RuleCatalog.bundled().rules())
        .allSatisfy(rule -> assertThat(RuleExamples.failures(rule)).isEmpty());
  }

  @Test
  void mechanicalFixes_silenceTheirRule() {
    Random random = new Random(SEED);
    List<String> wrong = new ArrayList<>();
    for (Rule rule : RuleCatalog.bundled().rules()) {
      if (rule.fix().isEmpty()) {
        continue;
      }
      boolean suggested = false;
      for (Example example : rule.bad()) {
        for (Finding finding : findings(rule, example)) {
          if (finding.suggestion() != null) {
            suggested = true;
            List<String> lines =
                new ArrayList<>(Samples.fill(example.after(), random).lines().toList());
            lines.subList(finding.line() - 1, finding.endLine()).clear();
            lines.addAll(finding.line() - 1, finding.suggestion().lines().toList());
            Example fixed = new Example(example.path(), null, String.join("\n", lines));
            if (!findings(rule, fixed).isEmpty()) {
              wrong.add(rule.id() + ": " + finding.suggestion());
            }
          }
        }
      }
      if (!suggested) {
        wrong.add(rule.id() + ": no bad example shows its fix");
      }
    }
    assertThat(wrong).isEmpty();
  }

  private List<Finding> findings(Rule rule, Example example) {
    return RuleExamples.findings(scanner, rule, example);
  }
}
