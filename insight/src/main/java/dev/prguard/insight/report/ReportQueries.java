package dev.prguard.insight.report;

import dev.prguard.insight.query.ReviewQuery;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// The TraceQL of the report. Every sum also filters on the attribute's presence: on Tempo a span
/// without it would restart the sum. Doubles are compared with doubles, longs with longs.
final class ReportQueries {
  /// As TraceQL prints them in answers.
  static final String OPERATION = "span.operation.type";

  static final String MODEL = "span.cost.model";
  static final String STATUS = "status";
  static final String PRICED = "span.cost.priced";
  static final String WORKFLOW_STATUS = "span.workflow.status";
  static final String REPOSITORY = "span.pr.repository";
  static final String AUTHOR = "span.pr.author";
  static final String DEMO = "resource.pr_guard.demo";
  static final String IMPORT = "resource.pr_guard.import";

  private static final String SERVICE = "resource.service.name = \"secure-pr-guard\"";

  private static final String REVIEW_FIELDS =
      " | select(span.cost.total_usd, span.pr.url, span.pr.author, span.workflow.status)";

  /// `resource.service.name = "secure-pr-guard"`, and the repository where one was named.
  private final String scope;

  ReportQueries(@Nullable String repository) {
    scope =
        repository == null ? SERVICE : SERVICE + " && " + REPOSITORY + " = " + quoted(repository);
  }

  /// Operations by type, model, status and whether their cost is known.
  String operations() {
    return operations("")
        + " | count_over_time() by (%s, %s, %s, %s)".formatted(OPERATION, MODEL, STATUS, PRICED);
  }

  /// A query that the alerts ask too, narrowed as the report is.
  String of(ReviewQuery query) {
    return query.text().replace("{ " + SERVICE, "{ " + scope);
  }

  /// The sum of a long attribute of operations, by type and model.
  String operationSum(String attribute) {
    String field = "span." + attribute;
    return operations(" && " + field + " != nil")
        + " | sum_over_time(%s) by (%s, %s)".formatted(field, OPERATION, MODEL);
  }

  String latencyQuantile(String q, String by) {
    return operations(" && span.latency.ms != nil")
        + " | quantile_over_time(span.latency.ms, "
        + q
        + ")"
        + by;
  }

  String latencyHistogram(String by) {
    return operations(" && span.latency.ms != nil")
        + " | histogram_over_time(span.latency.ms)"
        + by;
  }

  String costByOrigin() {
    return operations(" && span.cost.nano_usd != nil")
        + " | sum_over_time(span.cost.nano_usd) by (%s, %s)".formatted(REPOSITORY, AUTHOR);
  }

  String verifiedPatches() {
    return operations(" && span.patch.verified = true") + " | count_over_time()";
  }

  String origins() {
    return operations("") + " | count_over_time() by (%s, %s)".formatted(DEMO, IMPORT);
  }

  String unpricedOperations() {
    return operations(" && span.cost.priced = false")
        + " | select(span.operation.type, span.cost.model, span.pr.url, span.pr.author)";
  }

  String reviewsByStatus() {
    return reviews("") + " | count_over_time() by (" + WORKFLOW_STATUS + ")";
  }

  String reviewsByOrigin() {
    return reviews("") + " | count_over_time() by (%s, %s)".formatted(REPOSITORY, AUTHOR);
  }

  String findings() {
    return reviews(" && span.issues.found != nil") + " | sum_over_time(span.issues.found)";
  }

  String findingsByOrigin() {
    return findings() + " by (%s, %s)".formatted(REPOSITORY, AUTHOR);
  }

  String incompleteReviews() {
    return reviews(" && span.workflow.status != \"reviewed\"") + REVIEW_FIELDS;
  }

  String dearestReview() {
    return reviews(" && span.cost.total_usd > 0.0") + " | max_over_time(span.cost.total_usd)";
  }

  String reviewCostQuartiles() {
    return reviews(" && span.cost.total_usd > 0.0")
        + " | quantile_over_time(span.cost.total_usd, .25, .75)";
  }

  String reviewsAbove(double usd) {
    return reviews(" && span.cost.total_usd > " + decimal(usd)) + " | count_over_time()";
  }

  String reviewsFrom(double usd) {
    return reviews(" && span.cost.total_usd > " + decimal(usd)) + REVIEW_FIELDS;
  }

  private String operations(String more) {
    return "{ %s && %s != nil && %s != \"workflow\"%s }"
        .formatted(scope, OPERATION, OPERATION, more);
  }

  private String reviews(String more) {
    return "{ %s && name = \"pr_review.workflow\"%s }".formatted(scope, more);
  }

  /// A double of TraceQL: it has a decimal point and no exponent.
  private static String decimal(double usd) {
    return new BigDecimal(usd).setScale(15, RoundingMode.DOWN).toPlainString();
  }

  /// TraceQL's strings are Go's: within quotes only backslash, quote and newline need an escape.
  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
