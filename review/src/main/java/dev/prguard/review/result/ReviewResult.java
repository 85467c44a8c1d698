package dev.prguard.review.result;

import dev.prguard.review.change.PullRequest;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.TokenUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that a review says, whole; each report is a view of it.
///
/// @param problems what went wrong or was ignored on the way, one line each, for the user; secrets
///   redacted
/// @param model the models used, `a, b` when a fall-back happened, `none` without one
/// @param latencyMs ms of the whole review
/// @param operations one entry an operation span, in order
/// @param receipt what was published, null when nothing was asked to be
public record ReviewResult(
    ReviewStatus status,
    PullRequest pullRequest,
    List<Finding> findings,
    Coverage coverage,
    Risk risk,
    PatchOutcome patch,
    List<String> problems,
    String model,
    TokenUsage tokens,
    Cost cost,
    long latencyMs,
    String traceId,
    List<OperationSummary> operations,
    @Nullable PublishReceipt receipt) {

  /// The problem of a change without any file.
  public static final String EMPTY = "nothing to review: the change is empty";

  public ReviewResult {
    findings = List.copyOf(findings);
    problems = List.copyOf(problems);
    operations = List.copyOf(operations);
  }

  /// What one operation took.
  public record OperationSummary(
      String type, String model, long latencyMs, long apiMs, TokenUsage tokens, Cost cost) {}

  /// Whether it was not reviewed because there was nothing: no claim, and no failure either.
  public boolean nothingToReview() {
    return status == ReviewStatus.NOT_REVIEWED && problems.contains(EMPTY);
  }

  public ReviewResult withReceipt(PublishReceipt newReceipt) {
    return new ReviewResult(
        status,
        pullRequest,
        findings,
        coverage,
        risk,
        patch,
        problems,
        model,
        tokens,
        cost,
        latencyMs,
        traceId,
        operations,
        newReceipt);
  }
}
