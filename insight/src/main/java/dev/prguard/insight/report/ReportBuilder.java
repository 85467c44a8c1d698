package dev.prguard.insight.report;

import dev.prguard.insight.alert.Slo;
import dev.prguard.insight.report.CostReport.BudgetStatus;
import dev.prguard.insight.report.CostReport.CellSum;
import dev.prguard.insight.report.CostReport.Day;
import dev.prguard.insight.report.CostReport.Group;
import dev.prguard.insight.report.CostReport.ObjectiveStatus;
import dev.prguard.insight.report.CostReport.OriginGroup;
import dev.prguard.insight.report.CostReport.ReviewAnomalies;
import dev.prguard.insight.report.CostReport.Summary;
import dev.prguard.insight.report.CostReport.Unpriced;
import dev.prguard.insight.report.Facts.Cell;
import dev.prguard.insight.report.Facts.Origin;
import dev.prguard.insight.report.Facts.OriginTally;
import dev.prguard.insight.report.Facts.Outliers;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Adds up the facts. No price, no query, no clock.
final class ReportBuilder {
  /// The order of a review; others come behind, by name.
  private static final List<String> STAGES =
      List.of("fetch", "nitpicker", "architect", "patch", "comment");

  private final ReportRequest request;
  private final ReportPeriod period;
  private final Facts facts;

  private ReportBuilder(ReportRequest request, Facts facts) {
    this.request = request;
    this.period = request.period();
    this.facts = facts;
  }

  static CostReport build(ReportRequest request, Facts facts) {
    return new ReportBuilder(request, facts).build();
  }

  private CostReport build() {
    Summary summary = summary(period, facts.p95Ms());
    SortedMap<LocalDate, Long> history = dailyCost();
    Forecast forecast = Forecast.of(period, request.today(), history).orElse(null);
    Long budget = request.budgetNanoUsd();
    return new CostReport(
        request,
        summary,
        summary(period.previous(), facts.previousP95Ms()),
        days(),
        cells(),
        operations(),
        groups(Cell::model, (name, tally) -> new Group(name, tally, null)).stream()
            .sorted(
                Comparator.comparingLong((Group group) -> -group.tally().nanoUsd())
                    .thenComparing(Group::name))
            .toList(),
        origins(Origin::repository),
        origins(Origin::author),
        facts.dearest(),
        DayFence.anomalies(period, history),
        reviewAnomalies(facts.outliers()),
        forecast,
        // A limit of a month says nothing of a week.
        budget == null || !period.isMonth()
            ? null
            : new BudgetStatus(
                budget,
                summary.tally().nanoUsd(),
                forecast == null ? null : forecast.totalNanoUsd()),
        objectives(),
        unpriced(),
        facts.unpriced(),
        facts.incomplete(),
        new CostReport.Origin(facts.demoSpans(), facts.importedSpans()),
        facts.omitted());
  }

  private Summary summary(ReportPeriod of, @Nullable Double p95Ms) {
    Tally tally = Tally.ZERO;
    for (Map.Entry<Cell, Tally> cell : facts.cells().entrySet()) {
      if (of.contains(cell.getKey().day())) {
        tally = tally.plus(cell.getValue());
      }
    }
    Map<String, Long> outcomes = new HashMap<>();
    facts
        .reviews()
        .forEach((day, byStatus) -> {
          if (of.contains(day)) {
            byStatus.forEach((status, count) -> outcomes.merge(status, count, Long::sum));
          }
        });
    long reviewed = outcomes.getOrDefault("reviewed", 0L);
    long partial = outcomes.getOrDefault("partial", 0L);
    long all = outcomes.values().stream().mapToLong(Long::longValue).sum();
    return new Summary(
        tally,
        reviewed,
        partial,
        all - reviewed - partial,
        sum(facts.findings(), of),
        sum(facts.verifiedPatches(), of),
        p95Ms);
  }

