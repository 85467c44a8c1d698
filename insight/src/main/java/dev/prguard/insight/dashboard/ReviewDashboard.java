package dev.prguard.insight.dashboard;

import static dev.prguard.insight.query.ServiceLevels.ALERT_COST_USD;
import static dev.prguard.insight.query.ServiceLevels.ALERT_ERROR_RATE;
import static dev.prguard.insight.query.ServiceLevels.ALERT_LATENCY_MS;
import static dev.prguard.insight.query.ServiceLevels.SLO_COST_USD;
import static dev.prguard.insight.query.ServiceLevels.SLO_LATENCY_MS;

import dev.prguard.insight.alert.Budgets;
import dev.prguard.insight.dashboard.Dashboard.Row;
import dev.prguard.insight.dashboard.Dashboard.Setting;
import dev.prguard.insight.dashboard.Target.Metrics;
import dev.prguard.insight.dashboard.Target.Ratio;
import dev.prguard.insight.dashboard.Target.Remainder;
import dev.prguard.insight.dashboard.Target.Search;
import dev.prguard.insight.dashboard.Target.Timing;
import dev.prguard.insight.query.Filter;
import dev.prguard.insight.query.ReviewQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The dashboard of this product. The first row is its core: what reviews take, cost and read.
public final class ReviewDashboard {
  private static final String BUDGET = "monthly_budget_usd";

  private static final String WARN = "orange";
  private static final String BAD = "red";

  private ReviewDashboard() {}

  /// With the budget of [Budgets#DEFAULT].
  public static Dashboard definition() {
    return definition(Budgets.DEFAULT);
  }

  /// @param budgets what the reader finds set
  public static Dashboard definition(Budgets budgets) {
    return new Dashboard(
        "secure-pr-guard",
        "Secure PR Guard",
        "Latency, cost, tokens and outcomes of security reviews, from their traces alone.",
        List.of(Filter.values()),
        List.of(new Setting(BUDGET, "Monthly budget, USD", budgets.monthly().toPlainString())),
        List.of(
            new Row("Latency, cost, tokens", List.of(latency(), cost(), costBars(), tokens())),
            new Row("Cost", List.of(daily(), repositories(), perReview(), budget(), dearest())),
            new Row(
                "Promises",
                List.of(errors(), outcomes(), dearestOperation(), modelLatency(), slow())),
            new Row("Results", List.of(findings(), risk(), patches())),
            new Row("Use of models", List.of(efficiency(), cacheSaving(), unpriced()))));
  }

  private static Panel latency() {
    return new Panel(
        "Average and P95 latency by operation",
        "Whole operations, and `workflow` for whole reviews. The line is the promise of "
            + SLO_LATENCY_MS
            + " ms.",
        "P95 comes from buckets of powers of two, so it is right within a factor of 2.",
        Drawing.TIME_SERIES,
        Unit.MILLISECONDS,
        List.of(range("A", ReviewQuery.LATENCY_AVERAGE), range("B", ReviewQuery.LATENCY_P95)),
        List.of(new Threshold(SLO_LATENCY_MS, WARN), new Threshold(ALERT_LATENCY_MS, BAD)),
        true,
        12);
  }

  private static Panel cost() {
    return new Panel(
        "Total cost",
        "What the providers charge, as stamped when each model answered.",
        Drawing.STAT,
        Unit.US_DOLLARS,
        List.of(instant("A", ReviewQuery.COST_TOTAL, "Total cost")),
        List.of(new Threshold(1, WARN), new Threshold(10, BAD)),
        false,
        3);
  }

  private static Panel costBars() {
    return new Panel(
        "Total cost by model",
        "`none` is work without a model, which costs nothing.",
        Drawing.BARS,
        Unit.US_DOLLARS,
        List.of(instant("A", ReviewQuery.COST_BY_MODEL, null)),
        List.of(new Threshold(1, WARN), new Threshold(10, BAD)),
        false,
        5);
  }

