package dev.prguard.insight.report;

import dev.prguard.insight.report.CostReport.CellSum;
import java.util.List;
import java.util.stream.Collectors;

/// The sums of each day, operation and model, exact: what a spreadsheet can pivot into every table
/// of the report. RFC 4180, UTF-8; text that a spreadsheet would take for a formula gets an
/// apostrophe.
public final class CsvReport {
  private static final String HEAD =
      "day,operation,model,operations,errors,unpriced,prompt_tokens,cached_prompt_tokens,"
          + "completion_tokens,latency_ms_sum,cost_usd,cost_nano_usd,cache_saved_nano_usd";

  private CsvReport() {}

  public static String write(CostReport report) {
    StringBuilder csv = new StringBuilder(HEAD).append("\r\n");
    for (CellSum cell : report.cells()) {
      Tally tally = cell.tally();
      csv.append(
          List.of(
                  cell.day().toString(),
                  field(cell.operation()),
                  field(cell.model()),
                  Long.toString(tally.operations()),
                  Long.toString(tally.errors()),
                  Long.toString(tally.unpriced()),
                  Long.toString(tally.promptTokens()),
                  Long.toString(tally.cachedTokens()),
                  Long.toString(tally.completionTokens()),
                  Long.toString(tally.latencyMs()),
                  Usd.exact(tally.nanoUsd()),
                  Long.toString(tally.nanoUsd()),
                  Long.toString(tally.cacheSavedNanoUsd()))
              .stream()
              .collect(Collectors.joining(",", "", "\r\n")));
    }
    return csv.toString();
  }

  private static String field(String text) {
    String plain = Markup.plain(text);
    if (!plain.isEmpty() && "=+-@".indexOf(plain.charAt(0)) >= 0) {
      plain = "'" + plain;
    }
    boolean quoted = plain.chars().anyMatch(c -> c == ',' || c == '"');
    return quoted ? '"' + plain.replace("\"", "\"\"") + '"' : plain;
  }
}