  private static long sum(Map<LocalDate, Long> days, ReportPeriod of) {
    return days.entrySet().stream()
        .filter(day -> of.contains(day.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /// Days that have begun; later ones have no zero, they have not been.
  private List<Day> days() {
    Map<LocalDate, Tally> tallies = new HashMap<>();
    Map<LocalDate, Map<String, Long>> byModel = new HashMap<>();
    facts
        .cells()
        .forEach((cell, tally) -> {
          tallies.merge(cell.day(), tally, Tally::plus);
          byModel
              .computeIfAbsent(cell.day(), day -> new TreeMap<>())
              .merge(cell.model(), tally.nanoUsd(), Math::addExact);
        });
    List<Day> days = new ArrayList<>();
    for (LocalDate day : period.days()) {
      if (!day.isAfter(request.today()) || tallies.containsKey(day)) {
        long reviews =
            facts.reviews().getOrDefault(day, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        days.add(
            new Day(
                day,
                tallies.getOrDefault(day, Tally.ZERO),
                reviews,
                Map.copyOf(byModel.getOrDefault(day, Map.of()))));
      }
    }
    return days;
  }

  private List<CellSum> cells() {
    List<CellSum> cells = new ArrayList<>();
    facts
        .cells()
        .forEach((cell, tally) -> {
          if (period.contains(cell.day())) {
            cells.add(new CellSum(cell.day(), cell.operation(), cell.model(), tally));
          }
        });
    return cells;
  }

  /// Of the period and the one before.
  private SortedMap<LocalDate, Long> dailyCost() {
    SortedMap<LocalDate, Long> days = new TreeMap<>();
    facts.cells().forEach((cell, tally) -> days.merge(cell.day(), tally.nanoUsd(), Math::addExact));
    return days;
  }

  private List<Group> operations() {
    return groups(
            Cell::operation,
            (name, tally) -> new Group(name, tally, facts.p95ByOperation().get(name)))
        .stream()
        .sorted(
            Comparator.comparingInt((Group group) -> stage(group.name()))
                .thenComparing(Group::name))
        .toList();
  }

  private static int stage(String operation) {
    int stage = STAGES.indexOf(operation);
    return stage < 0 ? STAGES.size() : stage;
  }

  private interface GroupOf {
    Group of(String name, Tally tally);
  }

  private List<Group> groups(Function<Cell, String> key, GroupOf group) {
    Map<String, Tally> sums = new TreeMap<>();
    facts
        .cells()
        .forEach((cell, tally) -> {
          if (period.contains(cell.day())) {
            sums.merge(key.apply(cell), tally, Tally::plus);
          }
        });
    return sums.entrySet().stream().map(sum -> group.of(sum.getKey(), sum.getValue())).toList();
  }

  private List<OriginGroup> origins(Function<Origin, String> key) {
    Map<String, OriginTally> sums = new TreeMap<>();
    facts
        .origins()
        .forEach((origin, tally) -> sums.merge(key.apply(origin), tally, OriginTally::plus));
    return sums.entrySet().stream()
        .map(sum ->
            new OriginGroup(
                sum.getKey(),
                sum.getValue().nanoUsd(),
                sum.getValue().reviews(),
                sum.getValue().findings()))
        .sorted(
            Comparator.comparingLong((OriginGroup group) -> -group.nanoUsd())
                .thenComparing(OriginGroup::name))
        .toList();
  }

  private static @Nullable ReviewAnomalies reviewAnomalies(@Nullable Outliers outliers) {
    return outliers == null
        ? null
        : new ReviewAnomalies(outliers.fenceUsd(), outliers.count(), outliers.some());
  }

  private List<ObjectiveStatus> objectives() {
    return facts.promises().stream()
        .map(promise -> {
          long measured = sum(promise.measured(), period);
          long kept = measured - sum(promise.broken(), period);
          Slo slo = promise.slo();
          return new ObjectiveStatus(slo.promise(), kept, measured, slo.objective());
        })
        .toList();
  }

  private List<Unpriced> unpriced() {
    Map<String, Map<String, Long>> sums = new TreeMap<>();
    facts
        .cells()
        .forEach((cell, tally) -> {
          if (period.contains(cell.day()) && tally.unpriced() > 0) {
            sums.computeIfAbsent(cell.operation(), key -> new TreeMap<>())
                .merge(cell.model(), tally.unpriced(), Long::sum);
          }
        });
    List<Unpriced> unpriced = new ArrayList<>();
    sums.forEach((operation, models) ->
        models.forEach((model, count) -> unpriced.add(new Unpriced(operation, model, count))));
    return unpriced;
  }
}
