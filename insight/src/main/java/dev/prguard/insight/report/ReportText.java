package dev.prguard.insight.report;

import dev.prguard.insight.report.CostReport.BudgetStatus;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The sentences of the report, the same in all formats.
final class ReportText {
  /// Rows of the summary that stand at the top.
  static final Set<String> ON_CARDS =
      Set.of("Cost", "Reviews", "Operations", "Cost a review", "Tokens", "P95 latency, ms");

  private static final DateTimeFormatter MADE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private ReportText() {}

  static String title(CostReport report) {
    String repository = report.request().repository();
    return "Cost of reviews, "
        + report.request().period().title()
        + (repository == null ? "" : ", " + repository);
  }

  static String subtitle(CostReport report) {
    ReportRequest request = report.request();
    ReportPeriod period = request.period();
    return "%s to %s, days of %s · from the %s · made %s %s"
        .formatted(
            period.first(),
            period.last(),
            period.zoneName(),
            request.source().title(),
            MADE.format(request.now().atZone(period.zone())),
            period.zoneName());
  }

  static String nothing(CostReport report) {
    String repository = report.request().repository();
    String title = report.request().period().title();
    return "no reviews "
        + (report.request().period().isMonth() ? "in " : "on ")
        + title
        + (repository == null ? "" : " of " + repository);
  }

  /// What a reader must know before the numbers.
  static List<String> warnings(CostReport report) {
    List<String> warnings = new ArrayList<>();
    if (report.origin().demoSpans() > 0) {
      boolean all = report.origin().demoSpans() >= report.summary().tally().operations();
      warnings.add(
          (all ? "Made up: this is demo data." : "Part of this is demo data, made up: ")
              + (all ? "" : number(report.origin().demoSpans()) + " operations."));
    }
    if (report.origin().importedSpans() > 0) {
      warnings.add(
          number(report.origin().importedSpans())
              + " operations were imported from a cost log. They belong to no recorded review, so"
              + " reviews, findings and the cost of a review leave them out.");
    }
    long unpriced = report.summary().tally().unpriced();
    if (unpriced > 0) {
      warnings.add(
          "The total is at least what was spent: the cost of "
              + number(unpriced)
              + (unpriced == 1 ? " operation" : " operations")
              + " is not known.");
    }
    BudgetStatus budget = report.budget();
    if (budget != null && (budget.exceeded() || budget.willExceed())) {
      warnings.add(
          budget.exceeded()
              ? "The budget of the month is exceeded."
              : "The budget of the month is expected to be exceeded.");
    }
    return warnings;
  }

  static String against(String change, CostReport report) {
    return change.equals(Figures.NONE)
        ? "nothing to compare"
        : change + " against " + report.request().period().previous().title();
  }

  static String forecast(CostReport report) {
    Forecast forecast = report.forecast();
    if (forecast == null) {
      return "";
    }
    return "Expected for the whole period: "
        + Usd.forTotal(report.summary().tally().nanoUsd()).print(forecast.totalNanoUsd())
        + ". That is what was spent, and for each day to come the median of its weekday over the"
        + " last "
        + forecast.basisDays()
        + " days.";
  }

  static String method(CostReport report) {
    int decimals = Usd.forTotal(report.summary().tally().nanoUsd()).decimals();
    return "Amounts are added up in whole nano-dollars and rounded only here, to "
        + decimals
        + " decimals, by largest remainder: columns add up to the printed total, and each amount is"
        + " less than one unit of its last digit from the exact one, which the CSV and JSON formats"
        + " give. Cost was computed when each model answered; nothing is repriced. Averages have"
        + " four significant digits. An operation counts on the day on which it started.";
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
