package dev.prguard.insight.costlog;

import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/// Reads the CSV log of the Python prototype, an operation a row, with the columns [#COLUMNS] in
/// any order; others are passed over. The ids of a span come from the content of its row, so the
/// same row is the same span whenever it is read; the second of two equal rows of a file is a span
/// of its own.
public final class CostLog {
  /// string, on the resource: where spans that no review wrote came from.
  public static final String MARK = CostLogRow.MARK;

  public static final List<String> COLUMNS =
      List.of(
          "timestamp",
          "pr_url",
          "operation",
          "model",
          "prompt_tokens",
          "completion_tokens",
          "total_tokens",
          "cost_usd",
          "latency_ms");

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).setTrim(true).get();

  private final ZoneId zone;

  /// @param zone of timestamps that name none, as Python's `datetime.now().isoformat()` does not
  public CostLog(ZoneId zone) {
    this.zone = zone;
  }

  /// Reads row by row.
  ///
  /// @throws CostLogFormatException when the head is missing or lacks a column
  /// @throws IOException when the file cannot be read
  public void read(Reader file, Consumer<SpanRecord> good, Consumer<BadRow> bad)
      throws IOException {
    try (CSVParser parser = FORMAT.parse(file)) {
      Iterator<CSVRecord> rows = parser.iterator();
      Map<Long, Integer> seen = new HashMap<>();
      try {
        Map<String, Integer> head = head(rows);
        while (true) {
          long line = parser.getCurrentLineNumber() + 1;
          if (!rows.hasNext()) {
            return;
          }
          row(line, head, rows.next(), seen, good, bad);
        }
      } catch (UncheckedIOException e) {
        // The parser cannot tell where the next row would begin.
        bad.accept(
            new BadRow(
                parser.getCurrentLineNumber(),
                "quotes are wrong; this row and those behind it were not read"));
      }
    }
  }

  private static Map<String, Integer> head(Iterator<CSVRecord> rows) {
    Map<String, Integer> head = new TreeMap<>();
    if (rows.hasNext()) {
      CSVRecord names = rows.next();
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i).replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT);
        head.putIfAbsent(name, i);
      }
    }
    List<String> missing = COLUMNS.stream().filter(name -> !head.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      throw new CostLogFormatException(
          "the first line lacks "
              + String.join(", ", missing)
              + " (expected: "
              + String.join(",", COLUMNS)
              + ")");
    }
    return head;
  }

  private void row(
      long line,
      Map<String, Integer> head,
      CSVRecord row,
      Map<Long, Integer> seen,
      Consumer<SpanRecord> good,
      Consumer<BadRow> bad) {
    Map<String, String> cells = new HashMap<>();
    for (String column : COLUMNS) {
      Integer index = head.get(column);
      if (index == null || index >= row.size()) {
        bad.accept(new BadRow(line, row.size() + " cells, no " + column));
        return;
      }
      cells.put(column, row.get(index));
    }
    try {
      CostLogRow parsed = CostLogRow.parse(cells, zone);
      int earlier = seen.merge(parsed.contentHash(), 1, Integer::sum) - 1;
      good.accept(parsed.span(earlier));
    } catch (CostLogFormatException e) {
      bad.accept(new BadRow(line, String.valueOf(e.getMessage())));
    }
  }
}
