package dev.prguard.insight.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.prguard.insight.dashboard.ReviewDashboard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardJsonTest {
  private static final JsonNode DASHBOARD = DashboardJson.of(ReviewDashboard.definition());

  @ParameterizedTest
  @ValueSource(strings = {"dashboard-11.6.0", "dashboard-12.3.0", "dashboard-13.2.3"})
  void dashboard_isValidByGrafanasSchema(String schema) {
    assertThat(errors(schema, DASHBOARD)).isEmpty();
  }

  @Test
  void schema_refusesWhatGrafanaDoesNotKnow() {
    JsonNode wrapped =
        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
            .objectNode()
            .set("dashboard", DASHBOARD);
    assertThat(errors("dashboard-13.2.3", wrapped)).isNotEmpty();
  }

  @Test
  void targetsOptionsAndFields_areValidByThePluginsSchemas() {
    int targets = 0;
    for (JsonNode panel : panels()) {
      String type = panel.path("type").asText();
      assertThat(errors(type + "-options", panel.path("options"))).as(panel + "").isEmpty();
      JsonNode custom = panel.path("fieldConfig").path("defaults").path("custom");
      if (!custom.isEmpty()) {
        assertThat(errors(type + "-field", custom)).as(panel + "").isEmpty();
      }
      for (JsonNode target : panel.path("targets")) {
        if (target.path("datasource").path("type").asText().equals("tempo")) {
          assertThat(errors("tempo-target", target)).as(target + "").isEmpty();
          targets++;
        }
      }
    }
    assertThat(targets).isGreaterThan(25);
  }

  @Test
  void panels_lieBesideAndBelowOneAnother() {
    Set<String> cells = new HashSet<>();
    for (JsonNode panel : DASHBOARD.path("panels")) {
      JsonNode at = panel.path("gridPos");
      for (int x = 0; x < at.path("w").asInt(); x++) {
        for (int y = 0; y < at.path("h").asInt(); y++) {
          int column = at.path("x").asInt() + x;
          assertThat(column).isLessThan(24);
          assertThat(cells.add(column + "," + (at.path("y").asInt() + y))).as(panel + "").isTrue();
        }
      }
    }
  }

  /// Each way in but the upload leaves `__inputs` unresolved, and `{"dashboard": …}` is no
  /// dashboard.
  @Test
  void dataSource_isAVariable_inEveryTarget() {
    assertThat(DASHBOARD.has("__inputs")).isFalse();
    assertThat(DASHBOARD.path("templating").path("list").get(0).path("name").asText())
        .isEqualTo("DS_TEMPO");
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        assertThat(target.path("datasource").path("uid").asText()).isIn("${DS_TEMPO}", "__expr__");
      }
    }
  }

  /// Two instant answers never meet on Grafana's time axis, and series without labels have one
  /// name.
  @Test
  void expressions_workOnReducedNumbers_andNameWhatIsShown() {
    int expressions = 0;
    for (JsonNode panel : panels()) {
      Map<String, JsonNode> byRef = new java.util.HashMap<>();
      panel.path("targets").forEach(target -> byRef.put(target.path("refId").asText(), target));
      assertThat(byRef).hasSameSizeAs(panel.path("targets"));
      for (JsonNode target : panel.path("targets")) {
        if (target.path("type").asText().equals("math")) {
          for (String word : target.path("expression").asText().split("[^A-Za-z0-9_]+", -1)) {
            JsonNode operand = byRef.get(word);
            if (operand != null) {
              assertThat(operand.path("type").asText()).isEqualTo("reduce");
              assertThat(byRef.get(operand.path("expression").asText())).isNotNull();
            }
          }
          expressions++;
        }
      }
      for (JsonNode override : panel.path("fieldConfig").path("overrides")) {
        if (override.path("matcher").path("id").asText().equals("byFrameRefID")) {
          assertThat(byRef).containsKey(override.path("matcher").path("options").asText());
        }
      }
    }
    assertThat(expressions).isEqualTo(4);
  }

  private static List<JsonNode> panels() {
    List<JsonNode> panels = new ArrayList<>();
    for (JsonNode panel : DASHBOARD.path("panels")) {
      if (!panel.path("type").asText().equals("row")) {
        panels.add(panel);
      }
    }
    assertThat(panels).hasSizeGreaterThan(15);
    return panels;
  }

  private static List<Error> errors(String schema, JsonNode json) {
    String name = "schema/" + schema + ".json";
    try (InputStream in =
        Objects.requireNonNull(DashboardJsonTest.class.getResourceAsStream(name), name)) {
      Schema of =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
              .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
      return of.validate(json.toString(), InputFormat.JSON);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
