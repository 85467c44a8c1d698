package dev.prguard.insight.grafana;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.alert.AlertRule;
import dev.prguard.insight.alert.Measure.BurnRate;
import dev.prguard.insight.alert.Measure.Greatest;
import dev.prguard.insight.alert.Measure.Growth;
import dev.prguard.insight.alert.Measure.Kept;
import dev.prguard.insight.alert.Measure.Share;
import dev.prguard.insight.alert.Measure.Total;
import dev.prguard.insight.query.ReviewQuery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Alert rules as Grafana manages them. The same objects go into a provisioning file and, one by
/// one, to `/api/v1/provisioning/alert-rules`.
public final class AlertRuleJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String CONDITION = "C";

  /// A metrics query of Tempo covers a day at most, unless its owner allows more.
  private static final Duration TEMPO_RANGE = Duration.ofHours(24);

  private AlertRuleJson() {}

  /// A rule that asks the OTLP metrics in Prometheus or Mimir.
  public static ObjectNode onMetrics(AlertRule rule, String dataSourceUid) {
    ObjectNode json = rule(rule, rule.id());
    ArrayNode data = json.putArray("data");
    ObjectNode query = query(data, "A", dataSourceUid, Duration.ofMinutes(10));
    query
        .putObject("model")
        .put("refId", "A")
        .put("expr", rule.metric().expression())
        .put("instant", true)
        .put("range", false);
    threshold(data, "A", rule.metric().comparison(), rule.metric().threshold());
    return json;
  }

  /// A rule that asks Tempo, which is experimental in Grafana (toggle `tempoAlerting`, 12.1 and
  /// later); empty where TraceQL cannot tell it in one day's range.
  public static Optional<ObjectNode> onTraces(AlertRule rule, String dataSourceUid) {
    if (rule.window().compareTo(TEMPO_RANGE) > 0) {
      return Optional.empty();
    }
    ArrayNode data = JSON.arrayNode();
    String value =
        switch (rule.measure()) {
          case Greatest(ReviewQuery query) -> reduced(data, "A", query, "max", rule, dataSourceUid);
          case Total(ReviewQuery query) -> reduced(data, "A", query, "sum", rule, dataSourceUid);
          case Share(ReviewQuery part, ReviewQuery whole) ->
              math(data, part, whole, "$A_reduced / $B_reduced", rule, dataSourceUid);
          case Kept(ReviewQuery broken, ReviewQuery whole) ->
              math(data, broken, whole, "1 - $A_reduced / $B_reduced", rule, dataSourceUid);
          case Growth _, BurnRate _ -> "";
        };
    if (value.isEmpty()) {
      return Optional.empty();
    }
    threshold(data, value, rule.comparison(), rule.threshold());
    ObjectNode json = rule(rule, "traceql-" + rule.id());
    json.set("data", data);
    return Optional.of(json);
  }

  private static String math(
      ArrayNode data,
      ReviewQuery part,
      ReviewQuery whole,
      String formula,
      AlertRule rule,
      String uid) {
    reduced(data, "A", part, "sum", rule, uid);
    reduced(data, "B", whole, "sum", rule, uid);
    ObjectNode query = query(data, "M", "__expr__", Duration.ZERO);
    query.set("model", PanelJson.expression("M", "math", formula));
    return "M";
  }

  private static String reduced(
      ArrayNode data, String ref, ReviewQuery text, String reducer, AlertRule rule, String uid) {
    ObjectNode query = query(data, ref, uid, rule.window());
    ObjectNode model = query.putObject("model");
    model.put("refId", ref).put("queryType", "traceql").put("query", text.text());
    model.put("metricsQueryType", "range").put("tableType", "traces");
    model.putArray("filters");
    String reduced = ref + "_reduced";
    ObjectNode expression = query(data, reduced, "__expr__", Duration.ZERO);
    ObjectNode reduce = PanelJson.expression(reduced, "reduce", ref).put("reducer", reducer);
    reduce.putObject("settings").put("mode", "dropNN");
    expression.set("model", reduce);
    return reduced;
  }

  private static ObjectNode rule(AlertRule rule, String uid) {
    ObjectNode json = JSON.objectNode();
    json.put("uid", "spg-" + uid);
    json.put("title", rule.title());
    json.put("condition", CONDITION);
    json.put("for", goDuration(rule.pending()));
    // Nothing to judge is fine, except where silence itself is the trouble: that rule counts to 0.
    json.put("noDataState", "OK");
    json.put("execErrState", "Error");
    json.putObject("labels")
        .put("severity", rule.severity().label())
        .put("product", "secure-pr-guard");
    json.putObject("annotations")
        .put("summary", rule.title())
        .put("description", rule.meaning())
        .put("runbook", rule.runbook());
    return json;
  }

  private static ObjectNode query(ArrayNode data, String ref, String uid, Duration back) {
    ObjectNode query = data.addObject().put("refId", ref).put("datasourceUid", uid);
    query.putObject("relativeTimeRange").put("from", back.toSeconds()).put("to", 0);
    return query;
  }

  private static void threshold(
      ArrayNode data, String of, AlertRule.Comparison comparison, double threshold) {
    ObjectNode query = query(data, CONDITION, "__expr__", Duration.ZERO);
    ObjectNode model = PanelJson.expression(CONDITION, "threshold", of);
    ObjectNode evaluator = model.putArray("conditions").addObject().putObject("evaluator");
    evaluator.put("type", comparison.grafana()).putArray("params").add(threshold);
    query.set("model", model);
  }

  private static String goDuration(Duration duration) {
    return duration.isZero() ? "0s" : duration.toMinutes() + "m";
  }

  /// A provisioning file.
  static ObjectNode file(String folder, String group, List<ObjectNode> rules) {
    ObjectNode json = JSON.objectNode().put("apiVersion", 1);
    ObjectNode of = json.putArray("groups").addObject();
    of.put("orgId", 1).put("name", group).put("folder", folder).put("interval", "5m");
    ArrayNode list = of.putArray("rules");
    rules.forEach(list::add);
    return json;
  }
}
