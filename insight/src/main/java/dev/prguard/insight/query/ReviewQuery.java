package dev.prguard.insight.query;

import static dev.prguard.insight.query.Filter.ENVIRONMENT;
import static dev.prguard.insight.query.Filter.MODEL;
import static dev.prguard.insight.query.Filter.OPERATION;
import static dev.prguard.insight.query.Filter.REPOSITORY;
import static dev.prguard.insight.query.ServiceLevels.ALERT_COST_USD;
import static dev.prguard.insight.query.ServiceLevels.ALERT_LATENCY_MS;
import static dev.prguard.insight.query.ServiceLevels.SLO_COST_USD;
import static dev.prguard.insight.query.ServiceLevels.SLO_LATENCY_MS;
import static dev.prguard.insight.query.Topic.COST;
import static dev.prguard.insight.query.Topic.FAILURES;
import static dev.prguard.insight.query.Topic.LATENCY;
import static dev.prguard.insight.query.Topic.LOOK_UP;
import static dev.prguard.insight.query.Topic.REVIEWS;
import static dev.prguard.insight.query.Topic.TOKENS;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Every question in TraceQL that this product ships. All name a scope before each attribute, and
/// compare doubles with `0.0` and longs with `0` (types are not coerced). What is summed or
/// averaged must be there, or a span without it resets Tempo's running sum (SEMANTICS.md, section
/// 14).
public enum ReviewQuery {
  LATENCY_AVERAGE(
      LATENCY,
      "Average latency by operation, ms",
      "{ S && span.operation.type != nil && span.latency.ms != nil }"
          + " | avg_over_time(span.latency.ms) by (span.operation.type)",
      OPERATION),
  LATENCY_P95(
      LATENCY,
      "95th percentile of latency by operation, ms",
      "{ S && span.operation.type != nil && span.latency.ms != nil }"
          + " | quantile_over_time(span.latency.ms, .95) by (span.operation.type)",
      OPERATION),
  LATENCY_MAX(
      LATENCY,
      "The slowest operation of each kind, ms",
      "{ S && span.operation.type != \"workflow\" && span.latency.ms != nil }"
          + " | max_over_time(span.latency.ms) by (span.operation.type)",
      OPERATION),
  LATENCY_OF_MODELS(
      LATENCY,
      "Average time inside model calls by operation, ms",
      "{ S && span.operation.type != nil && span.latency.api_ms != nil }"
          + " | avg_over_time(span.latency.api_ms) by (span.operation.type)",
      OPERATION),
  LATENCY_TABLE(
      LATENCY,
      "Latency of each operation",
      "{ S && span.operation.type != nil }"
          + " | select(span.latency.ms) | by(span.operation.type)",
      OPERATION),
  SLOW_OPERATIONS(
      LATENCY,
      "Operations over the alert threshold",
      "{ S && span.operation.type != \"workflow\" && span.latency.ms > "
          + ALERT_LATENCY_MS
          + " }"
          + " | select(span.operation.type, span.latency.ms, span.pr.url)",
      OPERATION),
  SLOW_COUNT(
      LATENCY,
      "How many operations were over the alert threshold",
      "{ S && span.operation.type != \"workflow\" && span.latency.ms > "
          + ALERT_LATENCY_MS
          + " }"
          + " | count_over_time() by (span.operation.type)",
      OPERATION),
  LATENCY_PROMISE_BROKEN(
      LATENCY,
      "Operations that broke the latency promise",
      "{ S && span.operation.type != \"workflow\" && span.latency.ms >= "
          + SLO_LATENCY_MS
          + " }"
          + " | count_over_time()",
      OPERATION),
  SLOW_FOR_PROMISE(
      LATENCY,
      "Which operations broke the latency promise",
      "{ S && span.operation.type != \"workflow\" && span.latency.ms >= "
          + SLO_LATENCY_MS
          + " }"
          + " | select(span.operation.type, span.latency.ms, span.pr.url)",
      OPERATION),
  LATENCY_MEASURED(
      LATENCY,
      "Operations whose latency is known",
      "{ S && span.operation.type != \"workflow\" && span.latency.ms != nil } | count_over_time()",
      OPERATION),

