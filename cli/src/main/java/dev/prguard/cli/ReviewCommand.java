package dev.prguard.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pr-guard review SOURCE`: the options, and nothing of the work, which is [ReviewSession]'s.
@Command(
    name = "review",
    description = "Reviews a change for security: rules always, a model when there is one.",
    sortOptions = false,
    abbreviateSynopsis = true,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  pr-guard review https://github.com/OWNER/REPO/pull/7 --post",
      "  pr-guard review . --base main --llm openai/gpt-4o-mini --budget 0.05",
      "  git diff main | pr-guard review - --sarif findings.sarif",
      "",
      "Exit codes: 0 fine, 1 findings at or over --fail-on, 2 wrong usage or input,",
      "3 an outside service failed."
    })
final class ReviewCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "SOURCE",
      description =
          "What to review: the URL of a GitHub pull request, the folder of a git repository, "
              + "a unified diff file, or - for a diff on standard input.")
  String source = "";

  @Option(
      names = "--base",
      paramLabel = "REV",
      description =
          "Repository: compare with this revision (default: where the default branch was left).")
  @Nullable String base;

  @Option(
      names = "--head",
      paramLabel = "REV",
      description = "Repository: review this revision (default: HEAD).")
  @Nullable String head;

  @Option(
      names = "--uncommitted",
      description = "Repository: with changes that are not committed yet.")
  boolean uncommitted;

  @Option(
      names = "--llm",
      paramLabel = "MODEL",
      split = ",",
      description =
          "none, or provider/model; more than one, separated by commas: fall-backs in this order. "
              + "Providers: openai, azure, anthropic, gemini, ollama. Default: none unless a key is set.")
  List<String> llm = List.of();

  @Option(names = "--budget", paramLabel = "USD", description = "Spend at most this on models.")
  @Nullable String budget;

  @Option(
      names = "--allow-unpriced",
      description =
          "With a budget: also ask a model whose price is unknown (it counts as nothing).")
  boolean allowUnpriced;

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description = "Prices of models, before the built-in ones.")
  @Nullable Path prices;

  @Option(
      names = "--dry-run",
      description = "Say what would be sent to models and what it would cost; send nothing.")
  boolean dryRun;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description =
          "low, medium, high, critical or none: exit code 1 from this severity on (default: high).")
  @Nullable String failOn;

  @Option(
      names = "--allow-new-ignores",
      description = "Let `pr-guard: ignore RULE reason` count where the change itself adds it.")
  boolean allowNewIgnores;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result as JSON (- is standard output).")
  @Nullable String json;

  @Option(
      names = "--sarif",
      paramLabel = "FILE",
      description = "Write the findings as SARIF 2.1.0.")
  @Nullable String sarif;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the summary as Markdown.")
  @Nullable String markdown;

  @Option(
      names = "--patch",
      paramLabel = "FILE",
      description = "Write the proven fixes as a patch for git apply.")
  @Nullable String patch;

  @Option(
      names = "--post",
      description = "Publish the review on the pull request (needs GITHUB_TOKEN).")
  boolean post;

  @Option(names = "--patch-pr", description = "Open a draft pull request with the proven fixes.")
  boolean patchPr;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description =
          "Deadline of the review's model calls, such as 90s or 5m (default: 10m); "
              + "no answer of GitHub is waited for longer either.")
  @Nullable String timeout;

  @Option(
      names = "--flush-timeout",
      paramLabel = "DURATION",
      description = "Wait at most this long for telemetry at the end (default: 5s).")
  @Nullable String flushTimeout;

  @Option(
      names = "--profile",
      description =
          "Print at the end what each operation took: ms, model ms, tokens, dollars, shares; and where "
              + "to look at the trace (Grafana when GRAFANA_URL and GRAFANA_TEMPO_UID are set).")
  boolean profile;

  @Option(
      names = "--telemetry",
      paramLabel = "POLICY",
      description =
          "best-effort or required: whether spans that could not be delivered fail the run with "
              + "exit code 3 (default: best-effort).")
  @Nullable String telemetry;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress on standard error.")
  boolean quiet;

  @SuppressWarnings("NullAway.Init") // picocli injects it
  @CommandLine.Spec
  CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    return new ReviewSession(this, System.getenv()).run().code();
  }

  Duration deadline() {
    Duration deadline = Durations.parse("--timeout", timeout, Duration.ofMinutes(10));
    if (deadline.isZero()) {
      throw CommandException.wrongInput(
          "--timeout " + timeout + ": leaves no time for a review (expected: longer than 0)");
    }
    return deadline;
  }

  Duration flushDeadline() {
    return Durations.parse("--flush-timeout", flushTimeout, Duration.ofSeconds(5));
  }

  /// Whether spans that could not be delivered fail the run.
  ///
  /// @throws CommandException when the policy is neither of the two
  boolean telemetryRequired() {
    return switch (telemetry) {
      case null -> false;
      case "best-effort" -> false;
      case "required" -> true;
      default ->
          throw CommandException.wrongInput(
              "--telemetry " + telemetry + ": unknown policy (expected: best-effort or required)");
    };
  }

  /// Where reports go, by the option that says so.
  Map<String, String> outputs() {
    Map<String, String> outputs = new LinkedHashMap<>();
    putGiven(outputs, "--json", json);
    putGiven(outputs, "--sarif", sarif);
    putGiven(outputs, "--markdown", markdown);
    putGiven(outputs, "--patch", patch);
    return outputs;
  }

  private static void putGiven(
      Map<String, String> outputs, String option, @Nullable String target) {
    if (target != null) {
      outputs.put(option, target);
    }
  }

  /// Whether a report takes standard output for itself.
  boolean standardOutputTaken() {
    return outputs().values().stream().anyMatch(OutputTarget::isStandardOutput);
  }
}
