package dev.prguard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A Grafana with state, as far as a push goes: folders, dashboards with versions, alert rules that
/// come back with what Grafana adds. Behaves as Grafana's HTTP API documentation and its sources
/// (pkg/services/dashboards, pkg/services/ngalert) say.
final class FakeGrafana implements AutoCloseable {
  static final String TOKEN = "glsa_CANARY_token";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RULES = "/api/v1/provisioning/alert-rules";

  private final TestHttpServer server = TestHttpServer.start(this::answer);
  private final Map<String, ObjectNode> folders = new LinkedHashMap<>();
  private final Map<String, ObjectNode> dashboards = new LinkedHashMap<>();
  final Map<String, ObjectNode> rules = new LinkedHashMap<>();
  final Set<String> dataSources = new TreeSet<>(Set.of("spg-prometheus"));
  long groupInterval = 60;

  /// That of a new dashboard: 1, but for one that was deleted before.
  long firstVersion = 1;

  /// What somebody does after the next look at a dashboard.
  Runnable afterLook = () -> {};

  /// Answered instead.
  volatile @Nullable Answer fault;

  URI uri() {
    return server.uri();
  }

  List<Request> writes() {
    return server.requests().stream().filter(one -> !one.method().equals("GET")).toList();
  }

  ObjectNode rule(String uid) {
    return Objects.requireNonNull(rules.get(uid), uid);
  }

  ObjectNode dashboard(String uid) {
    return Objects.requireNonNull(dashboards.get(uid), uid);
  }

  /// As its own pages save it.
  void editDashboard(String uid, String title) {
    ObjectNode dashboard = dashboard(uid);
    dashboard.put("title", title).put("version", dashboard.path("version").asLong() + 1);
  }

  private synchronized Answer answer(Request request) {
    Answer instead = fault;
    if (instead != null) {
      return instead;
    }
    if (!("Bearer " + TOKEN).equals(request.headers().get("authorization"))) {
      return Answer.json(401, "{\"message\":\"Invalid API key\"}");
    }
    String path = request.path();
    String last = path.substring(path.lastIndexOf('/') + 1);
    String route = request.method() + " " + path.replaceAll("/[^/]*$", "/*");
    return switch (route) {
      case "GET /api/folders/*" -> found(folders.get(last));
      case "POST /api/*" -> folder(json(request));
      case "GET /api/dashboards/uid/*" -> {
        Answer shown = shown(dashboards.get(last));
        afterLook.run();
        yield shown;
      }
      case "POST /api/dashboards/*" -> save(json(request));
      case "GET /api/datasources/uid/*" ->
          dataSources.contains(last)
              ? Answer.json(200, "{}")
              : Answer.json(404, "{\"message\":\"Data source not found\"}");
      case "GET /api/v1/provisioning/*" -> {
        ArrayNode all = JSON.createArrayNode();
        rules.values().forEach(all::add);
        yield Answer.json(200, all.toString());
      }
      case "POST /api/v1/provisioning/*" -> store(json(request), null);
      case "PUT " + RULES + "/*" -> store(json(request), last);
      case "DELETE " + RULES + "/*" -> {
        rules.remove(last);
        yield Answer.json(204, "");
      }
      case "PUT /api/v1/provisioning/folder/secure-pr-guard/rule-groups/*" -> {
        groupInterval = json(request).path("interval").asLong();
        yield Answer.json(200, "{}");
      }
      default -> Answer.json(404, "{\"message\":\"Not found\"}");
    };
  }

  private static Answer found(@Nullable ObjectNode node) {
    return node == null
        ? Answer.json(404, "{\"message\":\"not found\"}")
        : Answer.json(200, node.toString());
  }

  private Answer folder(ObjectNode folder) {
    folders.put(folder.path("uid").asText(), folder);
    return Answer.json(200, folder.toString());
  }

  private static Answer shown(@Nullable ObjectNode dashboard) {
    if (dashboard == null) {
      return Answer.json(404, "{\"message\":\"Dashboard not found\"}");
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.set("dashboard", dashboard);
    answer.putObject("meta").put("folderUid", "secure-pr-guard").put("provisioned", false);
    return Answer.json(200, answer.toString());
  }

  private Answer save(ObjectNode body) {
    ObjectNode dashboard = (ObjectNode) body.path("dashboard");
    String uid = dashboard.path("uid").asText();
    ObjectNode existing = dashboards.get(uid);
    if (!folders.containsKey(body.path("folderUid").asText())) {
      return Answer.json(400, "{\"message\":\"folder not found\"}");
    }
    if (existing != null
        && !body.path("overwrite").asBoolean()
        && existing.path("version").asLong() != dashboard.path("version").asLong()) {
      return Answer.json(
          412,
          "{\"message\":\"The dashboard has been changed by someone else\","
              + "\"status\":\"version-mismatch\"}");
    }
    long version = existing == null ? firstVersion : existing.path("version").asLong() + 1;
    dashboards.put(uid, dashboard.put("id", 17).put("version", version));
    return Answer.json(
        200,
        "{\"id\":17,\"uid\":\"" + uid + "\",\"status\":\"success\",\"version\":" + version + "}");
  }

  private Answer store(ObjectNode rule, @Nullable String uid) {
    String id = rule.path("uid").asText();
    if (uid == null && rules.containsKey(id)) {
      return Answer.json(409, "{\"message\":\"rule with this uid exists\"}");
    }
    boolean titled =
        rules.values().stream()
            .anyMatch(other ->
                !other.path("uid").asText().equals(id)
                    && other.path("title").equals(rule.path("title")));
    if (titled) {
      return Answer.json(400, "{\"message\":\"a conflicting alert rule title is found\"}");
    }
    // As AlertQuery.PreSave and Go's durations.
    rule.path("data")
        .forEach(query ->
            ((ObjectNode) query.path("model")).put("intervalMs", 1000).put("maxDataPoints", 43200));
    rule.put("for", rule.path("for").asText().replaceFirst("m$", "m0s"));
    rule.put("id", 1).put("updated", "2026-11-26T00:00:00Z").put("provenance", "");
    rules.put(id, rule);
    return Answer.json(uid == null ? 201 : 200, rule.toString());
  }

  private static ObjectNode json(Request request) {
    try {
      JsonNode json = JSON.readTree(request.body());
      return (ObjectNode) json;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
