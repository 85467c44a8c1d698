package dev.prguard.cli;

import dev.prguard.insight.alert.AlertRule;
import dev.prguard.insight.alert.Budgets;
import dev.prguard.insight.alert.ReviewAlerts;
import dev.prguard.insight.dashboard.ReviewDashboard;
import dev.prguard.insight.grafana.Edits;
import dev.prguard.insight.grafana.GrafanaClient;
import dev.prguard.insight.grafana.GrafanaException;
import dev.prguard.insight.grafana.GrafanaFiles;
import dev.prguard.insight.grafana.GrafanaPush;
import dev.prguard.insight.grafana.PushStep;
import dev.prguard.insight.grafana.PushStep.Action;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `pr-guard grafana push`: folder, dashboard and alert rules, over Grafana's HTTP API.
@Command(
    name = "push",
    description = {
      "Creates or updates folder, dashboard and alert rules in a Grafana.",
      "GRAFANA_URL says where, GRAFANA_TOKEN is a service account's token. Shows first what differs;",
      "what somebody else edited is left alone (exit code 2) unless forced."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class GrafanaPushCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Of one thing; a dashboard that somebody made anew differs in every line.
  private static final int SHOWN_LINES = 40;

  private static final int LINE_WIDTH = 160;

  @Option(names = "--dry-run", description = "Show what would be done, and write nothing.")
  boolean dryRun;

  @Option(names = "--force", description = "Overwrite what somebody else edited, too.")
  boolean force;

  @Option(names = "--without-alerts", description = "Folder and dashboard alone.")
  boolean withoutAlerts;

  @Option(
      names = "--folder",
      paramLabel = "UID",
      defaultValue = "secure-pr-guard",
      description = "The uid of the folder (default: ${DEFAULT-VALUE}).")
  String folder = "secure-pr-guard";

  @Option(
      names = "--prometheus",
      paramLabel = "UID",
      description =
          "The uid of the data source with the metrics, such as grafanacloud-prom (default:"
              + " GRAFANA_PROMETHEUS_UID, else "
              + GrafanaFiles.PROMETHEUS_UID
              + ").")
  @Nullable String prometheus;

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, String> env = System.getenv();
    URI base = address(env);
    String token = token(env);
    Budgets budgets = CheckCommand.budgets(env);
    List<AlertRule> rules = withoutAlerts ? List.of() : ReviewAlerts.rules(budgets);
    PrintWriter out = spec.commandLine().getOut();
    try (GrafanaClient client = new GrafanaClient(base, token, PATIENCE)) {
      GrafanaPush push = new GrafanaPush(client, folder, force ? Edits.OVERWRITE : Edits.KEEP);
      List<PushStep> steps = push.plan(ReviewDashboard.definition(budgets), rules, prometheus(env));
      steps.forEach(step -> show(step, out));
      out.flush();
      if (!dryRun) {
        steps.forEach(PushStep::apply);
      }
      return conclude(steps, out).code();
    } catch (GrafanaException e) {
      String line = "grafana push: " + TextTable.printable(String.valueOf(e.getMessage()));
      throw switch (e.kind()) {
        case REFUSED -> CommandException.wrongInput(line, e);
        case UNAVAILABLE -> CommandException.outsideFailed(line, e);
      };
    }
  }

  private static void show(PushStep step, PrintWriter out) {
    if (step.action() == Action.KEEP) {
      return;
    }
    out.println(
        String.format(
                Locale.ROOT,
                "%-6s  %-9s  %s",
                step.action().name().toLowerCase(Locale.ROOT),
                step.what().name().toLowerCase(Locale.ROOT),
                TextTable.printable(step.title()))
            + (step.reason().isEmpty() ? "" : ": " + step.reason()));
    List<String> lines = step.difference();
    lines.stream()
        .limit(SHOWN_LINES)
        .map(TextTable::printable)
        .map(line -> line.length() > LINE_WIDTH ? line.substring(0, LINE_WIDTH) + "…" : line)
        .forEach(line -> out.println("          " + line));
    if (lines.size() > SHOWN_LINES) {
      out.println("          ... and " + (lines.size() - SHOWN_LINES) + " lines more");
    }
  }

  private ExitCode conclude(List<PushStep> steps, PrintWriter out) {
    Map<Action, Integer> counts = new EnumMap<>(Action.class);
    steps.forEach(step -> counts.merge(step.action(), 1, Integer::sum));
    int left = counts.getOrDefault(Action.LEAVE, 0);
    out.println(
        String.format(
            Locale.ROOT,
            "%s: %d created, %d updated, %d deleted, %d as they should be, %d left alone",
            dryRun ? "nothing was written; it would be" : "done",
            counts.getOrDefault(Action.CREATE, 0),
            counts.getOrDefault(Action.UPDATE, 0),
            counts.getOrDefault(Action.DELETE, 0),
            counts.getOrDefault(Action.KEEP, 0),
            left));
    out.flush();
    if (left > 0) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "pr-guard: grafana push: "
              + left
              + " left alone because somebody else edited them: --force overwrites them");
      err.flush();
    }
    return left > 0 ? ExitCode.WRONG_INPUT : ExitCode.FINE;
  }

  private static URI address(Map<String, String> env) {
    String base = env.getOrDefault("GRAFANA_URL", "").strip();
    if (base.isEmpty()) {
      throw CommandException.wrongInput(
          "grafana push: GRAFANA_URL is not set (expected: https://STACK.grafana.net)");
    }
    TraceLink.requireAddress("GRAFANA_URL", base);
    return URI.create(base);
  }

  private static String token(Map<String, String> env) {
    String token = env.getOrDefault("GRAFANA_TOKEN", "").strip();
    if (token.isEmpty()) {
      throw CommandException.wrongInput(
          "grafana push: GRAFANA_TOKEN is not set (expected: the token of a service account with"
              + " the role Editor)");
    }
    if (!token.matches("[\\x21-\\x7e]+")) {
      throw CommandException.wrongInput(
          "GRAFANA_TOKEN: holds a blank or a character that no token has");
    }
    return token;
  }

  private String prometheus(Map<String, String> env) {
    String uid = env.getOrDefault("GRAFANA_PROMETHEUS_UID", "").strip();
    return prometheus != null ? prometheus : uid.isEmpty() ? GrafanaFiles.PROMETHEUS_UID : uid;
  }
}
