package dev.prguard.insight.alert;

import static dev.prguard.insight.query.ServiceLevels.ALERT_COST_USD;
import static dev.prguard.insight.query.ServiceLevels.ALERT_ERROR_RATE;
import static dev.prguard.insight.query.ServiceLevels.ALERT_LATENCY_MS;
import static dev.prguard.insight.query.ServiceLevels.ALERT_SUCCESS_RATE;
import static dev.prguard.insight.query.ServiceLevels.SLO_COST_USD;
import static dev.prguard.insight.query.ServiceLevels.SLO_LATENCY_MS;
import static dev.prguard.insight.query.ServiceLevels.SLO_OBJECTIVE;
import static dev.prguard.insight.query.ServiceLevels.SPEND_SPIKE_FACTOR;
import static dev.prguard.insight.query.ServiceLevels.SPEND_SPIKE_FLOOR_USD;

import dev.prguard.insight.alert.AlertRule.Comparison;
import dev.prguard.insight.alert.AlertRule.MetricCondition;
import dev.prguard.insight.dashboard.Unit;
import dev.prguard.insight.query.ReviewQuery;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The table of alerts and promises of this product.
public final class ReviewAlerts {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration MONTH = Duration.ofDays(30);

  private static final String DURATION = "prguard_operation_duration_seconds";
  private static final String OPERATION_COST = "prguard_operation_cost";
  private static final String COST = "prguard_cost_usd_total";
  private static final String REVIEWS = "prguard_reviews_total";
  private static final String UNPRICED = "prguard_operations_unpriced_total";

  private ReviewAlerts() {}

  /// The promises.
  public static List<Slo> slos() {
    return List.of(
        new Slo(
            "slo-latency",
            "an operation takes less than " + SLO_LATENCY_MS + " ms",
            SLO_OBJECTIVE,
            ReviewQuery.LATENCY_PROMISE_BROKEN,
            ReviewQuery.LATENCY_MEASURED,
            DURATION,
            seconds(SLO_LATENCY_MS)),
        new Slo(
            "slo-cost",
            "an operation costs less than " + SLO_COST_USD + " USD",
            SLO_OBJECTIVE,
            ReviewQuery.COST_PROMISE_BROKEN,
            ReviewQuery.COST_MEASURED,
            OPERATION_COST,
            SLO_COST_USD));
  }

  /// Every rule, those on single operations first.
  public static List<AlertRule> rules(Budgets budgets) {
    List<AlertRule> rules = new ArrayList<>(List.of(latency(), cost(), errors(), success()));
    rules.add(spent("budget-daily", "The daily budget is spent", budgets.daily(), DAY));
    rules.add(spent("budget-monthly", "The monthly budget is spent", budgets.monthly(), MONTH));
    rules.add(spike());
    rules.add(unpriced());
    rules.add(silence());
    for (Slo slo : slos()) {
      rules.add(promise(slo));
      rules.add(burn(slo, HOUR, Duration.ofMinutes(5), 14.4, Severity.CRITICAL));
      rules.add(burn(slo, Duration.ofHours(6), Duration.ofMinutes(30), 6, Severity.CRITICAL));
      rules.add(burn(slo, DAY, Duration.ofHours(2), 3, Severity.WARNING));
      rules.add(burn(slo, Duration.ofDays(3), Duration.ofHours(6), 1, Severity.WARNING));
    }
    return List.copyOf(rules);
  }

  private static AlertRule latency() {
    return new AlertRule(
        "operation-latency",
        "An operation took more than " + ALERT_LATENCY_MS + " ms",
        "Performance: authors wait for the review.",
        new Measure.Greatest(ReviewQuery.LATENCY_MAX),
        Comparison.OVER,
        ALERT_LATENCY_MS,
        Unit.MILLISECONDS,
        HOUR,
        Duration.ZERO,
        Severity.WARNING,
        beyond(DURATION, seconds(ALERT_LATENCY_MS)),
        ReviewQuery.SLOW_OPERATIONS,
        "latency.ms");
  }

