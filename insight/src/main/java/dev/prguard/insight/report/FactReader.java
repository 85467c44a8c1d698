package dev.prguard.insight.report;

import dev.prguard.insight.alert.ReviewAlerts;
import dev.prguard.insight.alert.Slo;
import dev.prguard.insight.report.CostReport.Review;
import dev.prguard.insight.report.Facts.Cell;
import dev.prguard.insight.report.Facts.Origin;
import dev.prguard.insight.report.Facts.OriginTally;
import dev.prguard.insight.report.Facts.Outliers;
import dev.prguard.insight.report.Facts.Promise;
import dev.prguard.insight.report.Questions.Labels;
import dev.prguard.insight.report.Tally.Measure;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueryException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks for everything that a report says, several queries at a time.
public final class FactReader {
  private static final List<String> NO_LABELS = List.of();
  private static final List<String> GROUP = List.of(ReportQueries.OPERATION, ReportQueries.MODEL);
  private static final List<String> ORIGIN =
      List.of(ReportQueries.REPOSITORY, ReportQueries.AUTHOR);

  private final ReportQueries texts;
  private final Questions questions;
  private final ReportRequest request;
  private final ReportPeriod both;
  private final ReviewSearch reviews;
  private final List<String> omitted = Collections.synchronizedList(new ArrayList<>());

  private FactReader(TraceQueries queries, ReportRequest request) {
    this.request = request;
    this.texts = new ReportQueries(request.repository());
    ReportPeriod period = request.period();
    this.questions = new Questions(queries, period.zone(), request.source().longestQuery());
    this.both = new ReportPeriod(period.previous().first(), period.end(), period.zone());
    this.reviews = new ReviewSearch(questions, texts, period);
  }

  /// @throws TraceQueryException when the source refuses what no report can be without, or cannot
  ///   be read
  /// @throws CancellationException when the thread is interrupted
  public static CostReport read(TraceQueries queries, ReportRequest request) {
    return ReportBuilder.build(request, new FactReader(queries, request).facts());
  }

