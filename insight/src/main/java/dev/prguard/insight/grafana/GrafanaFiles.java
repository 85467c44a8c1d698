package dev.prguard.insight.grafana;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.alert.AlertRule;
import dev.prguard.insight.alert.Budgets;
import dev.prguard.insight.alert.ReviewAlerts;
import dev.prguard.insight.dashboard.ReviewDashboard;
import dev.prguard.insight.prometheus.PrometheusRules;
import dev.prguard.insight.prometheus.SpanMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything that `pr-guard grafana export` writes: path to text.
public final class GrafanaFiles {
  /// The uids of the data sources that the provisioning file makes, and the alert files ask.
  public static final String TEMPO_UID = "spg-tempo";

  public static final String PROMETHEUS_UID = "spg-prometheus";

  public static final String FOLDER = "Secure PR Guard";
  public static final String GROUP = "secure-pr-guard";

  private static final ObjectMapper JSON = new ObjectMapper();

  private GrafanaFiles() {}

  public static SortedMap<String, String> all(Budgets budgets) {
    List<AlertRule> rules = ReviewAlerts.rules(budgets);
    SortedMap<String, String> files = new TreeMap<>();
    files.put("README.md", README);
    files.put(
        "dashboards/secure-pr-guard.json",
        json(DashboardJson.of(ReviewDashboard.definition(budgets))));
    files.put("provisioning/dashboards/secure-pr-guard.yaml", yaml("", dashboards()));
    files.put("provisioning/datasources/secure-pr-guard.yaml", yaml("", dataSources()));
    files.put(
        "provisioning/alerting/secure-pr-guard.yaml",
        yaml(
            "# Alerts on the OTLP metrics of reviews, in Prometheus or Mimir.\n",
            AlertRuleJson.file(
                FOLDER,
                GROUP,
                rules.stream()
                    .map(rule -> AlertRuleJson.onMetrics(rule, PROMETHEUS_UID))
                    .toList())));
    files.put(
        "optional/traceql-alerts.yaml",
        yaml(
            EXPERIMENTAL,
            AlertRuleJson.file(
                FOLDER,
                GROUP + "-traceql",
                rules.stream()
                    .map(rule -> AlertRuleJson.onTraces(rule, TEMPO_UID))
                    .flatMap(Optional::stream)
                    .toList())));
    files.put("prometheus/secure-pr-guard.rules.yaml", yaml("", PrometheusRules.of(rules)));
    files.put("tempo/overrides.yaml", yaml(OVERRIDES, overrides()));
    return files;
  }

  static String json(JsonNode json) {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try {
      return JSON.writer(printer).writeValueAsString(json) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String yaml(String head, JsonNode json) {
    return "# Made by: pr-guard grafana export\n" + head + YamlText.of(json);
  }

  private static ObjectNode dashboards() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("apiVersion", 1);
    ObjectNode provider = json.putArray("providers").addObject();
    provider.put("name", GROUP).put("orgId", 1).put("folder", FOLDER).put("type", "file");
    provider.put("disableDeletion", false).put("updateIntervalSeconds", 30);
    provider.put("allowUiUpdates", false);
    provider.putObject("options").put("path", "/var/lib/grafana/dashboards");
    return json;
  }

  private static ObjectNode dataSources() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("apiVersion", 1);
    ArrayNode sources = json.putArray("datasources");
    ObjectNode tempo = sources.addObject();
    tempo.put("name", "Tempo").put("type", "tempo").put("uid", TEMPO_UID).put("access", "proxy");
    tempo.put("url", "http://localhost:3200");
    // With streaming Grafana sends the first query of a panel for each of its targets.
    tempo
        .putObject("jsonData")
        .putObject("streamingEnabled")
        .put("search", false)
        .put("metrics", false);
    ObjectNode prometheus = sources.addObject();
    prometheus.put("name", "Prometheus").put("type", "prometheus").put("uid", PROMETHEUS_UID);
    prometheus.put("access", "proxy").put("url", "http://localhost:9090");
    return json;
  }

  private static ObjectNode overrides() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode tenant = json.putObject("overrides").putObject("*");
    ObjectNode generator = tenant.putObject("metrics_generator");
    generator.putArray("processors").add("span-metrics");
    ObjectNode spanMetrics = generator.putObject("processor").putObject("span_metrics");
    ArrayNode dimensions = spanMetrics.putArray("dimensions");
    SpanMetrics.DIMENSIONS.forEach(dimensions::add);
    ArrayNode buckets = spanMetrics.putArray("histogram_buckets");
    SpanMetrics.buckets().forEach(buckets::add);
    ObjectNode include = spanMetrics.putArray("filter_policies").addObject().putObject("include");
    include.put("match_type", "strict");
    include
        .putArray("attributes")
        .addObject()
        .put("key", "resource.service.name")
        .put("value", "secure-pr-guard");
    tenant.putObject("read").put("max_metrics_duration", "744h");
    return json;
  }

  private static final String EXPERIMENTAL =
      """
      # EXPERIMENTAL in Grafana: alerts that ask Tempo. Needs Grafana 12.1 or later with the
      # feature toggle tempoAlerting; Grafana's documentation advises against it in
      # production. Copy it to provisioning/alerting/ only if you have no metrics.
      """;

  private static final String OVERRIDES =
      """
      # For Tempo's per_tenant_override_config: span metrics of reviews by its metrics
      # generator, and queries over up to 31 days.
      """;

  private static final String README =
      """
      # Grafana, Prometheus and Tempo files

      Made by `pr-guard grafana export`; a test holds them to the code. How to use them: docs/observability.md.

      | file | for |
      |---|---|
      | `dashboards/secure-pr-guard.json` | the dashboard: upload it, or let Grafana read it from a folder |
      | `provisioning/dashboards/` | tells Grafana which folder |
      | `provisioning/datasources/` | Tempo and Prometheus, with the uids that the alerts ask for |
      | `provisioning/alerting/` | alerts that Grafana evaluates, on metrics |
      | `optional/traceql-alerts.yaml` | experimental: alerts that Grafana evaluates, on traces |
      | `prometheus/secure-pr-guard.rules.yaml` | the same alerts for Prometheus, or Mimir's ruler |
      | `tempo/overrides.yaml` | span metrics by Tempo's metrics generator, and queries over more than a day |
      """;
}
