package dev.prguard.insight.alert;

import dev.prguard.insight.alert.Measure.BurnRate;
import dev.prguard.insight.alert.Measure.Greatest;
import dev.prguard.insight.alert.Measure.Growth;
import dev.prguard.insight.alert.Measure.Kept;
import dev.prguard.insight.alert.Measure.Share;
import dev.prguard.insight.alert.Measure.Total;
import dev.prguard.insight.alert.Verdict.Reading;
import dev.prguard.insight.alert.Verdict.State;
import dev.prguard.insight.query.ReviewQuery;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;

/// Evaluates alert rules on spans, the embedded store's or a Tempo's. For one thread.
public final class AlertCheck {
  /// Tempo answers metrics queries over at most this, unless its owner allows more.
  public static final Duration TEMPO_SLICE = Duration.ofHours(24);

  private final TraceQueries queries;
  private final Duration slice;

  /// Rules share questions. By question; of one check.
  private final Map<InstantQuery, MetricsAnswer> answers = new HashMap<>();

  /// @param slice the longest range of one query; what is longer is asked in parts
  public AlertCheck(TraceQueries queries, Duration slice) {
    this.queries = queries;
    this.slice = slice;
  }

  /// How far back a check of these rules looks.
  public static Duration reach(List<AlertRule> rules, Duration since) {
    Duration reach = since;
    for (AlertRule rule : rules) {
      Duration of =
          rule.measure() instanceof Growth(ReviewQuery _, Duration back, double _)
              ? rule.window().plus(back)
              : rule.window();
      reach = reach.compareTo(of) < 0 ? of : reach;
    }
    return reach;
  }

  /// @param since the window of rules on single operations and on rates; budgets, spikes, silence
  ///   and burn rates keep their own
  /// @throws dev.prguard.trace.query.TraceQueryException when a query fails
  public List<Verdict> check(List<AlertRule> rules, Duration since, Instant now) {
    answers.clear();
    List<Verdict> verdicts = new ArrayList<>();
    for (AlertRule rule : rules) {
      verdicts.add(check(rule, since, now));
    }
    return List.copyOf(verdicts);
  }

  private Verdict check(AlertRule rule, Duration since, Instant now) {
    Duration length =
        switch (rule.measure()) {
          case Greatest _, Share _, Kept _ -> since;
          case Total(ReviewQuery query) ->
              query == ReviewQuery.COST_UNKNOWN ? since : rule.window();
          case Growth _, BurnRate _ -> rule.window();
        };
    TimeRange window = new TimeRange(now.minus(length), now);
    List<Reading> readings = new ArrayList<>();
    values(rule, window)
        .forEach((series, value) ->
            readings.add(
                new Reading(series, value, rule.comparison().isWrong(value, rule.threshold()))));
    State state =
        readings.isEmpty()
            ? State.NO_DATA
            : readings.stream().anyMatch(Reading::breached) ? State.BREACHED : State.FINE;
    ReviewQuery evidence = rule.evidence();
    return new Verdict(
        rule,
        state,
        window,
        readings,
        state == State.BREACHED && evidence != null
            ? new Evidence(queries).worst(evidence, rule.order(), window)
            : List.of());
  }

  private Map<String, Double> values(AlertRule rule, TimeRange window) {
    return switch (rule.measure()) {
      case Greatest(ReviewQuery query) -> ask(query, window, Math::max);
      case Total(ReviewQuery query) -> total(query, window);
      case Share(ReviewQuery part, ReviewQuery whole) -> share(part, whole, window);
      case Kept(ReviewQuery broken, ReviewQuery whole) -> {
        double all = sum(whole, window);
        yield all > 0 ? one((all - sum(broken, window)) / all) : new TreeMap<>();
      }
      case Growth(ReviewQuery query, Duration back, double floor) -> {
        double now = sum(query, window);
        double before =
            sum(query, new TimeRange(window.start().minus(back), window.end().minus(back)));
        yield before > 0 && now > floor ? one(now / before) : new TreeMap<>();
      }
      case BurnRate(Slo slo, Duration shortWindow) -> {
        Map<String, Double> recent =
            burning(slo, new TimeRange(window.end().minus(shortWindow), window.end()));
        Map<String, Double> rates = burning(slo, window);
        rates.replaceAll((series, rate) -> Math.min(rate, recent.getOrDefault(series, 0.0)));
        yield rates;
      }
    };
  }

  /// A count of nothing has no series. It is 0 for reviews, whose absence is what is watched, and
  /// for operations without a price where there were operations.
  private Map<String, Double> total(ReviewQuery query, TimeRange window) {
    Map<String, Double> values = ask(query, window, Double::sum);
    boolean zero =
        values.isEmpty()
            && (query == ReviewQuery.REVIEWS_IN_ALL
                || (query == ReviewQuery.COST_UNKNOWN
                    && sum(ReviewQuery.OPERATIONS_IN_ALL, window) > 0));
    return zero ? one(0) : values;
  }

  private Map<String, Double> burning(Slo slo, TimeRange window) {
    double all = sum(slo.measured(), window);
    return all > 0 ? one(sum(slo.broken(), window) / (all * slo.budget())) : new TreeMap<>();
  }

  private Map<String, Double> share(ReviewQuery part, ReviewQuery whole, TimeRange window) {
    double all = sum(whole, window);
    return all > 0 ? one(sum(part, window) / all) : new TreeMap<>();
  }

  private static Map<String, Double> one(double value) {
    return new TreeMap<>(Map.of("", value));
  }

  private double sum(ReviewQuery query, TimeRange window) {
    return ask(query, window, Double::sum).values().stream().mapToDouble(v -> v).sum();
  }

  /// Asks slice by slice; slices are half open, so no span counts twice.
  private Map<String, Double> ask(ReviewQuery query, TimeRange window, DoubleBinaryOperator merge) {
    Map<String, Double> values = new TreeMap<>();
    Instant start = window.start();
    while (start.isBefore(window.end())) {
      Instant end = start.plus(slice).isBefore(window.end()) ? start.plus(slice) : window.end();
      for (Series series :
          answers
              .computeIfAbsent(
                  new InstantQuery(query.text(), new TimeRange(start, end)), queries::instant)
              .series()) {
        if (!series.samples().isEmpty()) {
          values.merge(name(series), series.samples().getLast().value(), merge::applyAsDouble);
        }
      }
      start = end;
    }
    return values;
  }

  private static String name(Series series) {
    return series.labels().stream()
        .filter(label -> !label.key().equals("__name__"))
        .map(label -> Evidence.text(label.value()))
        .collect(Collectors.joining(", "));
  }
}