  private Facts facts() {
    if (request.source() instanceof ReportSource.Tempo
        && request.period().contains(request.today())) {
      omitted.add("the newest 30 seconds: Tempo's metrics are without them by default");
    }
    // Platform threads: the embedded store's native calls would pin a virtual thread's carrier.
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            request.source().parallelQueries(), Thread.ofPlatform().daemon().factory())) {
      Future<List<Review>> dearest =
          pool.submit(() -> optional("the dearest reviews", List.of(), reviews::dearest));
      Future<@Nullable Outliers> outliers = pool.submit(this::outliers);
      Future<Map<Cell, Tally>> operations = pool.submit(this::operations);
      Map<Measure, Future<Map<Cell, Tally>>> sums = new TreeMap<>();
      sums.put(Measure.NANO_USD, pool.submit(() -> sum(Measure.NANO_USD, "cost.nano_usd")));
      sums.put(
          Measure.PROMPT_TOKENS,
          pool.submit(() -> sum(Measure.PROMPT_TOKENS, "cost.tokens.prompt")));
      sums.put(
          Measure.CACHED_TOKENS,
          pool.submit(() -> sum(Measure.CACHED_TOKENS, "cost.tokens.cache_read")));
      sums.put(
          Measure.COMPLETION_TOKENS,
          pool.submit(() -> sum(Measure.COMPLETION_TOKENS, "cost.tokens.completion")));
      sums.put(
          Measure.CACHE_SAVED_NANO_USD,
          pool.submit(() -> sum(Measure.CACHE_SAVED_NANO_USD, "cost.cache.saved_nano_usd")));
      sums.put(Measure.LATENCY_MS, pool.submit(() -> sum(Measure.LATENCY_MS, "latency.ms")));
      Future<Map<LocalDate, Map<String, Long>>> byStatus = pool.submit(this::reviewsByStatus);
      Future<Map<LocalDate, Long>> findings = pool.submit(() -> daily(texts.findings()));
      Future<Map<LocalDate, Long>> patches = pool.submit(() -> daily(texts.verifiedPatches()));
      List<Future<Promise>> promises =
          ReviewAlerts.slos().stream().map(slo -> pool.submit(() -> promise(slo))).toList();
      Future<Map<String, Double>> p95 = pool.submit(() -> p95(request.period(), true));
      Future<Map<String, Double>> previous =
          pool.submit(() -> p95(request.period().previous(), false));
      Future<Map<Origin, OriginTally>> origins = pool.submit(this::origins);
      Future<Map<Labels, Double>> marks =
          pool.submit(() ->
              questions.sums(
                  texts.origins(),
                  request.period(),
                  List.of(ReportQueries.DEMO, ReportQueries.IMPORT)));
      Future<List<Review>> unpriced =
          pool.submit(() -> optional("reviews without a price", List.of(), reviews::unpriced));
      Future<List<Review>> incomplete =
          pool.submit(() -> optional("incomplete reviews", List.of(), reviews::incomplete));

      Map<Cell, Tally> cells = new TreeMap<>(Cell.ORDER);
      merge(cells, answer(operations));
      sums.values().forEach(sum -> merge(cells, answer(sum)));
      Map<String, Double> p95ByOperation = answer(p95);
      return new Facts(
          cells,
          answer(byStatus),
          answer(findings),
          answer(patches),
          promises.stream().map(FactReader::answer).toList(),
          p95ByOperation.remove(""),
          answer(previous).get(""),
          p95ByOperation,
          answer(origins),
          answer(dearest),
          answer(outliers),
          answer(unpriced),
          answer(incomplete),
          marked(answer(marks), 0, "true"),
          marked(answer(marks), 1, ""),
          List.copyOf(omitted));
    }
  }

  private Map<Cell, Tally> operations() {
    Map<Cell, Tally> cells = new HashMap<>();
    List<String> by = new ArrayList<>(GROUP);
    by.add(ReportQueries.STATUS);
    by.add(ReportQueries.PRICED);
    questions
        .daily(texts.operations(), both, by)
        .forEach((labels, days) -> {
          boolean error = labels.get(2).equals("error");
          boolean unpriced = labels.get(3).equals("false");
          days.forEach((day, count) -> {
            Tally tally = Tally.of(Measure.OPERATIONS, count);
            tally = error ? tally.plus(Tally.of(Measure.ERRORS, count)) : tally;
            tally = unpriced ? tally.plus(Tally.of(Measure.UNPRICED, count)) : tally;
            cells.merge(cell(day, labels), tally, Tally::plus);
          });
        });
    return cells;
  }

  private Map<Cell, Tally> sum(Measure measure, String attribute) {
    Map<Cell, Tally> cells = new HashMap<>();
    questions
        .daily(texts.operationSum(attribute), both, GROUP)
        .forEach((labels, days) ->
            days.forEach((day, value) ->
                cells.merge(cell(day, labels), Tally.of(measure, value), Tally::plus)));
    return cells;
  }

  private static Cell cell(LocalDate day, Labels labels) {
    return new Cell(day, labels.get(0), labels.get(1));
  }

  private static void merge(Map<Cell, Tally> into, Map<Cell, Tally> more) {
    more.forEach((cell, tally) -> into.merge(cell, tally, Tally::plus));
  }

  private Map<LocalDate, Long> daily(String query) {
    Map<LocalDate, Long> days = new HashMap<>();
    questions
        .daily(query, both, NO_LABELS)
        .values()
        .forEach(series -> series.forEach((day, value) -> days.merge(day, value, Math::addExact)));
    return days;
  }

  /// The objective's own queries, so that the report, the alerts and the dashboard agree.
  private Promise promise(Slo slo) {
    return new Promise(slo, daily(texts.of(slo.broken())), daily(texts.of(slo.measured())));
  }

  private Map<LocalDate, Map<String, Long>> reviewsByStatus() {
    Map<LocalDate, Map<String, Long>> days = new HashMap<>();
    questions
        .daily(texts.reviewsByStatus(), both, List.of(ReportQueries.WORKFLOW_STATUS))
        .forEach((labels, byDay) ->
            byDay.forEach((day, count) ->
                days.computeIfAbsent(day, key -> new TreeMap<>())
                    .merge(labels.get(0), count, Long::sum)));
    return days;
  }

  /// By operation, and of all together under the empty name.
  private Map<String, Double> p95(ReportPeriod period, boolean byOperation) {
    String by = " by (" + ReportQueries.OPERATION + ")";
    Map<String, Double> quantiles = new HashMap<>();
    if (request.source().longestQuery().compareTo(period.duration()) < 0) {
      Map<String, TreeMap<Double, Double>> buckets = new HashMap<>();
      questions
          .sums(texts.latencyHistogram(by), period, List.of(ReportQueries.OPERATION, "__bucket"))
          .forEach((labels, count) -> {
            double bound = Double.parseDouble(labels.get(1));
            for (String name : List.of("", labels.get(0))) {
              buckets
                  .computeIfAbsent(name, key -> new TreeMap<>())
                  .merge(bound, count, Double::sum);
            }
          });
      buckets.forEach((name, counts) -> quantiles.put(name, LatencyBuckets.quantile(counts, .95)));
      return quantiles;
    }
    questions
        .sums(texts.latencyQuantile(".95", ""), period, NO_LABELS)
        .values()
        .forEach(value -> quantiles.put("", value));
    if (byOperation) {
      questions
          .sums(texts.latencyQuantile(".95", by), period, List.of(ReportQueries.OPERATION))
          .forEach((labels, value) -> quantiles.put(labels.get(0), value));
    }
    return quantiles;
  }

  private Map<Origin, OriginTally> origins() {
    Map<Origin, OriginTally> origins = new HashMap<>();
    ReportPeriod period = request.period();
    questions
        .sums(texts.costByOrigin(), period, ORIGIN)
        .forEach(
            (labels, value) -> add(origins, labels, new OriginTally(Questions.whole(value), 0, 0)));
    questions
        .sums(texts.reviewsByOrigin(), period, ORIGIN)
        .forEach(
            (labels, value) -> add(origins, labels, new OriginTally(0, Questions.whole(value), 0)));
    questions
        .sums(texts.findingsByOrigin(), period, ORIGIN)
        .forEach(
            (labels, value) -> add(origins, labels, new OriginTally(0, 0, Questions.whole(value))));
    return origins;
  }

  private static void add(Map<Origin, OriginTally> origins, Labels labels, OriginTally tally) {
    origins.merge(new Origin(labels.get(0), labels.get(1)), tally, OriginTally::plus);
  }

  private @Nullable Outliers outliers() {
    String section = "reviews out of the ordinary";
    return switch (request.source()) {
      case ReportSource.Embedded _ -> optional(section, null, reviews::outliers);
      case ReportSource.Tempo _ -> {
        omitted.add(
            section + ": Tempo's quantiles, from buckets of powers of two, are too rough for it");
        yield null;
      }
    };
  }

  /// How many of the spans have that mark; an empty one is any.
  private static long marked(Map<Labels, Double> marks, int label, String value) {
    double count = 0;
    for (Map.Entry<Labels, Double> mark : marks.entrySet()) {
      String found = mark.getKey().get(label);
      boolean absent = found.isEmpty() || found.equals("nil");
      if (value.isEmpty() ? !absent : found.equals(value)) {
        count += mark.getValue();
      }
    }
    return Questions.whole(count);
  }

  /// What a source that refuses the query cannot give is left out, and named.
  private <T extends @Nullable Object> T optional(String section, T without, Supplier<T> asked) {
    try {
      return asked.get();
    } catch (TraceQueryException e) {
      if (e.reason() == TraceQueryException.Reason.UNAVAILABLE) {
        throw e;
      }
      omitted.add(section + ": refused: " + e.getMessage());
      return without;
    }
  }

  private static <T extends @Nullable Object> T answer(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the report was interrupted");
    }
  }
}
