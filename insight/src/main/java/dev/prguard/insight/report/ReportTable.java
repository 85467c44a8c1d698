package dev.prguard.insight.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table of the report, as text: the same in HTML, Markdown and on the terminal.
///
/// @param id a word for anchors
/// @param total the last row, or null
/// @param note how to read it; may be empty
record ReportTable(
    String id,
    String title,
    List<Column> columns,
    List<List<Cell>> rows,
    @Nullable List<Cell> total,
    String note) {

  ReportTable {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    total = total == null ? null : List.copyOf(total);
  }

  record Column(String name, Side side) {}

  enum Side {
    TEXT,
    NUMBER
  }

  /// @param order what a column is sorted by where that is not its text
  /// @param link an address, or null
  record Cell(String text, @Nullable Double order, @Nullable String link) {
    static Cell of(String text) {
      return new Cell(text, null, null);
    }

    static Cell of(String text, double order) {
      return new Cell(text, order, null);
    }
  }

  static Column text(String name) {
    return new Column(name, Side.TEXT);
  }

  static Column number(String name) {
    return new Column(name, Side.NUMBER);
  }
}
