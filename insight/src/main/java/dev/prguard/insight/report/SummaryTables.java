package dev.prguard.insight.report;

import static dev.prguard.insight.report.ReportTable.number;
import static dev.prguard.insight.report.ReportTable.text;

import dev.prguard.insight.report.CostReport.BudgetStatus;
import dev.prguard.insight.report.CostReport.ObjectiveStatus;
import dev.prguard.insight.report.CostReport.Summary;
import dev.prguard.insight.report.ReportTable.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The tables about the period as a whole.
final class SummaryTables {
  private final CostReport report;
  private final Usd usd;

  SummaryTables(CostReport report) {
    this.report = report;
    this.usd = Usd.forTotal(report.summary().tally().nanoUsd());
  }

  ReportTable summary() {
    List<List<Cell>> rows = new ArrayList<>();
    add(rows, "Cost", s -> (double) s.tally().nanoUsd(), nano -> usd.print(Math.round(nano)));
    add(rows, "Reviews", s -> (double) s.reviews(), SummaryTables::whole);
    add(rows, "Operations", s -> (double) s.tally().operations(), SummaryTables::whole);
    add(rows, "Cost a review", s -> perReview(s), nano -> Usd.fine(nano / 1e9));
    add(
        rows,
        "Cost an operation",
        s -> Figures.ratio(s.tally().nanoUsd(), s.tally().operations()),
        nano -> Usd.fine(nano / 1e9));
    add(rows, "Tokens", s -> (double) s.tally().tokens(), SummaryTables::whole);
    add(
        rows,
        "Average latency, ms",
        s -> Figures.ratio(s.tally().latencyMs(), s.tally().operations()),
        SummaryTables::whole);
    add(rows, "P95 latency, ms", Summary::p95Ms, SummaryTables::whole);
    add(
        rows,
        "Operations without error",
        s -> Figures.ratio(s.tally().operations() - s.tally().errors(), s.tally().operations()),
        SummaryTables::percent,
        Figures::points);
    add(
        rows,
        "Reviews done whole",
        s -> Figures.ratio(s.reviewed(), s.reviews()),
        SummaryTables::percent,
        Figures::points);
    add(rows, "Findings", s -> (double) s.findings(), SummaryTables::whole);
    add(rows, "Verified patches", s -> (double) s.verifiedPatches(), SummaryTables::whole);
    ReportPeriod period = report.request().period();
    return new ReportTable(
        "summary",
        "Summary",
        List.of(
            text(""), number(period.title()), number(period.previous().title()), number("Change")),
        rows,
        null,
        quantileNote());
  }

  private String quantileNote() {
    return switch (report.request().source()) {
      case ReportSource.Embedded _ ->
          "Latency is that of operations. P95 is exact: the value of rank ⌈0.95 n⌉.";
      case ReportSource.Tempo _ ->
          "Latency is that of operations. P95 is Tempo's estimate from buckets of powers of two.";
    };
  }

  /// Without imported operations, which belong to no recorded review, this would be too high.
  private @Nullable Double perReview(Summary summary) {
    return report.origin().importedSpans() > 0
        ? null
        : Figures.ratio(summary.tally().nanoUsd(), summary.reviews());
  }

  private void add(
      List<List<Cell>> rows,
      String name,
      Function<Summary, @Nullable Double> value,
      Function<Double, String> print) {
    add(rows, name, value, print, Figures::change);
  }

  private interface Change {
    String of(@Nullable Double now, @Nullable Double before);
  }

  private void add(
      List<List<Cell>> rows,
      String name,
      Function<Summary, @Nullable Double> value,
      Function<Double, String> print,
      Change change) {
    Double now = value.apply(report.summary());
    Double before = value.apply(report.previous());
    rows.add(
        List.of(
            Cell.of(name),
            Cell.of(now == null ? Figures.NONE : print.apply(now)),
            Cell.of(before == null ? Figures.NONE : print.apply(before)),
            Cell.of(change.of(now, before))));
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  ReportTable efficiency() {
    Summary summary = report.summary();
    Tally tally = summary.tally();
    List<List<Cell>> rows = new ArrayList<>();
    double dollars = tally.nanoUsd() / 1e9;
    rows.add(
        List.of(
            Cell.of("Tokens for a dollar"),
            dollars == 0 ? Cell.of(Figures.NONE) : Cell.of(whole(tally.tokens() / dollars))));
    rows.add(
        List.of(Cell.of("Dollars a finding"), Figures.usd(tally.nanoUsd(), summary.findings())));
    rows.add(
        List.of(
            Cell.of("Dollars a verified patch"),
            Figures.usd(tally.nanoUsd(), summary.verifiedPatches())));
    rows.add(
        List.of(
            Cell.of("Prompt tokens read from the provider's cache"),
            Figures.percent(tally.cachedTokens(), tally.promptTokens())));
    // Spans of an older version and logs that were brought in have the tokens alone.
    boolean known = tally.cacheSavedNanoUsd() != 0 || tally.cachedTokens() == 0;
    rows.add(
        List.of(
            Cell.of("Saved by the provider's cache"),
            Cell.of(known ? usd.print(tally.cacheSavedNanoUsd()) : Figures.NONE)));
    return new ReportTable(
        "efficiency",
        "What a dollar brings",
        List.of(text(""), number("Value")),
        rows,
        null,
        "All cost of the period is divided by what came of it. What the cache saved is how much more"
            + " the same prompts would have cost without it.");
  }

  ReportTable status() {
    List<List<Cell>> rows = new ArrayList<>();
    BudgetStatus budget = report.budget();
    if (budget != null) {
      String state = budget.exceeded() ? "exceeded" : "within";
      if (!budget.exceeded() && budget.willExceed()) {
        state = "expected to be exceeded";
      }
      rows.add(
          List.of(
              Cell.of("Budget of the month, " + usd.print(budget.limitNanoUsd())),
              Cell.of(
                  usd.print(budget.spentNanoUsd())
                      + " spent"
                      + (budget.forecastNanoUsd() == null
                          ? ""
                          : ", " + usd.print(budget.forecastNanoUsd()) + " expected")),
              Figures.percent(budget.spentNanoUsd(), budget.limitNanoUsd()),
              Cell.of(state)));
    }
    for (ObjectiveStatus objective : report.objectives()) {
      rows.add(
          List.of(
              Cell.of("SLO: " + objective.name()),
              Cell.of(
                  String.format(
                      Locale.ROOT, "%,d of %,d operations", objective.good(), objective.total())),
              Figures.percent(objective.good(), objective.total()),
              Cell.of(
                  objective.total() == 0
                      ? Figures.NONE
                      : objective.met()
                          ? "met"
                          : "missed (target " + percent(objective.target()) + ")")));
    }
    return new ReportTable(
        "status",
        "Budget and SLOs",
        List.of(text(""), text("What"), number("Share"), text("Status")),
        rows,
        null,
        budget == null && report.request().period().isMonth()
            ? "No budget of a month is set (budget: month_usd in a configuration file)."
            : "");
  }
}
