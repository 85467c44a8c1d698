package dev.prguard.review.workflow;

import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.TokenUsage;
import dev.prguard.review.result.Coverage;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.result.PublishReceipt;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.result.ReviewResult.OperationSummary;
import dev.prguard.review.result.ReviewStatus;
import dev.prguard.review.result.Risk;
import dev.prguard.review.result.Severity;
import dev.prguard.review.rules.SecretRedactor;
import dev.prguard.trace.CostAttributes;
import dev.prguard.trace.GenAiAttributes;
import dev.prguard.trace.ReviewAttributes;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The state of one review while it runs: the root span, and what the agents have found, spent and
/// failed so far. Used by one thread.
final class ReviewRun {
  private final Tracer tracer;
  private final Consumer<ReviewProgress> progress;
  private final Span root;
  private final Context context;
  private final SpanTime time = SpanTime.start();
  private final List<OperationSummary> operations = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private PullRequest pullRequest;
  private Attributes pullRequestAttributes;
  private List<Finding> findings = List.of();
  private Coverage coverage = new Coverage(List.of());
  private ReviewStatus status = ReviewStatus.NOT_REVIEWED;
  private Risk risk = new Risk(Risk.Level.LOW, "not assessed");
  private PatchOutcome patch = PatchOutcome.NONE;
  private @Nullable PublishReceipt receipt;
  private boolean outsideFailed;

  ReviewRun(Tracer tracer, Consumer<ReviewProgress> progress, PullRequest known) {
    this.tracer = tracer;
    this.progress = progress;
    this.pullRequest = known;
    this.pullRequestAttributes = PullRequestAttributes.of(known);
    this.root =
        tracer
            .spanBuilder("pr_review.workflow")
            .setNoParent()
            .setStartTimestamp(time.epochNanos(), TimeUnit.NANOSECONDS)
            .startSpan();
    this.context = Context.root().with(root);
    root.setAttribute(CostAttributes.OPERATION_TYPE, "workflow");
    root.setAttribute(CostAttributes.OPERATION_NAME, "pr_review.workflow");
  }

  Operation start(String type, String name, String step) {
    progress.accept(new ReviewProgress(type, step, 0, 0, cost()));
    return Operation.start(tracer, context, time, type, name);
  }

  /// Tells how far an operation under way is.
  ///
  /// @param spent what the operation itself has cost so far
  void progress(String type, String step, int filesDone, int files, Cost spent) {
    progress.accept(new ReviewProgress(type, step, filesDone, files, cost().plus(spent)));
  }

  void end(Operation operation) {
    operations.add(operation.end(pullRequestAttributes));
  }

  void fetched(PullRequest fetched) {
    pullRequest = fetched;
    pullRequestAttributes = PullRequestAttributes.of(fetched);
  }

  Attributes pullRequestAttributes() {
    return pullRequestAttributes;
  }

  void problem(String line) {
    String redacted = SecretRedactor.redact(line);
    if (!problems.contains(redacted)) {
      problems.add(redacted);
    }
  }

  /// A service that was asked for failed.
  void outsideFailed() {
    outsideFailed = true;
  }

  void covered(Coverage newCoverage, ReviewStatus newStatus) {
    coverage = newCoverage;
    status = newStatus;
  }

  /// What was asked for was not done whole: no `reviewed` any more.
  void incomplete() {
    if (status == ReviewStatus.REVIEWED) {
      status = ReviewStatus.PARTIAL;
    }
  }

  void assessed(List<Finding> ranked, Risk newRisk) {
    findings = ranked;
    risk = newRisk;
  }

  List<Finding> findings() {
    return findings;
  }

  Coverage coverage() {
    return coverage;
  }

  void patched(PatchOutcome outcome) {
    patch = outcome;
  }

  PatchOutcome patch() {
    return patch;
  }

  void published(PublishReceipt newReceipt) {
    receipt = newReceipt;
  }

  Cost cost() {
    return operations.stream().map(OperationSummary::cost).reduce(Cost.zero(), Cost::plus);
  }

  /// The result as it stands. Publishing and reports take it from here, so that all tell the same
  /// numbers.
  ReviewResult result() {
    return result(System.nanoTime());
  }

