package dev.prguard.insight.grafana;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.dashboard.Drawing;
import dev.prguard.insight.dashboard.Panel;
import dev.prguard.insight.dashboard.Target;
import dev.prguard.insight.dashboard.Target.Metrics;
import dev.prguard.insight.dashboard.Target.Ratio;
import dev.prguard.insight.dashboard.Target.Remainder;
import dev.prguard.insight.dashboard.Target.Search;
import dev.prguard.insight.dashboard.Target.Timing;
import dev.prguard.insight.dashboard.Threshold;
import dev.prguard.insight.dashboard.Unit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A panel in Grafana's classic model.
final class PanelJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private PanelJson() {}

  static ObjectNode tempo() {
    return JSON.objectNode().put("type", "tempo").put("uid", "${DS_TEMPO}");
  }

  static int height(Panel panel) {
    return panel.drawing() == Drawing.TABLE ? 9 : 8;
  }

  static ObjectNode of(Panel panel) {
    ObjectNode json = JSON.objectNode();
    json.put("type", type(panel.drawing()));
    json.put("title", panel.title());
    json.put("description", panel.descriptionOfTempo());
    Map<String, String> names = new LinkedHashMap<>();
    ArrayNode targets = JSON.arrayNode();
    boolean mixed = false;
    for (Target target : panel.targets()) {
      mixed |= targets(target, panel, targets, names);
    }
    json.set(
        "datasource",
        mixed ? JSON.objectNode().put("type", "datasource").put("uid", "-- Mixed --") : tempo());
    json.set("targets", targets);
    json.set("options", options(panel.drawing()));
    json.set("fieldConfig", fieldConfig(panel, names));
    return json;
  }

  private static String type(Drawing drawing) {
    return switch (drawing) {
      case TIME_SERIES, COLUMNS -> "timeseries";
      case STAT -> "stat";
      case BARS -> "bargauge";
      case PIE -> "piechart";
      case TABLE -> "table";
    };
  }

  /// Adds what a target needs, and answers whether it takes Grafana's expressions.
  ///
  /// @param names gets what is shown under which letter
  private static boolean targets(
      Target target, Panel panel, ArrayNode targets, Map<String, String> names) {
    return switch (target) {
      case Metrics metrics -> {
        // All series of one query without by() have one name, Tempo's name of the function; only
        // through an expression of its own can a series be told from another and be named.
        boolean named = metrics.label() != null && metrics.timing() == Timing.INSTANT;
        targets.add(metrics(metrics, named || metrics.hidden()));
        if (named) {
          String ref = metrics.ref() + "_shown";
          targets.add(last(ref, metrics.ref(), false));
          names.put(ref, metrics.label());
        }
        yield named;
      }
      case Search search -> {
        targets.add(search(search));
        yield false;
      }
      case Ratio ratio -> {
        String numerator = operand(ratio.numerator(), panel, targets);
        String denominator = operand(ratio.denominator(), panel, targets);
        targets.add(math(ratio.ref(), "$" + numerator + " / $" + denominator));
        name(names, ratio.ref(), ratio.label());
        yield true;
      }
      case Remainder remainder -> {
        String taken = operand(remainder.taken(), panel, targets);
        targets.add(math(remainder.ref(), "${" + remainder.variable() + "} - $" + taken));
        name(names, remainder.ref(), remainder.label());
        yield true;
      }
    };
  }

  private static void name(Map<String, String> names, String ref, @Nullable String label) {
    if (label != null) {
      names.put(ref, label);
    }
  }

  /// Grafana stamps each instant answer with the time at which it came, so two never meet on the
  /// time axis: an instant operand is reduced to a number first.
  private static String operand(String ref, Panel panel, ArrayNode targets) {
    for (Target target : panel.targets()) {
      if (target instanceof Metrics metrics
          && metrics.ref().equals(ref)
          && metrics.timing() == Timing.INSTANT) {
        String reduced = ref + "_last";
        targets.add(last(reduced, ref, true));
        return reduced;
      }
    }
    return ref;
  }

  private static ObjectNode metrics(Metrics metrics, boolean hidden) {
    ObjectNode json = query(metrics.ref(), metrics.query().dashboardText());
    json.put("metricsQueryType", metrics.timing() == Timing.INSTANT ? "instant" : "range");
    json.put("tableType", "traces");
    if (metrics.timing() == Timing.DAILY) {
      json.put("step", "24h");
    }
    if (hidden) {
      json.put("hide", true);
    }
    return json;
  }

  private static ObjectNode search(Search search) {
    return query(search.ref(), search.query().dashboardText())
        .put("tableType", "spans")
        .put("limit", search.limit())
        .put("spss", 3);
  }

  private static ObjectNode query(String ref, String text) {
    ObjectNode json = JSON.objectNode().put("refId", ref);
    json.set("datasource", tempo());
    json.put("queryType", "traceql").put("query", text);
    json.putArray("filters");
    return json;
  }

  private static ObjectNode last(String ref, String of, boolean hidden) {
    ObjectNode json = expression(ref, "reduce", of).put("reducer", "last");
    json.putObject("settings").put("mode", "dropNN");
    if (hidden) {
      json.put("hide", true);
    }
    return json;
  }

  private static ObjectNode math(String ref, String formula) {
    return expression(ref, "math", formula);
  }

  static ObjectNode expression(String ref, String type, String expression) {
    ObjectNode json = JSON.objectNode().put("refId", ref);
    json.putObject("datasource").put("type", "__expr__").put("uid", "__expr__");
    return json.put("type", type).put("expression", expression);
  }

  private static ObjectNode options(Drawing drawing) {
    ObjectNode options = JSON.objectNode();
    switch (drawing) {
      case TIME_SERIES, COLUMNS -> {
        legend(options, "list", "bottom");
        options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
      }
      case STAT -> {
        reduce(options);
        options.put("colorMode", "value").put("graphMode", "none").put("justifyMode", "auto");
        options.put("textMode", "auto").put("wideLayout", true);
        options.put("showPercentChange", false).put("percentChangeColorMode", "standard");
      }
      case BARS -> {
        reduce(options);
        options.put("displayMode", "gradient").put("orientation", "horizontal");
        options.put("showUnfilled", true).put("valueMode", "color").put("sizing", "auto");
        options.put("namePlacement", "auto").put("minVizWidth", 8).put("minVizHeight", 16);
        options.put("maxVizHeight", 300);
        legend(options, "list", "bottom").put("showLegend", false);
      }
      case PIE -> {
        reduce(options);
        options.put("pieType", "donut").put("sort", "desc");
        options.putArray("displayLabels").add("percent");
        legend(options, "table", "bottom").putArray("values").add("value").add("percent");
        options.putObject("tooltip").put("mode", "single").put("sort", "none");
      }
      case TABLE -> options.put("showHeader", true).put("cellHeight", "sm").put("frameIndex", 0);
    }
    return options;
  }

  private static ObjectNode legend(ObjectNode options, String mode, String placement) {
    ObjectNode legend = options.putObject("legend");
    legend.put("displayMode", mode).put("placement", placement).put("showLegend", true);
    legend.putArray("calcs");
    return legend;
  }

  private static void reduce(ObjectNode options) {
    ObjectNode reduce = options.putObject("reduceOptions");
    reduce.putArray("calcs").add("lastNotNull");
    reduce.put("fields", "").put("values", false);
    options.put("orientation", "auto");
  }

  private static ObjectNode fieldConfig(Panel panel, Map<String, String> names) {
    ObjectNode config = JSON.objectNode();
    ObjectNode defaults = config.putObject("defaults");
    ArrayNode overrides = config.putArray("overrides");
    if (panel.drawing() == Drawing.TABLE) {
      ObjectNode cells = defaults.putObject("custom").put("align", "auto").put("inspect", false);
      cells.putObject("cellOptions").put("type", "auto");
      column(overrides, "latency.ms", Unit.MILLISECONDS);
      column(overrides, "cost.usd", Unit.US_DOLLARS);
      column(overrides, "cost.total_usd", Unit.US_DOLLARS);
      return config;
    }
    defaults.put("unit", panel.unit().grafana());
    defaults.put("noValue", "–");
    if (panel.unit() == Unit.SHARE) {
      defaults.put("min", 0).put("max", 1);
    }
    defaults
        .putObject("color")
        .put(
            "mode",
            panel.drawing() == Drawing.STAT || panel.drawing() == Drawing.BARS
                ? "thresholds"
                : "palette-classic");
    defaults.set("thresholds", thresholds(panel.thresholds()));
    ObjectNode custom = JSON.objectNode();
    if (panel.drawing() == Drawing.TIME_SERIES || panel.drawing() == Drawing.COLUMNS) {
      boolean columns = panel.drawing() == Drawing.COLUMNS;
      custom.put("drawStyle", columns ? "bars" : "line");
      custom.put("fillOpacity", columns ? 80 : 8).put("lineWidth", 1).put("showPoints", "auto");
      custom.put("spanNulls", true);
      custom.putObject("thresholdsStyle").put("mode", panel.thresholdLine() ? "dashed" : "off");
      if (columns) {
        custom.putObject("stacking").put("mode", "normal").put("group", "A");
      }
      String only = onlyName(panel);
      if (only != null) {
        defaults.put("displayName", only);
      }
    }
    defaults.set("custom", custom);
    names.forEach((ref, name) -> {
      ObjectNode override = overrides.addObject();
      override.putObject("matcher").put("id", "byFrameRefID").put("options", ref);
      override.putArray("properties").addObject().put("id", "displayName").put("value", name);
    });
    return config;
  }

  /// The name of a line that is alone in its panel.
  private static @Nullable String onlyName(Panel panel) {
    return panel.targets().size() == 1 && panel.targets().getFirst() instanceof Metrics metrics
        ? metrics.label()
        : null;
  }

  private static void column(ArrayNode overrides, String name, Unit unit) {
    ObjectNode override = overrides.addObject();
    override.putObject("matcher").put("id", "byName").put("options", name);
    override.putArray("properties").addObject().put("id", "unit").put("value", unit.grafana());
  }

  private static ObjectNode thresholds(List<Threshold> thresholds) {
    ObjectNode json = JSON.objectNode().put("mode", "absolute");
    ArrayNode steps = json.putArray("steps");
    boolean based =
        !thresholds.isEmpty() && thresholds.getFirst().value() == Double.NEGATIVE_INFINITY;
    if (!based) {
      steps.addObject().put("color", "green").putNull("value");
    }
    for (Threshold threshold : thresholds) {
      ObjectNode step = steps.addObject().put("color", threshold.color());
      if (threshold.value() == Double.NEGATIVE_INFINITY) {
        step.putNull("value");
      } else {
        step.put("value", threshold.value());
      }
    }
    return json;
  }
}
