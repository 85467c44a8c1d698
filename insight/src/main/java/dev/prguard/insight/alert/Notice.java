package dev.prguard.insight.alert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.alert.Verdict.Worst;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Breaches as the body of a webhook: `text`, which Slack, Mattermost and their kin show, and the
/// same for machines in `rules`.
public final class Notice {
  private Notice() {}

  /// @param breaches one or more
  public static ObjectNode json(Instant checkedAt, String source, List<Verdict> breaches) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("text", text(source, breaches));
    json.put("checkedAt", checkedAt.truncatedTo(ChronoUnit.SECONDS).toString());
    json.put("source", source);
    ArrayNode rules = json.putArray("rules");
    breaches.forEach(verdict -> rules.add(CheckReport.json(verdict)));
    return json;
  }

  private static String text(String source, List<Verdict> breaches) {
    StringBuilder text = new StringBuilder("Secure PR Guard, ").append(escaped(source));
    for (Verdict verdict : breaches) {
      AlertRule rule = verdict.rule();
      text.append("\n*").append(escaped(rule.title())).append("* (");
      text.append(rule.severity().label()).append("): ");
      text.append(escaped(CheckReport.value(verdict))).append(", limit ");
      text.append(escaped(CheckReport.limit(verdict)));
      for (Worst worst : verdict.worst()) {
        text.append("\n    trace ").append(escaped(worst.traceId())).append(' ');
        text.append(escaped(worst.what()));
      }
      text.append("\n    what to do: ").append(rule.runbook());
    }
    return text.toString();
  }

  /// Spans hold text of strangers, which must not call everybody in the channel (`<!channel>`) or
  /// show a link as something else. Slack's own rule: these three, and only these.
  private static String escaped(String text) {
    return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "\uFFFD")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