  COST_BY_MODEL(
      COST,
      "Total cost by model, USD",
      "{ S && span.cost.usd != nil } | sum_over_time(span.cost.usd) by (span.cost.model)",
      MODEL),
  COST_TOTAL(
      COST, "Total cost, USD", "{ S && span.cost.usd != nil } | sum_over_time(span.cost.usd)"),
  COST_BY_REPOSITORY(
      COST,
      "Cost by repository, USD",
      "{ S && span.cost.usd != nil } | sum_over_time(span.cost.usd) by (span.pr.repository)"),
  COST_BY_OPERATION(
      COST,
      "Cost by operation, USD",
      "{ S && span.cost.usd != nil } | sum_over_time(span.cost.usd) by (span.operation.type)",
      OPERATION),
  COST_OF_REVIEWS(
      COST,
      "Cost of a review, median and 95th percentile, nano-dollars",
      "{ S && span.cost.total_nano_usd > 0 }"
          + " | quantile_over_time(span.cost.total_nano_usd, .5, .95)"),
  COST_OF_REVIEW_AVERAGE(
      COST,
      "Average cost of a review, USD",
      "{ S && span.cost.total_usd != nil } | avg_over_time(span.cost.total_usd)"),
  COST_P95(
      COST,
      "Cost of an operation, median and 95th percentile, nano-dollars",
      "{ S && span.cost.nano_usd > 0 }"
          + " | quantile_over_time(span.cost.nano_usd, .5, .95) by (span.operation.type)",
      OPERATION),
  COST_MAX(
      COST,
      "The dearest operation of each kind, USD",
      // The root has no cost.usd, so it need not be left out; `!=` would keep a store from
      // answering
      // from its columns.
      "{ S && span.cost.usd != nil } | max_over_time(span.cost.usd) by (span.operation.type)",
      OPERATION),
  COST_TABLE(
      COST,
      "Cost of each operation, by model",
      "{ S && span.cost.usd > 0.0 && span.cost.model != nil }"
          + " | select(span.cost.usd) | by(span.cost.model)",
      MODEL),
  COSTLY_OPERATIONS(
      COST,
      "Operations over the alert threshold",
      "{ S && span.cost.usd > "
          + ALERT_COST_USD
          + " }"
          + " | select(span.operation.type, span.cost.usd, span.cost.model, span.pr.url)",
      MODEL,
      OPERATION),
  COSTLY_COUNT(
      COST,
      "How many operations were over the alert threshold",
      "{ S && span.cost.usd > "
          + ALERT_COST_USD
          + " }"
          + " | count_over_time() by (span.operation.type)",
      OPERATION),
  COST_PROMISE_BROKEN(
      COST,
      "Operations that broke the cost promise",
      "{ S && span.operation.type != \"workflow\" && span.cost.usd >= "
          + SLO_COST_USD
          + " }"
          + " | count_over_time()",
      OPERATION),
  DEAR_FOR_PROMISE(
      COST,
      "Which operations broke the cost promise",
      "{ S && span.operation.type != \"workflow\" && span.cost.usd >= "
          + SLO_COST_USD
          + " }"
          + " | select(span.operation.type, span.cost.usd, span.cost.model, span.pr.url)",
      MODEL,
      OPERATION),
  COST_MEASURED(
      COST,
      "Operations whose cost is known",
      "{ S && span.operation.type != \"workflow\" && span.cost.usd != nil } | count_over_time()",
      OPERATION),
  COST_UNKNOWN(
      COST,
      "Operations whose cost is unknown, by model",
      "{ S && span.operation.type != \"workflow\" && span.cost.priced = false } | count_over_time() by (span.cost.model)",
      MODEL),
  COST_UNKNOWN_TABLE(
      COST,
      "Operations whose cost is unknown",
      "{ S && span.operation.type != \"workflow\" && span.cost.priced = false } | select(span.cost.model, span.operation.type, span.pr.url)",
      MODEL),
  DEAREST_REVIEWS(
      COST,
      "What each review cost",
      "{ S && span.cost.total_usd > 0.0 } | select(span.cost.total_usd, span.latency.ms,"
          + " span.workflow.status, span.pr.repository, span.pr.url) with (most_recent=true)"),
  DEAREST_PULL_REQUESTS(
      COST,
      "The ten dearest pull requests, USD",
      "{ S && span.cost.total_usd > 0.0 }"
          + " | sum_over_time(span.cost.total_usd) by (span.pr.url) | topk(10)"),