  private static Panel tokens() {
    return new Panel(
        "Token usage: prompt against completion",
        "Prompt tokens include cached ones, completion tokens include reasoning.",
        Drawing.PIE,
        Unit.TOKENS,
        List.of(
            instant("A", ReviewQuery.TOKENS_PROMPT, "Prompt"),
            instant("B", ReviewQuery.TOKENS_COMPLETION, "Completion")),
        List.of(),
        false,
        4);
  }

  private static Panel daily() {
    return new Panel(
        "Cost per day",
        "Days are UTC.",
        "A range of more than a day needs a higher max_metrics_duration than Tempo's 24 h"
            + " (tempo/overrides.yaml).",
        Drawing.COLUMNS,
        Unit.US_DOLLARS,
        List.of(new Metrics("A", ReviewQuery.COST_TOTAL, Timing.DAILY, false, "Cost")),
        List.of(),
        false,
        8);
  }

  private static Panel repositories() {
    return new Panel(
        "Cost by repository",
        "Where the money goes.",
        Drawing.BARS,
        Unit.US_DOLLARS,
        List.of(instant("A", ReviewQuery.COST_BY_REPOSITORY, null)),
        List.of(),
        false,
        6);
  }

  private static Panel perReview() {
    return new Panel(
        "Cost per review, P50 and P95",
        "",
        "Nano-dollars (1,000,000 are a tenth of a cent), right within a factor of 2.",
        Drawing.BARS,
        Unit.NANO_US_DOLLARS,
        List.of(instant("A", ReviewQuery.COST_OF_REVIEWS, null)),
        List.of(),
        false,
        5);
  }

  private static Panel budget() {
    return new Panel(
        "Left of the monthly budget",
        "The variable above, less what was spent in the range shown: choose this month so far.",
        Drawing.STAT,
        Unit.US_DOLLARS,
        List.of(
            new Metrics("A", ReviewQuery.COST_TOTAL, Timing.INSTANT, true, null),
            new Remainder("B", BUDGET, "A", "Left")),
        List.of(new Threshold(Double.NEGATIVE_INFINITY, BAD), new Threshold(0, "green")),
        false,
        5);
  }

  private static Panel dearest() {
    return new Panel(
        "Dearest reviews",
        "Of the newest 200 that cost anything. The first column opens the trace.",
        Drawing.TABLE,
        Unit.US_DOLLARS,
        List.of(new Search("A", ReviewQuery.DEAREST_REVIEWS, 200)),
        List.of(),
        false,
        24);
  }

  private static Panel errors() {
    return new Panel(
        "Error rate by operation",
        "Failed operations of all. An operation that is not shown had no failure.",
        Drawing.BARS,
        Unit.SHARE,
        List.of(
            new Metrics("A", ReviewQuery.FAILED_OPERATIONS, Timing.INSTANT, true, null),
            new Metrics("B", ReviewQuery.OPERATIONS, Timing.INSTANT, true, null),
            new Ratio("C", "A", "B", null)),
        List.of(new Threshold(ALERT_ERROR_RATE, BAD)),
        false,
        6);
  }

  private static Panel outcomes() {
    return new Panel(
        "Reviews by outcome",
        "`partial` saw part of the change, `not_reviewed` nothing.",
        Drawing.COLUMNS,
        Unit.COUNT,
        List.of(range("A", ReviewQuery.REVIEWS_BY_STATUS)),
        List.of(),
        false,
        6);
  }

  private static Panel dearestOperation() {
    return new Panel(
        "The dearest operation of each kind",
        "The promise is under "
            + SLO_COST_USD
            + " USD an operation; over "
            + ALERT_COST_USD
            + " USD raises an alert.",
        Drawing.BARS,
        Unit.US_DOLLARS,
        List.of(instant("A", ReviewQuery.COST_MAX, null)),
        List.of(
            new Threshold(Double.parseDouble(SLO_COST_USD), WARN),
            new Threshold(Double.parseDouble(ALERT_COST_USD), BAD)),
        false,
        6);
  }

