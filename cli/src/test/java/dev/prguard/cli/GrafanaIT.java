package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.testkit.TestHttpServer.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `grafana export` and `grafana push` as their user sees them.
final class GrafanaIT {
  private static final Path COMMITTED = Path.of("..", "grafana").toAbsolutePath().normalize();
  private static final String RULE = "spg-operation-latency";

  @TempDir Path folder;
  private GuardProcess guard;
  private FakeGrafana grafana;

  @BeforeEach
  void start() {
    grafana = new FakeGrafana();
    guard =
        new GuardProcess(folder.resolve("home"))
            .in(folder)
            .env("GRAFANA_URL", grafana.uri().toString())
            .env("GRAFANA_TOKEN", FakeGrafana.TOKEN);
  }

  @AfterEach
  void stop() {
    grafana.close();
  }

  private Result push(String... options) {
    String[] words =
        Stream.concat(Stream.of("grafana", "push"), Stream.of(options)).toArray(String[]::new);
    Result result = guard.run(words);
    assertThat(result.out() + result.err()).doesNotContain("CANARY");
    return result;
  }

  private static Map<String, String> files(Path root) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(
            root.relativize(path).toString(),
            new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  @Test
  void export_writesWhatIsCommitted_andTheBudgetsOfTheConfiguration() throws IOException {
    Result result = guard.run("grafana", "export", "out/grafana");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(files(folder.resolve("out/grafana"))).isEqualTo(files(COMMITTED));

    Path data = Files.createDirectories(folder.resolve("home/data"));
    Files.writeString(data.resolve("config.yml"), "budget: {day_usd: 2.5, month_usd: 31}\n");
    guard.run("grafana", "export", "out/grafana");
    assertThat(folder.resolve("out/grafana/dashboards/secure-pr-guard.json"))
        .content()
        .contains("\"query\" : \"31\"");
    assertThat(folder.resolve("out/grafana/prometheus/secure-pr-guard.rules.yaml"))
        .content()
        .contains("more than 2.5 USD within 24 hours");

    Files.writeString(folder.resolve("file"), "");
    Result wrong = guard.run("grafana", "export", "file");
    assertThat(wrong.err()).contains("cannot be written").hasLineCount(1);
    assertThat(wrong.exitCode()).isEqualTo(2);
  }

  @Test
  void push_createsEverything_andASecondOneWritesNothing() {
    Result dry = push("--dry-run");
    assertThat(dry.exitCode()).isZero();
    assertThat(dry.out()).contains("nothing was written; it would be: 21 created");
    assertThat(grafana.writes()).isEmpty();

    Result first = push();
    assertThat(first.err()).isEmpty();
    assertThat(first.exitCode()).isZero();
    assertThat(first.out()).contains("create  dashboard  Secure PR Guard", "done: 21 created");
    assertThat(grafana.rules).hasSize(19).containsKey(RULE);
    assertThat(grafana.rule(RULE).path("folderUID").asText()).isEqualTo("secure-pr-guard");
    assertThat(grafana.groupInterval).isEqualTo(300);
    assertThat(grafana.writes())
        .allMatch(write -> "true".equals(write.headers().get("x-disable-provenance")));
    int writes = grafana.writes().size();

    Result second = push();
    assertThat(second.exitCode()).isZero();
    assertThat(second.out())
        .isEqualTo("done: 0 created, 0 updated, 0 deleted, 21 as they should be, 0 left alone\n");
    assertThat(grafana.writes()).hasSize(writes);
  }

  /// What this version changed in a definition is written; what users own stays.
  @Test
  void push_updatesWhatItWrote_andKeepsPausesAndContactPoints() throws IOException {
    push();
    grafana.rule(RULE).put("isPaused", true).put("folderUID", "elsewhere");
    Path data = Files.createDirectories(folder.resolve("home/data"));
    Files.writeString(data.resolve("config.yml"), "budget: {day_usd: 2.5}\n");

    Result result = push();

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains(
            "update  alert      The daily budget is spent",
            "- 10",
            "+ 2.5",
            "done: 0 created, 1 updated, 0 deleted, 20 as they should be");
    assertThat(grafana.rule("spg-budget-daily").toString()).contains("2.5 USD within");
    assertThat(grafana.rule(RULE).path("isPaused").asBoolean()).isTrue();
  }

  @Test
  void editsOfOthers_areLeftAlone_unlessForced() {
    push();
    grafana.editDashboard("secure-pr-guard", "Mine now");
    ((ObjectNode) grafana.rule(RULE).path("labels")).put("team", "payments");
    ObjectNode gone = grafana.rule(RULE).deepCopy();
    gone.put("uid", "spg-of-an-older-version").put("title", "Old");
    grafana.rules.put("spg-of-an-older-version", gone);
    int writes = grafana.writes().size();

    Result left = push();

    assertThat(left.exitCode()).isEqualTo(2);
    assertThat(left.err()).contains("3 left alone", "--force overwrites").hasLineCount(1);
    assertThat(left.out())
        .contains(
            "leave   dashboard  Secure PR Guard: edited in Grafana since: version 2, ours was 1")
        .contains("- \"title\" : \"Mine now\"", "+ \"title\" : \"Secure PR Guard\"")
        .contains("leave   alert      An operation took more than 3000 ms: edited in Grafana since")
        .contains("- \"team\" : \"payments\"");
    assertThat(grafana.writes()).hasSize(writes);

    Result forced = push("--force");
    assertThat(forced.exitCode()).isZero();
    assertThat(forced.out()).contains("0 created, 2 updated, 1 deleted");
    assertThat(grafana.dashboard("secure-pr-guard").path("title").asText())
        .isEqualTo("Secure PR Guard");
    assertThat(grafana.rules).hasSize(19);
    assertThat(push().out()).contains("21 as they should be");
  }

  @Test
  void somebodyWhoSavesInBetween_isNotOverwritten() {
    grafana.firstVersion = 7;
    push("--without-alerts");
    assertThat(grafana.rules).isEmpty();
    // As an older version of this command left it, under the number that Grafana gave it.
    ObjectNode dashboard = grafana.dashboard("secure-pr-guard");
    String description = dashboard.path("description").asText();
    assertThat(description).contains("(pr-guard grafana push: version 8, content ");
    assertThat(dashboard.path("version").asLong()).isEqualTo(8);
    dashboard.put("title", "Older");
    dashboard.put("description", description.replaceFirst("content .*", "content 0123456789ab)"));
    grafana.afterLook = () -> grafana.editDashboard("secure-pr-guard", "Newer");

    Result result = push("--without-alerts");

    assertThat(result.out()).contains("update  dashboard  Secure PR Guard");
    assertThat(result.err())
        .contains("POST /api/dashboards/db: changed or taken by somebody else (412, The dashboard")
        .hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(grafana.dashboard("secure-pr-guard").path("title").asText()).isEqualTo("Newer");
  }

  /// All of them: GrafanaClientTest. A server may say what it was sent.
  @ParameterizedTest
  @CsvSource({"401, 2, GRAFANA_TOKEN was refused (401)", "502, 3, HTTP 502"})
  void refusals_areOneLine(int status, int exitCode, String line) {
    grafana.fault = Answer.json(status, "{\"message\":\"said " + FakeGrafana.TOKEN + "\"}");

    Result result = push();

    assertThat(result.err()).contains(line).hasLineCount(1);
    assertThat(result.exitCode()).isEqualTo(exitCode);
  }

  @Test
  void answerOfAnother_andNoAnswer_areOneLine() {
    grafana.fault = Answer.bytes(200, "text/html", "<html>log in".getBytes(StandardCharsets.UTF_8));
    Result html = push();
    assertThat(html.err()).contains("the answer is not Grafana's").hasLineCount(1);
    assertThat(html.exitCode()).isEqualTo(2);

    grafana.fault = new Answer.Reset();
    assertThat(push().exitCode()).isEqualTo(3);

    guard.env("GRAFANA_URL", "http://127.0.0.1:1");
    Result refused = push();
    assertThat(refused.err()).contains("127.0.0.1:1: connection refused").hasLineCount(1);
    assertThat(refused.exitCode()).isEqualTo(3);
  }

  @Test
  void missingSettings_areNamed() {
    grafana.dataSources.clear();
    Result source = push();
    assertThat(source.err()).contains("no data source with the uid spg-prometheus").hasLineCount(1);
    assertThat(source.exitCode()).isEqualTo(2);
    assertThat(grafana.writes()).isEmpty();
    grafana.dataSources.add("mimir");
    assertThat(push("--prometheus", "mimir").exitCode()).isZero();
    assertThat(grafana.rule(RULE).toString()).contains("\"datasourceUid\":\"mimir\"");

    guard.env("GRAFANA_TOKEN", "");
    assertThat(push().err()).contains("GRAFANA_TOKEN is not set").hasLineCount(1);
    guard.env("GRAFANA_URL", "");
    assertThat(push().err()).contains("GRAFANA_URL is not set").hasLineCount(1);
    guard.env("GRAFANA_URL", "grafana");
    Result address = push();
    assertThat(address.err()).contains("GRAFANA_URL: not an address").hasLineCount(1);
    assertThat(address.exitCode()).isEqualTo(2);
  }
}