  private static AlertRule cost() {
    return new AlertRule(
        "operation-cost",
        "An operation cost more than " + ALERT_COST_USD + " USD",
        "Budget: one call was far dearer than it should be.",
        new Measure.Greatest(ReviewQuery.COST_MAX),
        Comparison.OVER,
        Double.parseDouble(ALERT_COST_USD),
        Unit.US_DOLLARS,
        HOUR,
        Duration.ZERO,
        Severity.WARNING,
        beyond(OPERATION_COST, ALERT_COST_USD),
        ReviewQuery.COSTLY_OPERATIONS,
        "cost.usd");
  }

  /// Operations beyond a bound, by kind.
  private static MetricCondition beyond(String histogram, String bound) {
    String all = PromQl.increase(histogram + "_count", HOUR);
    String within = PromQl.increase(PromQl.bucket(histogram, bound), HOUR);
    return new MetricCondition(
        "sum by (operation_type) (" + all + ") - sum by (operation_type) (" + within + ")",
        Comparison.OVER,
        0);
  }

  private static AlertRule errors() {
    String failed = PromQl.increase(DURATION + "_count{error_type!=\"\"}", HOUR);
    String all = PromQl.increase(DURATION + "_count", HOUR);
    return new AlertRule(
        "error-rate",
        "More than " + percent(ALERT_ERROR_RATE) + " of operations failed",
        "Availability: reviews are cut short.",
        new Measure.Share(ReviewQuery.FAILED_IN_ALL, ReviewQuery.OPERATIONS_IN_ALL),
        Comparison.OVER,
        ALERT_ERROR_RATE,
        Unit.SHARE,
        HOUR,
        Duration.ZERO,
        Severity.CRITICAL,
        new MetricCondition(
            "sum(" + failed + ") / (sum(" + all + ") > 0)", Comparison.OVER, ALERT_ERROR_RATE),
        ReviewQuery.FAILURE_TABLE,
        null);
  }

  private static AlertRule success() {
    String broken = PromQl.increase(REVIEWS + "{workflow_status!=\"reviewed\"}", DAY);
    String all = PromQl.increase(REVIEWS, DAY);
    return new AlertRule(
        "success-rate",
        "Fewer than " + percent(ALERT_SUCCESS_RATE) + " of reviews saw the whole change",
        "Coverage: changes went by that nobody looked at.",
        new Measure.Kept(ReviewQuery.REVIEWS_NOT_WHOLE, ReviewQuery.REVIEWS_IN_ALL),
        Comparison.UNDER,
        ALERT_SUCCESS_RATE,
        Unit.SHARE,
        DAY,
        Duration.ZERO,
        Severity.WARNING,
        new MetricCondition(
            "(sum(" + all + ") - sum(" + broken + ")) / (sum(" + all + ") > 0)",
            Comparison.UNDER,
            ALERT_SUCCESS_RATE),
        ReviewQuery.REVIEWS_NOT_WHOLE_TABLE,
        null);
  }

  private static AlertRule spent(String id, String title, BigDecimal usd, Duration window) {
    return new AlertRule(
        id,
        title,
        "Budget: more than " + usd.toPlainString() + " USD within " + words(window) + ".",
        new Measure.Total(ReviewQuery.COST_TOTAL),
        Comparison.OVER,
        usd.doubleValue(),
        Unit.US_DOLLARS,
        window,
        Duration.ZERO,
        Severity.CRITICAL,
        new MetricCondition(
            "sum(" + PromQl.increase(COST, window) + ")", Comparison.OVER, usd.doubleValue()),
        ReviewQuery.DEAREST_REVIEWS,
        "cost.total_usd");
  }

  private static AlertRule spike() {
    String now = "sum(" + PromQl.increase(COST, DAY) + ")";
    String before = "sum(" + PromQl.increase(COST, DAY, WEEK) + ")";
    return new AlertRule(
        "spend-spike",
        "Spending is more than "
            + PromQl.number(SPEND_SPIKE_FACTOR)
            + " times that of the same weekday last week",
        "Budget: something new spends; below "
            + PromQl.number(SPEND_SPIKE_FLOOR_USD)
            + " USD a day nobody is told.",
        new Measure.Growth(ReviewQuery.COST_TOTAL, WEEK, SPEND_SPIKE_FLOOR_USD),
        Comparison.OVER,
        SPEND_SPIKE_FACTOR,
        Unit.COUNT,
        DAY,
        Duration.ZERO,
        Severity.WARNING,
        new MetricCondition(
            "(" + now + " > " + PromQl.number(SPEND_SPIKE_FLOOR_USD) + ") / (" + before + " > 0)",
            Comparison.OVER,
            SPEND_SPIKE_FACTOR),
        ReviewQuery.DEAREST_REVIEWS,
        "cost.total_usd");
  }

