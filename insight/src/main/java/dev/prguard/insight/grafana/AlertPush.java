package dev.prguard.insight.grafana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.insight.grafana.PushStep.Action;
import dev.prguard.insight.grafana.PushStep.What;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Brings alert rules to Grafana. Rules have no version there, so an annotation keeps two digests:
/// of what was to be written, and of what Grafana made of it. When the latter is not that of the
/// rule any more, somebody else edited it. What is not defined here (paused, contact point, folder,
/// group, interval) belongs to its users, and stays.
final class AlertPush {
  private static final String MARK = "pr_guard_push";
  private static final String RULES = "/api/v1/provisioning/alert-rules";
  private static final Duration INTERVAL = Duration.ofMinutes(5);
  private static final Pattern PERIOD = Pattern.compile("(\\d{1,9})(w|d|h|m|s)");

  private final GrafanaClient client;
  private final String folderUid;
  private final Edits edits;

  AlertPush(GrafanaClient client, String folderUid, Edits edits) {
    this.client = client;
    this.folderUid = folderUid;
    this.edits = edits;
  }

  List<PushStep> plan(List<ObjectNode> ours) {
    Map<String, JsonNode> theirs = new LinkedHashMap<>();
    client
        .get(RULES)
        .orElseGet(JsonNodeFactory.instance::arrayNode)
        .forEach(rule -> theirs.put(rule.path("uid").asText(), rule));
    List<PushStep> steps = new ArrayList<>();
    boolean first = true;
    for (ObjectNode rule : ours) {
      JsonNode their = theirs.remove(rule.path("uid").asText());
      steps.add(their == null ? create(rule) : update(rule, their));
      first &= their == null;
    }
    if (first && !steps.isEmpty()) {
      steps.add(interval());
    }
    theirs.values().stream()
        .filter(rule -> rule.path("annotations").path(MARK).isTextual())
        .map(this::delete)
        .forEach(steps::add);
    return steps;
  }

  private PushStep create(ObjectNode ours) {
    ObjectNode rule = ours.deepCopy();
    rule.put("orgID", 1).put("folderUID", folderUid).put("ruleGroup", GrafanaFiles.GROUP);
    return new PushStep(
        What.ALERT,
        title(ours),
        Action.CREATE,
        List.of(),
        "",
        () -> write("POST", RULES, rule, content(ours)));
  }

  private PushStep update(ObjectNode ours, JsonNode theirs) {
    ObjectNode wanted = content(ours);
    ObjectNode there = content(theirs);
    String mark = theirs.path("annotations").path(MARK).asText();
    boolean untouched = mark.endsWith("." + SortedJson.digest(there));
    if (SortedJson.text(wanted).equals(SortedJson.text(there))
        || (untouched && mark.startsWith(SortedJson.digest(wanted) + "."))) {
      return PushStep.keep(What.ALERT, title(ours));
    }
    List<String> difference = SortedJson.difference(there, wanted);
    if (theirs.path("provenance").asText().equals("file")) {
      return PushStep.leave(
          What.ALERT, title(ours), difference, "Grafana reads it from a file; change that file");
    }
    if (!untouched && edits == Edits.KEEP) {
      return PushStep.leave(
          What.ALERT,
          title(ours),
          difference,
          mark.isEmpty() ? "it was not written by this command" : "edited in Grafana since");
    }
    ObjectNode rule = theirs.deepCopy();
    rule.remove(List.of("id", "updated", "provenance"));
    rule.setAll(ours);
    return new PushStep(
        What.ALERT,
        title(ours),
        Action.UPDATE,
        difference,
        "",
        () -> write("PUT", path(ours), rule, wanted));
  }

  private PushStep delete(JsonNode theirs) {
    boolean untouched =
        theirs
            .path("annotations")
            .path(MARK)
            .asText()
            .endsWith("." + SortedJson.digest(content(theirs)));
    return untouched || edits == Edits.OVERWRITE
        ? new PushStep(
            What.ALERT,
            title(theirs),
            Action.DELETE,
            List.of(),
            "",
            () -> client.send("DELETE", path(theirs), null))
        : PushStep.leave(
            What.ALERT, title(theirs), List.of(), "defined no more, but edited in Grafana since");
  }

  /// A group that is made by its first rule is evaluated every minute.
  private PushStep interval() {
    ObjectNode group = JsonNodeFactory.instance.objectNode();
    group.put("title", GrafanaFiles.GROUP).put("folderUid", folderUid);
    group.put("interval", INTERVAL.toSeconds());
    String path =
        "/api/v1/provisioning/folder/"
            + GrafanaClient.pathSegment(folderUid)
            + "/rule-groups/"
            + GrafanaFiles.GROUP;
    return new PushStep(
        What.ALERT,
        "evaluated every " + INTERVAL.toMinutes() + " minutes",
        Action.UPDATE,
        List.of(),
        "",
        () -> client.send("PUT", path, group));
  }

  private void write(String method, String path, ObjectNode rule, ObjectNode wanted) {
    String digest = SortedJson.digest(wanted);
    JsonNode stored = client.send(method, path, marked(rule, digest, digest));
    String made = SortedJson.digest(content(stored));
    if (!made.equals(digest)) {
      // Grafana spells it otherwise; that is no edit.
      JsonNode _ = client.send("PUT", path(rule), marked(rule, digest, made));
    }
  }

  private static ObjectNode marked(ObjectNode rule, String wanted, String made) {
    ObjectNode marked = rule.deepCopy();
    marked.withObjectProperty("annotations").put(MARK, wanted + "." + made);
    return marked;
  }

  private static String path(JsonNode rule) {
    return RULES + "/" + GrafanaClient.pathSegment(rule.path("uid").asText());
  }

  private static String title(JsonNode rule) {
    return rule.path("title").asText();
  }

  /// What is defined here, without what Grafana adds.
  private static ObjectNode content(JsonNode rule) {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    for (String key : List.of("title", "condition", "noDataState", "execErrState", "labels")) {
      content.set(key, rule.path(key));
    }
    content.put("for", seconds(rule.path("for").asText()));
    ObjectNode annotations =
        rule.path("annotations") instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    annotations.remove(MARK);
    content.set("annotations", annotations);
    ArrayNode data = content.putArray("data");
    for (JsonNode query : rule.path("data")) {
      ObjectNode kept = data.addObject();
      for (String key : List.of("refId", "datasourceUid", "relativeTimeRange")) {
        kept.set(key, query.path(key));
      }
      JsonNode model = query.path("model").deepCopy();
      if (model instanceof ObjectNode object) {
        object.remove(List.of("intervalMs", "maxDataPoints"));
      }
      kept.set("model", model);
    }
    return content;
  }

  /// `2m` and `2m0s` are the same.
  private static long seconds(String duration) {
    Matcher part = PERIOD.matcher(duration);
    long seconds = 0;
    while (part.find()) {
      long amount = Long.parseLong(part.group(1));
      seconds +=
          switch (part.group(2)) {
            case "w" -> amount * 604_800;
            case "d" -> amount * 86_400;
            case "h" -> amount * 3_600;
            case "m" -> amount * 60;
            default -> amount;
          };
    }
    return seconds;
  }
}
