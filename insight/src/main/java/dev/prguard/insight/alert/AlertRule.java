package dev.prguard.insight.alert;

import dev.prguard.insight.dashboard.Unit;
import dev.prguard.insight.query.ReviewQuery;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// When to tell somebody.
///
/// @param id lower case with hyphens
/// @param title one line
/// @param meaning what it means and why it matters
/// @param measure the number watched, asked of spans
/// @param comparison on which side of the threshold it is wrong
/// @param threshold in the unit; wrong only beyond it, never on it
/// @param window over which the number is taken
/// @param pending for how long it must be wrong
/// @param metric the same asked of metrics
/// @param evidence finds the spans to look at; null where no span is to blame
/// @param order the attribute of those spans whose greatest values are the worst
public record AlertRule(
    String id,
    String title,
    String meaning,
    Measure measure,
    Comparison comparison,
    double threshold,
    Unit unit,
    Duration window,
    Duration pending,
    Severity severity,
    MetricCondition metric,
    @Nullable ReviewQuery evidence,
    @Nullable String order) {
  public AlertRule {
    Objects.requireNonNull(id, "id");
    if (!id.matches("[a-z0-9-]+")) {
      throw new IllegalArgumentException("id: " + id + " (expected: a-z, 0-9 and hyphens)");
    }
  }

  /// Which side of the threshold is wrong.
  public enum Comparison {
    OVER(">", "gt"),
    UNDER("<", "lt");

    private final String sign;
    private final String grafana;

    Comparison(String sign, String grafana) {
      this.sign = sign;
      this.grafana = grafana;
    }

    public String sign() {
      return sign;
    }

    /// The evaluator of Grafana's threshold expression.
    public String grafana() {
      return grafana;
    }

    public boolean isWrong(double value, double threshold) {
      return switch (this) {
        case OVER -> value > threshold;
        case UNDER -> value < threshold;
      };
    }
  }

  /// @param expression PromQL over the OTLP metrics of this product, as Prometheus names them
  public record MetricCondition(String expression, Comparison comparison, double threshold) {
    /// The whole condition.
    public String promQl() {
      return "(" + expression + ") " + comparison.sign() + " " + PromQl.number(threshold);
    }
  }

  /// Where to read what to do. The burn rates of a promise share its section.
  public String runbook() {
    return "docs/observability.md#" + id.replaceFirst("-burn-.*", "");
  }
}