  TOKENS_PROMPT(
      TOKENS,
      "Prompt tokens",
      "{ S && span.cost.tokens.prompt != nil } | sum_over_time(span.cost.tokens.prompt)",
      MODEL,
      OPERATION),
  TOKENS_COMPLETION(
      TOKENS,
      "Completion tokens",
      "{ S && span.cost.tokens.completion != nil } | sum_over_time(span.cost.tokens.completion)",
      MODEL,
      OPERATION),
  TOKENS_CACHE_READ(
      TOKENS,
      "Prompt tokens read from the provider's cache, which cost less",
      "{ S && span.cost.tokens.cache_read != nil } | sum_over_time(span.cost.tokens.cache_read)",
      MODEL,
      OPERATION),
  TOKENS_PER_MS(
      TOKENS,
      "Tokens per millisecond by model",
      "{ S && span.tokens.per_ms != nil } | avg_over_time(span.tokens.per_ms) by (span.cost.model)",
      MODEL),
  TOKENS_TABLE(
      TOKENS,
      "Prompt against completion of each operation",
      "{ S && span.cost.tokens.total > 0 }"
          + " | select(span.cost.tokens.prompt, span.cost.tokens.completion)",
      MODEL,
      OPERATION),
  TOKEN_RATIO_TABLE(
      TOKENS,
      "Token efficiency of each operation",
      "{ S && span.tokens.per_ms > 0.0 }"
          + " | select(span.tokens.prompt_ratio, span.tokens.per_ms, span.operation.type)",
      MODEL,
      OPERATION),

  OPERATIONS(
      FAILURES,
      "How many operations there were, by kind",
      "{ S && span.operation.type != \"workflow\" } | count_over_time() by (span.operation.type)",
      OPERATION),
  FAILED_OPERATIONS(
      FAILURES,
      "How many operations failed, by kind",
      "{ S && span.operation.type != \"workflow\" && status = error }"
          + " | count_over_time() by (span.operation.type)",
      OPERATION),
  OPERATIONS_IN_ALL(
      FAILURES,
      "How many operations there were",
      "{ S && span.operation.type != \"workflow\" } | count_over_time()",
      OPERATION),
  FAILED_IN_ALL(
      FAILURES,
      "How many operations failed",
      "{ S && span.operation.type != \"workflow\" && status = error } | count_over_time()",
      OPERATION),
  FAILURE_RATE(
      FAILURES,
      "Failures a second, by kind of operation",
      "{ S && status = error } | rate() by (span.operation.type)",
      OPERATION),
  FAILURE_TABLE(
      FAILURES,
      "What failed, and where",
      "{ S && status = error } | select(name, statusMessage, span.operation.type, span.pr.url)",
      OPERATION),

  REVIEWS_BY_STATUS(
      REVIEWS,
      "Reviews by outcome",
      "{ S && name = \"pr_review.workflow\" } | count_over_time() by (span.workflow.status)"),
  REVIEWS_IN_ALL(REVIEWS, "Reviews", "{ S && name = \"pr_review.workflow\" } | count_over_time()"),
  REVIEWS_NOT_WHOLE(
      REVIEWS,
      "Reviews that did not see the whole change",
      "{ S && name = \"pr_review.workflow\" && span.workflow.status != \"reviewed\" }"
          + " | count_over_time()"),
  REVIEWS_NOT_WHOLE_TABLE(
      REVIEWS,
      "Which reviews did not see the whole change",
      "{ S && name = \"pr_review.workflow\" && span.workflow.status != \"reviewed\" }"
          + " | select(span.workflow.status, span.pr.repository, span.pr.url)"),
  REVIEW_TABLE(
      REVIEWS,
      "Reviews, their outcome and cost",
      "{ S && name = \"pr_review.workflow\" } | select(span.workflow.status, span.cost.total_usd)"),
  FINDINGS_CRITICAL(
      REVIEWS,
      "Critical findings",
      "{ S && name = \"pr_review.workflow\" && span.issues.critical != nil }"
          + " | sum_over_time(span.issues.critical)"),
  FINDINGS_HIGH(
      REVIEWS,
      "High findings",
      "{ S && name = \"pr_review.workflow\" && span.issues.high != nil }"
          + " | sum_over_time(span.issues.high)"),
  FINDINGS_IN_ALL(
      REVIEWS,
      "Findings",
      "{ S && name = \"pr_review.workflow\" && span.issues.found != nil }"
          + " | sum_over_time(span.issues.found)"),
  REVIEWS_BY_RISK(
      REVIEWS,
      "Reviews by risk",
      "{ S && name = \"pr_review.workflow\" && span.risk.level != nil }"
          + " | count_over_time() by (span.risk.level)"),
  PATCHES(
      REVIEWS,
      "Patches made",
      "{ S && span.operation.type = \"patch\" && span.patch.generated = true } | count_over_time()"),
  PATCHES_VERIFIED(
      REVIEWS,
      "Patches that were proven",
      "{ S && span.operation.type = \"patch\" && span.patch.verified = true } | count_over_time()"),
  PATCH_TABLE(
      REVIEWS,
      "Patches and what they mend",
      "{ S && span.operation.type = \"patch\" }"
          + " | select(span.patch.generated, span.patch.verified, span.patch.issues_patched)"),
  SECURITY_BY_REPOSITORY(
      REVIEWS,
      "Security findings by repository",
      "{ S && name = \"pr_review.workflow\" && span.issues.security != nil }"
          + " | sum_over_time(span.issues.security) by (span.pr.repository)"),
  RISKY_REVIEWS(
      REVIEWS,
      "Reviews of high or critical risk",
      "{ S && span.risk.level =~ \"high|critical\" }"
          + " | select(span.risk.level, span.issues.found, span.pr.url)"),

