package dev.prguard.cli;

import java.util.ArrayList;
import java.util.List;

/// Columns of text. Cells are made printable; numbers stand to the right.
final class TextTable {
  /// How a column's cells stand.
  enum Side {
    LEFT,
    RIGHT
  }

  private final List<String> head;
  private final List<Side> sides;
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(List<String> head, List<Side> sides) {
    this.head = List.copyOf(head);
    this.sides = List.copyOf(sides);
  }

  void add(List<String> cells) {
    rows.add(cells.stream().map(TextTable::printable).toList());
  }

  String render() {
    int columns = head.size();
    int[] widths = new int[columns];
    for (int column = 0; column < columns; column++) {
      widths[column] = width(head.get(column));
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
    }
    StringBuilder text = new StringBuilder();
    line(text, head, widths);
    for (List<String> row : rows) {
      line(text, row, widths);
    }
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      String blanks = " ".repeat(widths[column] - width(cell));
      line.append(column == 0 ? "" : "  ")
          .append(sides.get(column) == Side.LEFT ? cell + blanks : blanks + cell);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /// Attribute values come from anywhere and may hold escape sequences for the terminal.
  static String printable(String text) {
    return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "\uFFFD");
  }
}