  private static AlertRule unpriced() {
    return new AlertRule(
        "unpriced-model",
        "A model without a known price was used",
        "Accounting: totals are too low by what it cost.",
        new Measure.Total(ReviewQuery.COST_UNKNOWN),
        Comparison.OVER,
        0,
        Unit.COUNT,
        DAY,
        Duration.ZERO,
        Severity.WARNING,
        new MetricCondition(
            "sum by (cost_model) (" + PromQl.increase(UNPRICED, DAY) + ")", Comparison.OVER, 0),
        ReviewQuery.COST_UNKNOWN_TABLE,
        null);
  }

  private static AlertRule silence() {
    return new AlertRule(
        "no-telemetry",
        "No review was heard of for 24 hours",
        "Either nobody reviews, or what reviews say does not arrive.",
        new Measure.Total(ReviewQuery.REVIEWS_IN_ALL),
        Comparison.UNDER,
        1,
        Unit.COUNT,
        DAY,
        Duration.ZERO,
        Severity.WARNING,
        new MetricCondition(
            "sum(" + PromQl.increase(REVIEWS, DAY) + ") or vector(0)", Comparison.UNDER, 1),
        null,
        null);
  }

  /// The promise itself, over a day; its burn rates tell earlier and for how long.
  private static AlertRule promise(Slo slo) {
    boolean latency = isLatency(slo);
    return new AlertRule(
        slo.id(),
        "The promise that " + slo.promise() + " was kept by fewer than " + percent(slo.objective()),
        latency ? "Performance: authors wait too often." : "Budget: too many are dear.",
        new Measure.Kept(slo.broken(), slo.measured()),
        Comparison.UNDER,
        slo.objective(),
        Unit.SHARE,
        DAY,
        Duration.ZERO,
        Severity.WARNING,
        new MetricCondition(slo.kept(DAY), Comparison.UNDER, slo.objective()),
        latency ? ReviewQuery.SLOW_FOR_PROMISE : ReviewQuery.DEAR_FOR_PROMISE,
        latency ? "latency.ms" : "cost.usd");
  }

  private static boolean isLatency(Slo slo) {
    return slo.broken() == ReviewQuery.LATENCY_PROMISE_BROKEN;
  }

  private static AlertRule burn(
      Slo slo, Duration window, Duration shortWindow, double rate, Severity severity) {
    String both =
        "("
            + slo.burnRate(window)
            + ") and on () (("
            + slo.burnRate(shortWindow)
            + ") > "
            + PromQl.number(rate)
            + ")";
    boolean latency = isLatency(slo);
    return new AlertRule(
        slo.id() + "-burn-" + PromQl.duration(window),
        // Grafana wants a title that is the only one in its folder.
        "The promise that "
            + slo.promise()
            + " is being broken too fast, seen over "
            + words(window),
        "Its budget of "
            + percent(slo.budget())
            + " burns more than "
            + PromQl.number(rate)
            + " times as fast as allowed, over "
            + words(window)
            + " and still within the last "
            + words(shortWindow)
            + ".",
        new Measure.BurnRate(slo, shortWindow),
        Comparison.OVER,
        rate,
        Unit.COUNT,
        window,
        Duration.ofMinutes(2),
        severity,
        new MetricCondition(both, Comparison.OVER, rate),
        latency ? ReviewQuery.SLOW_FOR_PROMISE : ReviewQuery.DEAR_FOR_PROMISE,
        latency ? "latency.ms" : "cost.usd");
  }

  /// A bound of a histogram of seconds, as Prometheus writes it.
  private static String seconds(long millis) {
    return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
  }

  private static String percent(double share) {
    return PromQl.number(share * 100) + "%";
  }

  private static String words(Duration duration) {
    return duration.compareTo(DAY) >= 0
        ? duration.toDays() == 1 ? "24 hours" : duration.toDays() + " days"
        : duration.toMinutes() >= 60
            ? duration.toHours() + (duration.toHours() == 1 ? " hour" : " hours")
            : duration.toMinutes() + " minutes";
  }
}
