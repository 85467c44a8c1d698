package dev.prguard.insight.report;

import dev.prguard.insight.report.ReportTable.Cell;
import java.util.List;
import java.util.Locale;

/// The report in a screenful.
public final class TerminalSummary {
  private TerminalSummary() {}

  public static String write(CostReport report) {
    StringBuilder text = new StringBuilder();
    line(text, ReportText.title(report));
    line(text, ReportText.subtitle(report));
    ReportText.warnings(report).forEach(warning -> line(text, "note: " + warning));
    if (report.isEmpty()) {
      line(text, ReportText.nothing(report));
      return text.toString();
    }
    SummaryTables tables = new SummaryTables(report);
    text.append('\n');
    for (List<Cell> row : tables.summary().rows()) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "%-38s %16s   %9s",
              row.get(0).text(),
              row.get(1).text(),
              row.get(3).text().equals(Figures.NONE) ? "" : row.get(3).text()));
    }
    text.append('\n');
    for (List<Cell> row : tables.status().rows()) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "%-44s %8s  %s",
              row.get(0).text(),
              row.get(2).text(),
              row.get(3).text()));
    }
    if (report.forecast() != null) {
      line(text, ReportText.forecast(report));
    }
    report
        .dayAnomalies()
        .forEach(day ->
            line(
                text,
                "out of the ordinary: %s cost %s, the median of its kind is %s"
                    .formatted(
                        day.date(),
                        Usd.fine(day.nanoUsd() / 1e9),
                        Usd.fine(day.medianNanoUsd() / 1e9))));
    report.omitted().forEach(omitted -> line(text, "left out: " + omitted));
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(Markup.plain(line).stripTrailing()).append('\n');
  }
}
