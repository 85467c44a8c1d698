package dev.prguard.cli;

import dev.prguard.insight.alert.AlertCheck;
import dev.prguard.insight.alert.AlertRule;
import dev.prguard.insight.alert.Budgets;
import dev.prguard.insight.alert.CheckReport;
import dev.prguard.insight.alert.Notice;
import dev.prguard.insight.alert.ReviewAlerts;
import dev.prguard.insight.alert.Verdict;
import dev.prguard.review.cost.BudgetLimit;
import dev.prguard.review.cost.BudgetLimits;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.traceql.engine.QuantileMode;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `pr-guard check`: the promises and alerts, evaluated on the stored traces.
@Command(
    name = "check",
    description = {
      "Checks promises (SLOs), burn rates and alerts on the stored traces.",
      "Exit code 1 when one is breached."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /// What is printed.
  enum Format {
    TEXT,
    JSON,
    JUNIT,
    MARKDOWN
  }

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "24h",
      description =
          "The window of rules on operations and rates, such as 1h or 7d (default: 24h); budgets,"
              + " spikes, silence and burn rates keep their own.")
  String since = "24h";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text, json, junit or markdown (default: text).")
  Format format = Format.TEXT;

  @Option(
      names = "--notify",
      paramLabel = "URL",
      description =
          "Post breaches to this webhook, Slack's or any other, once each (default:"
              + " PR_GUARD_WEBHOOK).")
  @Nullable String notify;

  @Option(
      names = "--cool-down",
      paramLabel = "DURATION",
      defaultValue = "24h",
      description = "Tell of a breach that lasts again after this long (default: 24h).")
  String coolDown = "24h";

  @CommandLine.Mixin final TempoOption tempo = new TempoOption();

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, String> env = System.getenv();
    Duration window = QueryTime.duration("--since", since);
    Duration pause = QueryTime.duration("--cool-down", coolDown);
    Webhook webhook = webhook(env);
    List<AlertRule> rules = ReviewAlerts.rules(budgets(env));
    Path folder = DataFolder.of(env);
    CheckReport report;
    PrintWriter messages = spec.commandLine().getErr();
    try (QuerySource source = QuerySource.open(tempo, env, TIMEOUT, QuantileMode.EXACT, messages)) {
      Instant now = Instant.now();
      Duration slice =
          switch (source) {
            case QuerySource.Embedded _ -> AlertCheck.reach(rules, window);
            case QuerySource.Tempo _ -> AlertCheck.TEMPO_SLICE;
          };
      String name =
          switch (source) {
            case QuerySource.Embedded _ -> "store " + folder;
            case QuerySource.Tempo asked -> "Tempo at " + asked.host();
          };
      AlertCheck check = new AlertCheck(source.queries(), slice);
      report = new CheckReport(now, name, check.check(rules, window, now));
      // Numbers that are short must not look whole.
      source.problems().forEach(problem -> messages.println("pr-guard: warning: " + problem));
      messages.flush();
    } catch (TraceQueryException | QueryTimeoutException e) {
      throw CommandException.outsideFailed("check: " + e.getMessage(), e);
    }
    print(report);
    if (webhook != null) {
      tell(report, webhook, folder, pause);
    }
    return (report.breaches().isEmpty() ? ExitCode.FINE : ExitCode.FINDINGS).code();
  }

  private void print(CheckReport report) {
    String text =
        switch (format) {
          case TEXT -> report.text();
          case JSON -> report.json().toPrettyString() + "\n";
          case JUNIT -> report.junit();
          case MARKDOWN -> report.markdown();
        };
    OutputTarget.write(
        "check", "-", System.out, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void tell(CheckReport report, Webhook webhook, Path folder, Duration pause) {
    try (BreachMemory memory = BreachMemory.open(folder, webhook.key())) {
      List<Verdict> news = memory.news(report, pause);
      if (!news.isEmpty()) {
        webhook.post(Notice.json(report.checkedAt(), report.source(), news).toString());
        PrintWriter err = spec.commandLine().getErr();
        err.println("pr-guard: told " + webhook + " of " + news.size() + " breached rules");
        err.flush();
      }
      memory.remember(report, news);
    }
  }

  private @Nullable Webhook webhook(Map<String, String> env) {
    String address = notify == null ? env.getOrDefault("PR_GUARD_WEBHOOK", "").strip() : notify;
    if (address.isEmpty() && notify == null) {
      return null;
    }
    return Webhook.of(notify == null ? "PR_GUARD_WEBHOOK" : "--notify", address);
  }

  /// What the user's configuration allows reviews to spend; where it says nothing, the defaults.
  static Budgets budgets(Map<String, String> env) {
    BudgetLimits limits = ReviewPlanner.userConfig(env).budget();
    return new Budgets(
        usd(limits.of(BudgetLimit.DAY), Budgets.DEFAULT.daily()),
        usd(limits.of(BudgetLimit.MONTH), Budgets.DEFAULT.monthly()));
  }

  private static BigDecimal usd(OptionalLong nanoUsd, BigDecimal otherwise) {
    return nanoUsd.isPresent()
        ? BigDecimal.valueOf(nanoUsd.getAsLong(), 9).stripTrailingZeros()
        : otherwise;
  }
}
