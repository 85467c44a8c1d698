package dev.prguard.traceql;

import org.jspecify.annotations.Nullable;

/// A text that is no TraceQL, or one that means nothing.
public final class TraceQlSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String query;
  private final int line;
  private final int column;
  private final int length;
  private final @Nullable String suggestion;

  /// @param query the whole text
  /// @param problem what is wrong, in Tempo's words where it has some
  /// @param offset where the offending text starts, in characters of the query; -1 when the query
  ///     parses, and what is wrong is what it says
  /// @param length of the offending text
  /// @param suggestion what was probably meant; null when there is no guess
  TraceQlSyntaxException(
      String query, String problem, int offset, int length, @Nullable String suggestion) {
    super(offset < 0 ? problem : "parse error at " + place(query, offset) + ": " + problem);
    this.query = query;
    this.line = offset < 0 ? 0 : lineOf(query, offset);
    this.column = offset < 0 ? 0 : columnOf(query, offset);
    this.length = Math.max(1, length);
    this.suggestion = suggestion;
  }

  /// From 1; 0 when the query parses.
  public int line() {
    return line;
  }

  /// From 1, in code points; 0 when the query parses.
  public int column() {
    return column;
  }

  public @Nullable String suggestion() {
    return suggestion;
  }

  /// Whether the text is no TraceQL at all; else it parses and is refused for what it says.
  public boolean isParseError() {
    return line > 0;
  }

  /// The offending line with a caret under what is wrong, and the suggestion. Lines end in `\n`.
  public String pointed() {
    StringBuilder text = new StringBuilder();
    if (line > 0) {
      int width = 100;
      String whole = query.split("\n", -1)[line - 1].replace('\t', ' ');
      int[] points = whole.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).toArray();
      // A long line is shown around the place.
      int from = Math.max(0, Math.min(column - 1 - width / 2, points.length - width));
      int to = Math.min(points.length, from + width);
      text.append("  ").append(new String(points, from, to - from)).append('\n');
      int marks = Math.clamp(Math.min(length, to - column + 1L), 1, width);
      text.append(" ".repeat(2 + column - 1 - from)).append("^".repeat(marks)).append('\n');
    }
    if (suggestion != null) {
      text.append("  did you mean: ").append(suggestion).append('\n');
    }
    return text.toString();
  }

  private static String place(String query, int offset) {
    return "line " + lineOf(query, offset) + ", col " + columnOf(query, offset);
  }

  private static int lineOf(String query, int offset) {
    return 1 + (int) query.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  private static int columnOf(String query, int offset) {
    int start = offset == 0 ? -1 : query.lastIndexOf('\n', offset - 1);
    return 1 + query.codePointCount(start + 1, offset);
  }
}
