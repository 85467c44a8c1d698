package dev.prguard.insight.report;

import dev.prguard.insight.report.ReportTable.Cell;
import dev.prguard.insight.report.ReportTable.Side;
import java.util.List;
import java.util.stream.Collectors;

/// GitHub-flavoured Markdown, without pictures. All text of others is escaped.
public final class MarkdownReport {
  private final StringBuilder text = new StringBuilder(20_000);

  private MarkdownReport() {}

  public static String write(CostReport report, TraceLinks links) {
    return new MarkdownReport().document(report, links);
  }

  private String document(CostReport report, TraceLinks links) {
    line("# " + escape(ReportText.title(report)));
    line(escape(ReportText.subtitle(report)));
    ReportText.warnings(report).forEach(warning -> line("**" + escape(warning) + "**"));
    if (report.isEmpty()) {
      line(escape(ReportText.nothing(report)));
    } else {
      SummaryTables whole = new SummaryTables(report);
      DetailTables parts = new DetailTables(report, links);
      table(whole.summary());
      line(escape(ReportText.forecast(report)));
      List.of(
              whole.status(),
              whole.efficiency(),
              parts.operations(),
              parts.models(),
              parts.repositories(),
              parts.authors(),
              parts.dearest(),
              parts.dayAnomalies(),
              parts.reviewAnomalies(),
              parts.unpriced(),
              parts.unpricedReviews(),
              parts.incomplete(),
              parts.days())
          .forEach(this::table);
    }
    if (!report.omitted().isEmpty()) {
      line("## Left out");
      report.omitted().forEach(omitted -> line(escape(omitted)));
    }
    line("---");
    line(escape(ReportText.method(report)));
    return text.toString();
  }

  private void table(ReportTable table) {
    if (table.rows().isEmpty()) {
      return;
    }
    line("## " + escape(table.title()));
    row(table.columns().stream().map(column -> escape(column.name())).toList());
    row(table.columns().stream().map(c -> c.side() == Side.NUMBER ? "---:" : "---").toList());
    table.rows().forEach(row -> row(row.stream().map(MarkdownReport::cell).toList()));
    if (table.total() != null) {
      row(table.total().stream().map(cell -> "**" + cell(cell) + "**").toList());
    }
    text.append('\n');
    line(escape(table.note()));
  }

  private static String cell(Cell cell) {
    String shown = escape(cell.text());
    return cell.link() == null ? shown : "[" + shown + "](<" + address(cell.link()) + ">)";
  }

  private void row(List<String> cells) {
    text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  private void line(String line) {
    if (!line.isEmpty()) {
      text.append(line).append("\n\n");
    }
  }

  private static String address(String url) {
    return url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C").replace("\n", "");
  }

  /// Every character that means something in Markdown or HTML, and control characters.
  private static String escape(String plain) {
    StringBuilder escaped = new StringBuilder();
    Markup.plain(plain)
        .codePoints()
        .forEach(c -> {
          if (c == '<') {
            escaped.append("&lt;");
          } else if (c == '&') {
            escaped.append("&amp;");
          } else if (c == '@') {
            // A mention would call its bearer.
            escaped.append("&#64;");
          } else {
            if ("\\`*_{}[]#|~>".indexOf(c) >= 0) {
              escaped.append('\\');
            }
            escaped.appendCodePoint(c);
          }
        });
    return escaped.toString();
  }
}
