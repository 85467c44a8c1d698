package dev.prguard.insight.grafana;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.alert.AlertRule;
import dev.prguard.insight.dashboard.Dashboard;
import dev.prguard.insight.grafana.GrafanaException.Kind;
import dev.prguard.insight.grafana.PushStep.Action;
import dev.prguard.insight.grafana.PushStep.What;
import java.util.ArrayList;
import java.util.List;

/// Brings folder, dashboard and alert rules to a Grafana 11 or later over its HTTP API. Looking
/// comes first and changes nothing; each step is then applied in its order.
public final class GrafanaPush {
  private final GrafanaClient client;
  private final String folderUid;
  private final Edits edits;

  /// @param folderUid of a folder that is there, or will be
  public GrafanaPush(GrafanaClient client, String folderUid, Edits edits) {
    this.client = client;
    this.folderUid = folderUid;
    this.edits = edits;
  }

  /// @param prometheusUid the data source that the rules ask
  /// @param rules none leaves alerts alone
  /// @throws GrafanaException when Grafana does not answer, or refuses to show what it has
  public List<PushStep> plan(Dashboard dashboard, List<AlertRule> rules, String prometheusUid) {
    List<PushStep> steps = new ArrayList<>();
    steps.add(folder());
    steps.add(new DashboardPush(client, folderUid, edits).plan(DashboardJson.of(dashboard)));
    if (!rules.isEmpty()) {
      requireDataSource(prometheusUid);
      steps.addAll(
          new AlertPush(client, folderUid, edits)
              .plan(
                  rules.stream()
                      .map(rule -> AlertRuleJson.onMetrics(rule, prometheusUid))
                      .toList()));
    }
    return List.copyOf(steps);
  }

  private PushStep folder() {
    if (client.get("/api/folders/" + GrafanaClient.pathSegment(folderUid)).isPresent()) {
      return PushStep.keep(What.FOLDER, folderUid);
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("uid", folderUid).put("title", GrafanaFiles.FOLDER);
    return new PushStep(
        What.FOLDER,
        GrafanaFiles.FOLDER,
        Action.CREATE,
        List.of(),
        "",
        () -> client.send("POST", "/api/folders", body));
  }

  /// Rules that ask a data source which is not there would fail every five minutes.
  private void requireDataSource(String uid) {
    if (client.lacks("/api/datasources/uid/" + GrafanaClient.pathSegment(uid))) {
      throw new GrafanaException(
          Kind.REFUSED,
          "Grafana has no data source with the uid "
              + uid
              + ": name that of its Prometheus or Mimir");
    }
  }
}