  private static Panel modelLatency() {
    return new Panel(
        "Time inside model calls, beside the whole",
        "What is left over is ours. Parallel calls add up, so the first may be the greater.",
        Drawing.TIME_SERIES,
        Unit.MILLISECONDS,
        List.of(range("A", ReviewQuery.LATENCY_OF_MODELS), range("B", ReviewQuery.LATENCY_AVERAGE)),
        List.of(),
        false,
        6);
  }

  private static Panel slow() {
    return new Panel(
        "Slow operations",
        "Each took more than " + ALERT_LATENCY_MS + " ms.",
        Drawing.TABLE,
        Unit.MILLISECONDS,
        List.of(new Search("A", ReviewQuery.SLOW_OPERATIONS, 50)),
        List.of(),
        false,
        24);
  }

  private static Panel findings() {
    return new Panel(
        "Findings by severity",
        "Of all findings, how many were critical and how many high.",
        Drawing.BARS,
        Unit.COUNT,
        List.of(
            instant("A", ReviewQuery.FINDINGS_CRITICAL, "Critical"),
            instant("B", ReviewQuery.FINDINGS_HIGH, "High"),
            instant("C", ReviewQuery.FINDINGS_IN_ALL, "All")),
        List.of(),
        false,
        8);
  }

  private static Panel risk() {
    return new Panel(
        "Reviews by risk",
        "What the architect made of each change.",
        Drawing.BARS,
        Unit.COUNT,
        List.of(instant("A", ReviewQuery.REVIEWS_BY_RISK, null)),
        List.of(),
        false,
        8);
  }

  private static Panel patches() {
    return new Panel(
        "Patches that were proven",
        "Of the patches that were made.",
        Drawing.STAT,
        Unit.SHARE,
        List.of(
            new Metrics("A", ReviewQuery.PATCHES_VERIFIED, Timing.INSTANT, true, null),
            new Metrics("B", ReviewQuery.PATCHES, Timing.INSTANT, true, null),
            new Ratio("C", "A", "B", "Proven")),
        List.of(),
        false,
        8);
  }

  private static Panel efficiency() {
    return new Panel(
        "Tokens per millisecond by model",
        "Of operations that used a model.",
        Drawing.TIME_SERIES,
        Unit.TOKENS_PER_MS,
        List.of(range("A", ReviewQuery.TOKENS_PER_MS)),
        List.of(),
        false,
        8);
  }

  private static Panel cacheSaving() {
    return new Panel(
        "Prompt tokens from the cache",
        "Of all prompt tokens; providers charge a tenth to a half for these.",
        Drawing.STAT,
        Unit.SHARE,
        List.of(
            new Metrics("A", ReviewQuery.TOKENS_CACHE_READ, Timing.INSTANT, true, null),
            new Metrics("B", ReviewQuery.TOKENS_PROMPT, Timing.INSTANT, true, null),
            new Ratio("C", "A", "B", "From the cache")),
        List.of(),
        false,
        8);
  }

  private static Panel unpriced() {
    return new Panel(
        "Operations of unknown cost",
        "Their model has no price (`pr-guard prices` lists those that have): the totals above are"
            + " too low by what these cost.",
        Drawing.BARS,
        Unit.COUNT,
        List.of(instant("A", ReviewQuery.COST_UNKNOWN, null)),
        List.of(new Threshold(1, BAD)),
        false,
        8);
  }

  private static Metrics range(String ref, ReviewQuery query) {
    return new Metrics(ref, query, Timing.RANGE, false, null);
  }

  private static Metrics instant(String ref, ReviewQuery query, @Nullable String label) {
    return new Metrics(ref, query, Timing.INSTANT, false, label);
  }
}
