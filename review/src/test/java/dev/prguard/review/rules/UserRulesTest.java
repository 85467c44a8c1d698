package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.review.change.FileContents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserRulesTest {
  private static final String RULE =
      """
      - id: shop.no-print
        title: Print left in
        message: Output goes to the log. Use the logger.
        why: Nobody reads standard output.
        remedy: Call log.info.
        owasp: [A09:2025]
        references: ['https://docs.internal/logging']
        languages: [python]
        severity: low
        keywords: [print]
        patterns: ['\\bprint\\(']
        path: a.py
        bad: [print(1)]
        ok: [log(1)]
      """;

  private static List<Rule> parse(String yaml) {
    return UserRules.parse("own.yml", yaml.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void rulesOfTheFolder_areRead_withTheirGuidance() {
    FileContents base =
        new FileContents() {
          @Override
          public Optional<byte[]> read(String path) {
            return Optional.of(RULE.getBytes(StandardCharsets.UTF_8));
          }

          @Override
          public List<String> list(String folder) {
            return List.of(folder + "/own.yml", folder + "/README.md");
          }
        };

    Rule rule = UserRules.of(base).getFirst();

    assertThat(rule.guidance().why()).isEqualTo("Nobody reads standard output.");
    assertThat(rule.owasp()).containsExactly("A09:2025");
    assertThat(RuleExamples.failures(rule)).isEmpty();
    assertThat(RuleCatalog.bundled().with(List.of(rule)).find("shop.no-print")).contains(rule);
  }

  @Test
  void examplesThatDoNotHold_areTold() {
    Rule rule =
        parse(RULE.replace("[print(1)]", "[log(2)]").replace("ok: [log(1)]", "ok: [print(2)]"))
            .getFirst();

    assertThat(RuleExamples.failures(rule))
        .containsExactly(
            "shop.no-print: bad example 1 is not found",
            "shop.no-print: ok example 1 is found, line 1");
  }

  @Test
  void malformedRule_isRefusedWithItsPlace() {
    assertThatThrownBy(() -> parse(RULE.replace("severity: low", "severity: huge")))
        .hasMessage(
            "own.yml: rule shop.no-print: severity: huge (expected: low, medium, high, critical)");
    assertThatThrownBy(() -> parse(RULE.replace("\\bprint\\(", "(?<=a)print(")))
        .hasMessageStartingWith("own.yml: rule shop.no-print: not an RE2 expression: ");
    assertThatThrownBy(() -> parse(RULE.replace("ok: [log(1)]", "ok: []")))
        .hasMessageContaining("bad and ok");
    assertThatThrownBy(() -> parse("- id: [")).hasMessageStartingWith("own.yml: not YAML: ");
    assertThatThrownBy(
            () -> parse(RULE.replaceAll("(?s)keywords.*path", "builtin: lock-host\n  path")))
        .hasMessageContaining("is for the program's own rules");
  }
}
