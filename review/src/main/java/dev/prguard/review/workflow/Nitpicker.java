package dev.prguard.review.workflow;

import dev.prguard.review.change.Change;
import dev.prguard.review.model.CallScope;
import dev.prguard.review.model.HunkKey;
import dev.prguard.review.model.ModelClient;
import dev.prguard.review.model.ModelReview;
import dev.prguard.review.model.ModelReviewer;
import dev.prguard.review.result.Coverage.Look;
import dev.prguard.review.result.Finding;
import dev.prguard.review.rules.RuleScan;
import dev.prguard.review.rules.RuleScanner;
import dev.prguard.review.rules.SecretRedactor;
import dev.prguard.trace.ReviewAttributes;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The second agent: rules over the changed lines, always; then the model, if there is one. Nothing
/// that happens to the model touches what the rules found. [#scan] may run beside [#ask].
final class Nitpicker {

  private final Tracer tracer;
  private final RuleScanner scanner;

  private volatile RuleScan rules = new RuleScan(List.of(), Map.of(), List.of());
  private final List<Finding> modelFindings = new ArrayList<>();
  private final Map<HunkKey, Look> modelLooks = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  Nitpicker(Tracer tracer, RuleScanner scanner) {
    this.tracer = tracer;
    this.scanner = scanner;
  }

  /// Runs the rules as a span below the operation.
  void scan(Change change, Context parent, Attributes pullRequest) {
    Span span = tracer.spanBuilder("rules.scan").setParent(parent).startSpan();
    span.setAllAttributes(pullRequest);
    try {
      rules = scanner.scan(change);
      span.setAttribute(ReviewAttributes.ISSUES_FOUND, (long) rules.findings().size());
    } finally {
      span.end();
    }
  }

  /// Asks one model about the given hunks.
  ///
  /// @param progress told of every file that was answered
  /// @return the hunks that it failed on, for a fall-back
  Set<HunkKey> ask(
      Change change,
      ModelClient model,
      CallScope scope,
      Set<HunkKey> hunks,
      ModelReviewer.Progress progress) {
    ModelReviewer reviewer = new ModelReviewer(model.settings(), SecretRedactor::redact);
    ModelReview review = reviewer.review(change, model, scope, hunks, progress);
    modelFindings.addAll(review.findings());
    modelLooks.putAll(review.looks());
    problems.addAll(review.problems());
    return review.failed();
  }

  List<Finding> ruleFindings() {
    return rules.findings();
  }

  List<Finding> modelFindings() {
    return List.copyOf(modelFindings);
  }

  /// All findings so far, unranked.
  List<Finding> findings() {
    return Stream.concat(ruleFindings().stream(), modelFindings.stream()).toList();
  }

  Map<String, Look> ruleLooks() {
    return rules.looks();
  }

  Map<HunkKey, Look> modelLooks() {
    return modelLooks;
  }

  List<String> problems() {
    return Stream.concat(rules.notes().stream(), problems.stream()).toList();
  }
}
