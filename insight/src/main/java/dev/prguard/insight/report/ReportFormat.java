package dev.prguard.insight.report;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a report can be written as.
public enum ReportFormat {
  HTML,
  PNG,
  CSV,
  JSON,
  MD;

  public static Optional<ReportFormat> parse(String text) {
    return Arrays.stream(values())
        .filter(format -> format.name().equals(text.strip().toUpperCase(Locale.ROOT)))
        .findFirst();
  }

  public boolean drawsCharts() {
    return this == HTML || this == PNG;
  }

  /// Of a file, without a dot.
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws ChartsUnavailableException when it draws charts and there are no fonts
  public byte[] write(CostReport report, TraceLinks links) {
    return switch (this) {
      case HTML -> utf8(HtmlReport.write(report, links));
      case PNG -> PngReport.write(report);
      case CSV -> utf8(CsvReport.write(report));
      case JSON -> utf8(JsonReport.write(report));
      case MD -> utf8(MarkdownReport.write(report, links));
    };
  }

  /// Loads fonts and the classes of charts, which takes as long as the queries do: for a thread
  /// beside them. Failures are left to [#write], which tells them.
  public static void warmUp() {
    try {
      ChartImages.warmUp();
    } catch (ChartsUnavailableException e) {
      // Told when charts are drawn.
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
