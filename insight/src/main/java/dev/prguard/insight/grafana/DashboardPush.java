package dev.prguard.insight.grafana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.grafana.PushStep.Action;
import dev.prguard.insight.grafana.PushStep.What;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Brings a dashboard to Grafana. Its description ends with the version that it had when it was
/// written here; Grafana counts versions up with every save, so another one says that somebody else
/// saved it since.
final class DashboardPush {
  private static final Pattern MARK =
      Pattern.compile(
          "\\s*\\(pr-guard grafana push: version (\\d{1,9}), content ([0-9a-f]{12})\\)");

  private final GrafanaClient client;
  private final String folderUid;
  private final Edits edits;

  DashboardPush(GrafanaClient client, String folderUid, Edits edits) {
    this.client = client;
    this.folderUid = folderUid;
    this.edits = edits;
  }

  private record Mark(long version, String digest) {
    static @Nullable Mark of(JsonNode dashboard) {
      Matcher matcher = MARK.matcher(dashboard.path("description").asText());
      return matcher.find() ? new Mark(Long.parseLong(matcher.group(1)), matcher.group(2)) : null;
    }

    String text() {
      return " (pr-guard grafana push: version " + version + ", content " + digest + ")";
    }
  }

  PushStep plan(ObjectNode ours) {
    String title = ours.path("title").asText();
    String uid = ours.path("uid").asText();
    Optional<JsonNode> found = client.get("/api/dashboards/uid/" + GrafanaClient.pathSegment(uid));
    if (found.isEmpty()) {
      return new PushStep(
          What.DASHBOARD,
          title,
          Action.CREATE,
          List.of(),
          "",
          () -> save(ours, null, 0, folderUid));
    }
    JsonNode theirs = found.get().path("dashboard");
    JsonNode meta = found.get().path("meta");
    long version = theirs.path("version").asLong();
    ObjectNode content = content(theirs);
    Mark mark = Mark.of(theirs);
    boolean untouched = mark != null && mark.version() == version;
    boolean asWritten =
        mark != null
            && mark.version() == version
            && mark.digest().equals(SortedJson.digest(content(ours)));
    if (asWritten || SortedJson.text(content).equals(SortedJson.text(content(ours)))) {
      return PushStep.keep(What.DASHBOARD, title);
    }
    List<String> difference = SortedJson.difference(content, content(ours));
    if (meta.path("provisioned").asBoolean()) {
      return PushStep.leave(
          What.DASHBOARD, title, difference, "Grafana reads it from a file; change that file");
    }
    if (!untouched && edits == Edits.KEEP) {
      return PushStep.leave(
          What.DASHBOARD,
          title,
          difference,
          mark == null
              ? "it was not written by this command"
              : "edited in Grafana since: version " + version + ", ours was " + mark.version());
    }
    // Whoever moved it had a reason.
    String folder = meta.path("folderUid").asText(folderUid);
    return new PushStep(
        What.DASHBOARD,
        title,
        Action.UPDATE,
        difference,
        "",
        () -> save(ours, theirs.path("id"), version, folder));
  }

  /// Without what Grafana, or this class, put in.
  private static ObjectNode content(JsonNode dashboard) {
    ObjectNode content = dashboard.deepCopy();
    content.remove(List.of("id", "version"));
    content.put("description", MARK.matcher(dashboard.path("description").asText()).replaceAll(""));
    return content;
  }

  private void save(ObjectNode ours, @Nullable JsonNode id, long version, String folder) {
    String digest = SortedJson.digest(content(ours));
    long saved = save(ours, id, version, folder, new Mark(version + 1, digest));
    if (saved != version + 1) {
      // A Grafana that counts otherwise: now its count is known.
      save(ours, id, saved, folder, new Mark(saved + 1, digest));
    }
  }

  /// @return the version that Grafana gave it
  private long save(
      ObjectNode ours, @Nullable JsonNode id, long version, String folder, Mark mark) {
    ObjectNode dashboard = ours.deepCopy();
    if (id != null && id.isNumber()) {
      dashboard.set("id", id);
    }
    dashboard.put("version", version);
    dashboard.put("description", ours.path("description").asText() + mark.text());
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("dashboard", dashboard);
    body.put("folderUid", folder).put("message", "pr-guard grafana push");
    // Without this Grafana itself refuses (412) when somebody saved in between.
    body.put("overwrite", edits == Edits.OVERWRITE);
    return client.send("POST", "/api/dashboards/db", body).path("version").asLong(mark.version());
  }
}
