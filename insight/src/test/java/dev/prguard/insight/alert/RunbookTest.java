package dev.prguard.insight.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.insight.dashboard.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// docs/observability.md is what the alerts send people to.
class RunbookTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  static List<AlertRule> rules() {
    return ReviewAlerts.rules(Budgets.DEFAULT);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void rule_hasASectionOfTheRunbook_andARowWithItsLimit(AlertRule rule) throws IOException {
    String[] link = rule.runbook().split("#", -1);
    List<String> lines = Files.readAllLines(REPOSITORY.resolve(link[0]));

    assertThat(lines).contains("### " + link[1]);
    String limit =
        rule.unit() == Unit.SHARE
            ? PromQl.number(rule.threshold() * 100) + "%"
            : PromQl.number(rule.threshold());
    String row =
        "\\| \\[%s\\]\\(#%s\\) \\| .*(over|under) %s .*\\| %s \\| %s \\|"
            .formatted(
                rule.id(),
                link[1],
                limit.replace(".", "\\."),
                PromQl.duration(rule.window()),
                rule.severity().label());
    assertThat(lines).as(row).anyMatch(line -> line.matches(row));
  }

  /// Grafana refuses a second rule of the same title in a folder.
  @Test
  void titles_areOneOfAKind() {
    assertThat(rules()).extracting(AlertRule::title).doesNotHaveDuplicates();
  }
}
