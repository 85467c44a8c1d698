package dev.prguard.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Where a person can look at a trace.
final class TraceLink {
  /// Around the trace: links of CI logs are opened days later, so the range is absolute.
  private static final Duration AROUND = Duration.ofHours(1);

  private TraceLink() {}

  /// Grafana Explore with the trace, when `GRAFANA_URL` and the uid of the Tempo data source
  /// (`GRAFANA_TEMPO_UID`) are set. The form is that of Grafana's "Get started with Explore".
  ///
  /// @throws CommandException when `GRAFANA_URL` is no address
  static Optional<String> grafana(Map<String, String> env, String traceId, Instant at) {
    String base = env.getOrDefault("GRAFANA_URL", "").strip();
    String uid = env.getOrDefault("GRAFANA_TEMPO_UID", "").strip();
    if (base.isEmpty() || uid.isEmpty()) {
      return Optional.empty();
    }
    requireAddress("GRAFANA_URL", base);
    ObjectNode panes = JsonNodeFactory.instance.objectNode();
    ObjectNode pane = panes.putObject("prg");
    pane.put("datasource", uid);
    ObjectNode query = pane.putArray("queries").addObject();
    query.put("refId", "A");
    query.putObject("datasource").put("type", "tempo").put("uid", uid);
    query.put("queryType", "traceql").put("query", traceId);
    ObjectNode range = pane.putObject("range");
    range.put("from", Long.toString(at.minus(AROUND).toEpochMilli()));
    range.put("to", Long.toString(at.plus(AROUND).toEpochMilli()));
    return Optional.of(
        base.replaceAll("/+$", "")
            + "/explore?schemaVersion=1&orgId=1&panes="
            + URLEncoder.encode(panes.toString(), StandardCharsets.UTF_8));
  }

  /// @param name where the address was given
  /// @throws CommandException when it is none
  static void requireAddress(String name, String base) {
    try {
      URI uri = new URI(base);
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null
          && uri.getRawUserInfo() == null
          && (scheme.equals("http") || scheme.equals("https"))) {
        return;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw CommandException.wrongInput(
        name + ": not an address (expected: http://HOST or https://HOST, without user)");
  }
}