  LATEST(
      LOOK_UP,
      "What models cost lately, newest first",
      "{ S && span.cost.usd > 0.0 } | select(span.cost.usd, span.latency.ms)"
          + " with (most_recent=true)"),
  ONE_REPOSITORY(
      LOOK_UP,
      "One repository",
      "{ S && span.pr.repository = \"acme/payments\" } | select(span.cost.usd, span.issues.security)"),
  ONE_REPOSITORY_COST(
      LOOK_UP,
      "What one repository costs, USD",
      "{ S && span.pr.repository = \"acme/payments\" && span.cost.usd != nil }"
          + " | sum_over_time(span.cost.usd)"),
  ONE_PULL_REQUEST(
      LOOK_UP,
      "One pull request",
      "{ S && span.pr.repository = \"acme/payments\" && span.pr.number = 42 }"
          + " | select(name, span.cost.usd, span.latency.ms)"),
  MODEL_CALLS(
      LOOK_UP,
      "Calls of models, their tokens and cost",
      "{ S && span.gen_ai.operation.name = \"chat\" } | select(span.gen_ai.request.model,"
          + " span.gen_ai.usage.input_tokens, span.gen_ai.usage.output_tokens,"
          + " span.gen_ai.usage.cost)"),
  FAILURES_BELOW_PATCH(
      LOOK_UP,
      "Failures below the making of a patch",
      "{ S && span.operation.type = \"patch\" } >> { status = error }"),
  ONE_TRACE(LOOK_UP, "One trace by its id", "{ trace:id = \"0123456789abcdef0123456789abcdef\" }");

  private static final String SERVICE = "resource.service.name = \"secure-pr-guard\"";

  private final Topic topic;
  private final String question;
  private final String template;

  @SuppressWarnings("ImmutableEnumChecker") // never changed
  private final List<Filter> filters;

  ReviewQuery(Topic topic, String question, String template, Filter... more) {
    this.topic = topic;
    this.question = question;
    this.template = template;
    this.filters = Stream.concat(Stream.of(REPOSITORY, ENVIRONMENT), Arrays.stream(more)).toList();
  }

  public Topic topic() {
    return topic;
  }

  public String question() {
    return question;
  }

  /// The query over everything.
  public String text() {
    return template.replace("{ S ", "{ " + SERVICE + " ");
  }

  /// The query narrowed by the variables of a dashboard, `$repository` and the like.
  public String dashboardText() {
    StringBuilder conditions = new StringBuilder(SERVICE);
    filters.forEach(filter -> conditions.append(" && ").append(filter.condition()));
    return template.replace("{ S ", "{ " + conditions + " ");
  }

  /// The query narrowed to values that a reader chose, where it can be narrowed by them.
  public String text(Map<Filter, String> chosen) {
    StringBuilder conditions = new StringBuilder(SERVICE);
    filters.forEach(filter -> {
      String value = chosen.get(filter);
      if (value != null) {
        conditions.append(" && ").append(filter.condition(value));
      }
    });
    return template.replace("{ S ", "{ " + conditions + " ");
  }

  /// Whether it is answered by numbers over time; else by spans.
  public boolean isMetrics() {
    return template.matches(".*\\| \\w+_over_time\\(.*|.*\\| rate\\(.*");
  }
}
