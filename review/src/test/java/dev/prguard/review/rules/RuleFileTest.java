package dev.prguard.review.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.review.result.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleFileTest {

  private static final String RULE =
      """
      - id: shop.no-print
        title: Print left in
        message: Output goes to the log. Use the logger.
        languages: [python]
        severity: low
        keywords: [print]
        patterns: ['\\bprint\\(']
        bad: [print(1)]
        ok: [log(1)]
      """;

  @Test
  void rule_isReadFromYaml() {
    Rule rule = RuleFile.read("own.yml", RULE).getFirst();

    assertThat(rule.id()).isEqualTo("shop.no-print");
    assertThat(rule.severity()).isEqualTo(Severity.LOW);
    assertThat(rule.languages()).containsExactly(Language.PYTHON);
    assertThat(rule.fix()).isEmpty();
    assertThat(
            new RuleScanner(new RuleCatalog(List.of(rule)))
                .scanFile("a.py", "print(1)".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .singleElement()
        .satisfies(f -> assertThat(f.rule()).isEqualTo("shop.no-print"));
  }

  @Test
  void wrongRule_isRefusedByName() {
    assertThatThrownBy(() -> RuleFile.read("own.yml", RULE + "  sevrity: high\n"))
        .hasMessage("own.yml: rule shop.no-print: unknown key sevrity");
    assertThatThrownBy(() -> RuleFile.read("own.yml", "- id: a.b\n  title: t\n"))
        .hasMessageStartingWith("own.yml: rule a.b: ");
    assertThatThrownBy(() -> RuleFile.read("own.yml", "a: 1"))
        .hasMessage("own.yml: not a list of rules");
    List<Rule> twice =
        List.of(RuleFile.read("a", RULE).getFirst(), RuleFile.read("b", RULE).getFirst());
    assertThatThrownBy(() -> new RuleCatalog(twice)).hasMessageContaining("unique ids");
  }
}
