package dev.prguard.cli;

import dev.prguard.review.change.ChangeSource;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.report.JsonReport;
import dev.prguard.review.report.MarkdownReport;
import dev.prguard.review.report.SarifReport;
import dev.prguard.review.report.TerminalReport;
import dev.prguard.review.result.PublishReceipt;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.result.ReviewStatus;
import dev.prguard.review.workflow.ReviewOutcome;
import dev.prguard.review.workflow.ReviewWorkflow;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;

/// One run of `pr-guard review`: wires source, workflow, telemetry and outputs, and turns the
/// outcome into an exit code.
final class ReviewSession {
  private final ReviewCommand options;
  private final Map<String, String> env;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final Clock clock = Clock.systemUTC();
  private final ProgressLine progress;

  ReviewSession(ReviewCommand options, Map<String, String> env) {
    this.options = options;
    this.env = env;
    this.progress = ProgressLine.on(err, options.quiet);
  }

  ExitCode run() {
    // Whatever can be wrong with the options is said before anything is read, sent or written.
    ReviewSource source = ReviewSource.of(options, env);
    options.deadline();
    OutputTarget.requireUsable(options.outputs(), options.source);
    try (ReviewPlanner planner = ReviewPlanner.of(options, env, source, clock, this::warn)) {
      return options.dryRun ? dryRun(source.changes(), planner) : review(source, planner);
    }
  }

  private ExitCode review(ReviewSource source, ReviewPlanner planner) {
    boolean required = options.telemetryRequired();
    if (required && TelemetryCommand.config(env).endpoint() == null) {
      // A secret that a CI did not hand out must not make the check pass.
      throw TelemetryCommand.noReceiver("--telemetry required");
    }
    if (options.profile) {
      // A malformed address is said before anything is spent.
      var _ = TraceLink.grafana(env, "", clock.instant());
    }
    TelemetrySession telemetry = TelemetrySession.start(env, options.flushDeadline(), err);
    ExitCode code;
    try (telemetry) {
      ReviewWorkflow workflow = new ReviewWorkflow(telemetry.tracer(), clock, progress::show);
      ReviewOutcome outcome;
      try {
        outcome = workflow.run(source.changes(), source.known(), planner::plan);
      } finally {
        progress.clear();
      }
      code = conclude(outcome, planner.failOn());
    }
    boolean undelivered = required && !telemetry.complete();
    return code == ExitCode.FINE && undelivered ? ExitCode.OUTSIDE_FAILED : code;
  }

  private void warn(String line) {
    progress.clear();
    err.println("pr-guard: warning: " + line);
  }

  private ExitCode dryRun(ChangeSource source, ReviewPlanner planner) {
    try {
      out.print(DryRunReport.render(planner.estimate(source.fetch())));
    } catch (ChangeSourceException e) {
      throw unfetched(e);
    }
    OutputTarget.requireWritten(out);
    return ExitCode.FINE;
  }

  private ExitCode conclude(ReviewOutcome outcome, FailOn failOn) {
    ReviewResult result = outcome.result();
    ChangeSourceException notFetched = outcome.notFetched();
    if (notFetched != null && notFetched.category() == ChangeSourceException.Category.INPUT) {
      throw unfetched(notFetched);
    }
    write(result);
    if (notFetched != null) {
      throw unfetched(notFetched);
    }
    if (result.coverage().files().isEmpty()) {
      err.println("pr-guard: nothing to review: " + whyEmpty(result.pullRequest()));
    }
    if (!options.standardOutputTaken() && !result.coverage().files().isEmpty()) {
      out.print(TerminalReport.render(result, TerminalSettings.of(env)));
      OutputTarget.requireWritten(out);
    }
    if (options.profile) {
      err.print(Profile.render(result));
      err.println("trace " + result.traceId());
      err.println(
          TraceLink.grafana(env, result.traceId(), clock.instant())
              .orElse("./pr-guard trace " + result.traceId()));
    }
    return exitCode(outcome, failOn);
  }

  private String whyEmpty(PullRequest change) {
    if (change.number() != null || change.baseRef().isEmpty()) {
      return "the change is empty";
    }
    String head = change.headRef().replaceAll("\\p{C}", "\uFFFD");
    String base = change.baseRef().replaceAll("\\p{C}", "\uFFFD");
    if (options.uncommitted) {
      return "nothing was changed since " + base;
    }
    return (head.equals(base)
            ? head + " would be compared with itself"
            : head + " changes nothing since it left " + base)
        + "; name another --base, or add --uncommitted";
  }

  private void write(ReviewResult result) {
    if (options.json != null) {
      OutputTarget.write("--json", options.json, out, to -> JsonReport.write(result, to));
    }
    if (options.sarif != null) {
      OutputTarget.write(
          "--sarif", options.sarif, out, to -> SarifReport.write(result, Version.read(), to));
    }
    if (options.markdown != null) {
      OutputTarget.write(
          "--markdown",
          options.markdown,
          out,
          to -> to.write(MarkdownReport.summary(result).getBytes(StandardCharsets.UTF_8)));
    }
    if (options.patch != null) {
      String diff = result.patch().unifiedDiff();
      OutputTarget.write(
          "--patch",
          options.patch,
          out,
          to -> to.write((diff == null ? "" : diff).getBytes(StandardCharsets.UTF_8)));
    }
  }

  /// Findings come first: a CI check must block on what was found, whatever else failed.
  static ExitCode exitCode(ReviewOutcome outcome, FailOn failOn) {
    ReviewResult result = outcome.result();
    if (failOn.failsOn(result.findings())) {
      return ExitCode.FINDINGS;
    }
    PublishReceipt receipt = result.receipt();
    boolean notTold = receipt != null && (receipt.failed() > 0 || !receipt.errors().isEmpty());
    boolean failed = result.status() == ReviewStatus.NOT_REVIEWED && !result.nothingToReview();
    if (outcome.outsideFailed() || notTold || failed) {
      return ExitCode.OUTSIDE_FAILED;
    }
    return ExitCode.FINE;
  }

  private static CommandException unfetched(ChangeSourceException e) {
    String message = e.getMessage() == null ? "the change could not be read" : e.getMessage();
    return switch (e.category()) {
      case INPUT -> CommandException.wrongInput(message, e);
      case OUTSIDE -> CommandException.outsideFailed(message, e);
    };
  }
}
