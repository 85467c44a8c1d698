package dev.prguard.insight.prometheus;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.alert.AlertRule;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The alert rules as a rule file of Prometheus, which Mimir's ruler takes too.
public final class PrometheusRules {
  private PrometheusRules() {}

  public static ObjectNode of(List<AlertRule> rules) {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    ObjectNode group = file.putArray("groups").addObject();
    group.put("name", "secure-pr-guard").put("interval", "1m");
    ArrayNode list = group.putArray("rules");
    for (AlertRule rule : rules) {
      ObjectNode json = list.addObject();
      json.put("alert", name(rule));
      json.put("expr", rule.metric().promQl());
      if (rule.pending().compareTo(Duration.ZERO) > 0) {
        json.put("for", rule.pending().toMinutes() + "m");
      }
      json.putObject("labels")
          .put("severity", rule.severity().label())
          .put("product", "secure-pr-guard");
      json.putObject("annotations")
          .put("summary", rule.title())
          .put("description", rule.meaning())
          .put("runbook", rule.runbook());
    }
    return file;
  }

  /// `operation-latency` is `PrGuardOperationLatency`.
  static String name(AlertRule rule) {
    return Arrays.stream(rule.id().split("-", -1))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining("", "PrGuard", ""));
  }
}
