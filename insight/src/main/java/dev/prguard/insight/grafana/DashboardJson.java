package dev.prguard.insight.grafana;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.dashboard.Dashboard;
import dev.prguard.insight.dashboard.Dashboard.Row;
import dev.prguard.insight.dashboard.Dashboard.Setting;
import dev.prguard.insight.dashboard.Panel;
import dev.prguard.insight.query.Filter;
import java.util.List;

/// A dashboard in Grafana's classic model, which Grafana 11 to 13 take in by upload, by `POST
/// /api/dashboards/db`, by file provisioning, and as `spec` of `/apis/dashboard.grafana.app`. The
/// Tempo to ask is a variable, because `__inputs` is resolved in an upload alone (grafana/grafana
/// issue 10786).
public final class DashboardJson {
  /// That of Grafana 11.0; newer ones migrate it as they read.
  private static final int SCHEMA_VERSION = 39;

  /// 30 pixels each.
  private static final int ROW_HEIGHT = 1;

  private static final int COLUMNS = 24;

  private DashboardJson() {}

  public static ObjectNode of(Dashboard dashboard) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putNull("id");
    json.put("uid", dashboard.uid());
    json.put("title", dashboard.title());
    json.put("description", dashboard.description());
    json.putArray("tags").add("secure-pr-guard");
    json.put("timezone", "utc");
    json.put("editable", true);
    json.put("graphTooltip", 1);
    json.put("schemaVersion", SCHEMA_VERSION);
    json.put("refresh", "");
    json.putObject("time").put("from", "now-24h").put("to", "now");
    json.putObject("annotations").putArray("list");
    json.putArray("links");
    ArrayNode variables = json.putObject("templating").putArray("list");
    variables.add(dataSource());
    for (Filter filter : dashboard.filters()) {
      variables.add(filter(filter));
    }
    for (Setting setting : dashboard.budgets()) {
      variables.add(setting(setting));
    }
    json.set("panels", panels(dashboard.rows()));
    return json;
  }

  private static ObjectNode dataSource() {
    ObjectNode variable = JsonNodeFactory.instance.objectNode();
    variable.put("name", "DS_TEMPO").put("label", "Tempo").put("type", "datasource");
    variable.put("query", "tempo").put("refresh", 1).put("regex", "");
    variable.put("hide", 0).put("includeAll", false).put("multi", false);
    return variable;
  }

  private static ObjectNode filter(Filter filter) {
    ObjectNode variable = JsonNodeFactory.instance.objectNode();
    variable.put("name", filter.variable()).put("label", filter.label()).put("type", "query");
    variable.set("datasource", PanelJson.tempo());
    // Type 1 asks for the values of a label; Grafana finds the label's scope itself.
    variable
        .putObject("query")
        .put("refId", "TempoDatasourceVariableQueryEditor-VariableQuery")
        .put("type", 1)
        .put("label", filter.attribute());
    variable.put("refresh", 2).put("sort", 1).put("hide", 0);
    variable.put("includeAll", true).put("allValue", ".*").put("multi", true);
    ObjectNode current = variable.putObject("current");
    current.putArray("text").add("All");
    current.putArray("value").add("$__all");
    return variable;
  }

  private static ObjectNode setting(Setting setting) {
    ObjectNode variable = JsonNodeFactory.instance.objectNode();
    variable.put("name", setting.variable()).put("label", setting.label()).put("type", "textbox");
    variable.put("query", setting.value()).put("hide", 0);
    variable.putObject("current").put("text", setting.value()).put("value", setting.value());
    return variable;
  }

  private static ArrayNode panels(List<Row> rows) {
    ArrayNode panels = JsonNodeFactory.instance.arrayNode();
    int id = 1;
    int y = 0;
    for (Row row : rows) {
      ObjectNode heading = panels.addObject();
      heading.put("id", id++).put("type", "row").put("title", row.title()).put("collapsed", false);
      heading.putArray("panels");
      position(heading, 0, y, COLUMNS, ROW_HEIGHT);
      y += ROW_HEIGHT;
      int x = 0;
      int height = 0;
      for (Panel panel : row.panels()) {
        if (x + panel.width() > COLUMNS) {
          x = 0;
          y += height;
        }
        height = PanelJson.height(panel);
        ObjectNode json = PanelJson.of(panel).put("id", id++);
        position(json, x, y, panel.width(), height);
        panels.add(json);
        x += panel.width();
      }
      y += height;
    }
    return panels;
  }

  private static void position(ObjectNode panel, int x, int y, int width, int height) {
    panel.putObject("gridPos").put("x", x).put("y", y).put("w", width).put("h", height);
  }
}