  private ReviewResult result(long now) {
    LinkedHashSet<String> models =
        operations.stream()
            .map(OperationSummary::model)
            .filter(model -> !model.equals(Operation.NO_MODEL))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new ReviewResult(
        status,
        pullRequest,
        findings,
        coverage,
        risk,
        patch,
        problems,
        models.isEmpty() ? Operation.NO_MODEL : String.join(", ", models),
        operations.stream().map(OperationSummary::tokens).reduce(TokenUsage.ZERO, TokenUsage::plus),
        cost(),
        (now - time.nanoTime()) / 1_000_000,
        root.getSpanContext().getTraceId(),
        operations,
        receipt);
  }

  ReviewOutcome finish() {
    ReviewResult result = endRoot();
    return new ReviewOutcome(result, outsideFailed, null);
  }

  /// Ends a review before it began: the change, or the settings to review it by, cannot be read.
  ReviewOutcome notFetched(ChangeSourceException failure) {
    problem(String.valueOf(failure.getMessage()));
    root.setStatus(StatusCode.ERROR, "nothing was fetched");
    root.setAttribute(GenAiAttributes.ERROR_TYPE, "fetch");
    ReviewResult result = endRoot();
    return new ReviewOutcome(
        result, failure.category() == ChangeSourceException.Category.OUTSIDE, failure);
  }

  /// Ends the trace of a run that broke off. What was spent until then is on the spans that ended.
  void abort(Throwable cause) {
    root.setStatus(StatusCode.ERROR, "aborted: " + cause.getClass().getSimpleName());
    root.setAttribute(GenAiAttributes.ERROR_TYPE, cause.getClass().getName());
    if (status == ReviewStatus.REVIEWED) {
      status = ReviewStatus.PARTIAL;
    }
    ReviewResult _ = endRoot();
  }

  /// Ends the trace with what the result says.
  private ReviewResult endRoot() {
    long now = System.nanoTime();
    ReviewResult result = result(now);
    root.setAllAttributes(pullRequestAttributes);
    issues(root);
    risk(root);
    Cost cost = result.cost();
    root.setAttribute(CostAttributes.PRICED, cost instanceof Cost.Known);
    if (cost instanceof Cost.Known || cost.knownPart() > 0) {
      root.setAttribute(
          CostAttributes.TOTAL_USD, BigDecimal.valueOf(cost.knownPart(), 9).doubleValue());
      root.setAttribute(CostAttributes.TOTAL_NANO_USD, cost.knownPart());
    }
    root.setAttribute(CostAttributes.WORKFLOW_TOKENS_TOTAL, result.tokens().total());
    root.setAttribute(CostAttributes.LATENCY_TOTAL_MS, result.latencyMs());
    root.setAttribute(CostAttributes.LATENCY_MS, result.latencyMs());
    root.setAttribute(ReviewAttributes.WORKFLOW_STATUS, result.status().word());
    root.end(time.epochNanos(now), TimeUnit.NANOSECONDS);
    return result;
  }

  /// Sets the `issues.*` counts of the findings so far.
  void issues(Span span) {
    issues(span, findings);
  }

  static void issues(Span span, List<Finding> findings) {
    span.setAttribute(ReviewAttributes.ISSUES_FOUND, (long) findings.size());
    span.setAttribute(
        ReviewAttributes.ISSUES_AI_DETECTED,
        findings.stream().filter(f -> f.source() == Finding.Source.MODEL).count());
    span.setAttribute(
        ReviewAttributes.ISSUES_RULE_DETECTED,
        findings.stream().filter(f -> f.source() == Finding.Source.RULE).count());
    span.setAttribute(
        ReviewAttributes.ISSUES_SECURITY,
        findings.stream().filter(f -> f.category() == Finding.Category.SECURITY).count());
    span.setAttribute(ReviewAttributes.ISSUES_CRITICAL, count(findings, Severity.CRITICAL));
    span.setAttribute(ReviewAttributes.ISSUES_HIGH, count(findings, Severity.HIGH));
  }

  private static long count(List<Finding> findings, Severity severity) {
    return findings.stream().filter(f -> f.severity() == severity).count();
  }

  void risk(Span span) {
    span.setAttribute(ReviewAttributes.RISK_LEVEL, risk.level().word());
    span.setAttribute(ReviewAttributes.RISK_SCORE, (long) risk.level().score());
  }
}
