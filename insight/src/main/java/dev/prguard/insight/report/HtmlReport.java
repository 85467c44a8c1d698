package dev.prguard.insight.report;

import dev.prguard.insight.report.ReportTable.Cell;
import dev.prguard.insight.report.ReportTable.Column;
import dev.prguard.insight.report.ReportTable.Side;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jfree.chart.JFreeChart;

/// One HTML file that needs nothing else: charts as SVG, tables that a click sorts, no network. Its
/// policy lets only its own style and script run, so that no text from a span can.
public final class HtmlReport {
  private static final int WIDE = 1080;
  private static final int HALF = 530;
  private static final int BARS = 16;

  private final CostReport report;
  private final StringBuilder html = new StringBuilder(100_000);

  private HtmlReport(CostReport report) {
    this.report = report;
  }

  /// @throws ChartsUnavailableException when there are no fonts
  public static String write(CostReport report, TraceLinks links) {
    return new HtmlReport(report).document(links);
  }

  private String document(TraceLinks links) {
    String style = resource("report.css");
    String script = resource("report.js");
    String title = ReportText.title(report);
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '")
        .append(hash(style))
        .append("'; script-src '")
        .append(hash(script))
        .append("'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>")
        .append(Markup.escape(title))
        .append("</title>\n<style>")
        .append(style)
        .append("</style>\n</head>\n<body>\n<main>\n<h1>")
        .append(Markup.escape(title))
        .append("</h1>\n");
    paragraph("faint", ReportText.subtitle(report));
    for (String warning : ReportText.warnings(report)) {
      paragraph("warn", warning);
    }
    if (report.isEmpty()) {
      paragraph("", ReportText.nothing(report));
    } else {
      body(new SummaryTables(report), new DetailTables(report, links));
    }
    if (!report.omitted().isEmpty()) {
      html.append("<h2>Left out</h2>\n");
      report.omitted().forEach(line -> paragraph("", line));
    }
    paragraph("note", ReportText.method(report));
    html.append("</main>\n<script>").append(script).append("</script>\n</body>\n</html>\n");
    return html.toString();
  }

  private void body(SummaryTables whole, DetailTables parts) {
    Charts charts = new Charts(report);
    ReportTable summary = whole.summary();
    html.append("<div class=\"cards\">\n");
    summary.rows().stream()
        .filter(row -> ReportText.ON_CARDS.contains(row.getFirst().text()))
        .forEach(row ->
            html.append("<div class=\"card\"><span>")
                .append(Markup.escape(row.getFirst().text()))
                .append("</span><b>")
                .append(Markup.escape(row.get(1).text()))
                .append("</b><span>")
                .append(Markup.escape(ReportText.against(row.get(3).text(), report)))
                .append("</span></div>\n"));
    html.append("</div>\n");

    heading("Cost by " + charts.bucketName());
    figure(charts.costByDay(), WIDE, 330, "Cost by " + charts.bucketName() + " and model, in USD");
    paragraph("note", ReportText.forecast(report));
    html.append("<div class=\"pair\">\n");
    if (report.request().period().length() > 1) {
      html.append("<div>");
      heading("Cost so far");
      figure(charts.costSoFar(), HALF, 270, "Cost since the first day, in USD");
      html.append("</div>\n");
    }
    html.append("<div>");
    heading("Tokens");
    figure(charts.tokens(), HALF, 270, "Tokens by " + charts.bucketName());
    html.append("</div>\n<div>");
    heading("Cost by operation");
    bars(charts.costByOperation(BARS), report.operations().size(), "operation");
    html.append("</div>\n<div>");
    heading("Cost by model");
    bars(charts.costByModel(BARS), charts.modelCount(), "model");
    html.append("</div>\n</div>\n");

    table(summary, false);
    table(whole.status(), false);
    table(whole.efficiency(), false);
    table(parts.operations(), true);
    table(parts.models(), true);
    table(parts.repositories(), true);
    table(parts.authors(), true);
    table(parts.dearest(), true);
    table(parts.dayAnomalies(), true);
    if (report.reviewAnomalies() != null) {
      table(parts.reviewAnomalies(), true);
    }
    if (!report.unpriced().isEmpty()) {
      table(parts.unpriced(), true);
      table(parts.unpricedReviews(), true);
    }
    table(parts.incomplete(), true);
    table(parts.days(), true);
  }

  private void heading(String text) {
    html.append("<h2>").append(Markup.escape(text)).append("</h2>\n");
  }

  private void paragraph(String kind, String text) {
    if (!text.isEmpty()) {
      html.append(kind.isEmpty() ? "<p>" : "<p class=\"" + kind + "\">")
          .append(Markup.escape(text))
          .append("</p>\n");
    }
  }

  private void bars(JFreeChart chart, int bars, String what) {
    figure(chart, HALF, 80 + 30 * Math.clamp(bars, 3, BARS), "Cost by " + what + ", in USD");
  }

  private void figure(JFreeChart chart, int width, int height, String label) {
    html.append("<figure>")
        .append(ChartImages.svg(chart, width, height, label))
        .append("</figure>\n");
  }

  private void table(ReportTable table, boolean sortable) {
    html.append("<h2 id=\"").append(table.id()).append("\">");
    html.append(Markup.escape(table.title())).append("</h2>\n");
    paragraph("note", table.note());
    if (table.rows().isEmpty()) {
      paragraph("", "None.");
      return;
    }
    html.append("<div class=\"wide\"><table")
        .append(sortable && table.rows().size() > 1 ? " class=\"sortable\"" : "")
        .append("><thead><tr>");
    for (Column column : table.columns()) {
      html.append("<th scope=\"col\" class=\"").append(side(column)).append("\">");
      html.append(Markup.escape(column.name())).append("</th>");
    }
    html.append("</tr></thead>\n<tbody>\n");
    table.rows().forEach(row -> row(table.columns(), row));
    html.append("</tbody>");
    if (table.total() != null) {
      html.append("<tfoot>");
      row(table.columns(), table.total());
      html.append("</tfoot>");
    }
    html.append("</table></div>\n");
  }

  private void row(List<Column> columns, List<Cell> row) {
    html.append("<tr>");
    for (int i = 0; i < row.size(); i++) {
      Cell cell = row.get(i);
      html.append("<td class=\"").append(side(columns.get(i))).append('"');
      if (cell.order() != null) {
        html.append(" data-v=\"").append(number(cell.order())).append('"');
      }
      html.append('>');
      if (cell.link() != null) {
        html.append("<a rel=\"noreferrer noopener\" href=\"")
            .append(Markup.escape(cell.link()))
            .append("\">")
            .append(Markup.escape(cell.text()))
            .append("</a>");
      } else {
        html.append(Markup.escape(cell.text()));
      }
      html.append("</td>");
    }
    html.append("</tr>\n");
  }

  private static String side(Column column) {
    return column.side() == Side.NUMBER ? "n" : "t";
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
