package dev.prguard.traceql;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A text that is no TraceQL, or one that Tempo refuses for what it says.
public final class TraceQlSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 100;

  private final String query;
  private final int line;
  private final int column;
  private final String offending;
  private final @Nullable String suggestion;
  private final @Nullable String detail;

  /// @param query the whole text
  /// @param problem what is wrong, in Tempo's words where it has some
  /// @param offset where the offending text starts, in characters of the query; -1 when the query
  ///   parses, and what is wrong is what it says
  /// @param length of the offending text
  /// @param suggestion what was probably meant; null when there is no guess
  TraceQlSyntaxException(
      String query, String problem, int offset, int length, @Nullable String suggestion) {
    this(query, problem, offset, length, suggestion, null);
  }

  /// @param detail what Tempo does not tell; null when there is no more
  TraceQlSyntaxException(
      String query,
      String problem,
      int offset,
      int length,
      @Nullable String suggestion,
      @Nullable String detail) {
    super(offset < 0 ? problem : "parse error at " + place(query, offset) + ": " + problem);
    this.query = query;
    this.line = offset < 0 ? 0 : lineOf(query, offset);
    this.column = offset < 0 ? 0 : columnOf(query, offset);
    this.offending =
        offset < 0
            ? ""
            : query.substring(offset, Math.min(query.length(), offset + Math.max(0, length)));
    this.suggestion = suggestion;
    this.detail = detail;
  }

  /// From 1; 0 when the query parses.
  public int line() {
    return line;
  }

  /// From 1, in code points; 0 when the query parses.
  public int column() {
    return column;
  }

  /// The text that is wrong, as written; empty at the end of the query, and when the query parses.
  public String offending() {
    return offending;
  }

  public @Nullable String suggestion() {
    return suggestion;
  }

  /// Whether the text is no TraceQL at all; else it parses and is refused for what it says.
  public boolean isParseError() {
    return line > 0;
  }

  /// What there is to add to the message, each line ending in `\n`: the offending line with a caret
  /// under what is wrong, and the suggestion. Empty when there is nothing.
  public String pointed() {
    StringBuilder text = new StringBuilder();
    if (line > 0) {
      int[] points =
          lineAt(query, line)
              .codePoints()
              .map(c -> isShown(c) ? c : c == '\t' ? ' ' : '?')
              .toArray();
      // A long line is shown around the place.
      int from = Math.clamp(column - 1L - SHOWN / 2, 0, Math.max(0, points.length - SHOWN));
      int to = Math.min(points.length, from + SHOWN);
      String first = offending.lines().findFirst().orElse("");
      int marks =
          Math.clamp(first.codePointCount(0, first.length()), 1, Math.max(1, to - column + 1));
      text.append("  ").append(new String(points, from, to - from)).append('\n');
      text.append(" ".repeat(2 + column - 1 - from)).append("^".repeat(marks)).append('\n');
    }
    if (detail != null) {
      text.append("  ").append(detail).append('\n');
    }
    if (suggestion != null) {
      text.append("  did you mean: ").append(suggestion).append('\n');
    }
    return text.toString();
  }

  private static boolean isShown(int c) {
    return !Character.isISOControl(c)
        && Character.getType(c) != Character.SURROGATE
        && Character.getType(c) != Character.FORMAT;
  }

  private static String lineAt(String query, int line) {
    int start = 0;
    for (int i = 1; i < line; i++) {
      start = query.indexOf('\n', start) + 1;
    }
    int end = query.indexOf('\n', start);
    return query.substring(start, end < 0 ? query.length() : end);
  }

  private static String place(String query, int offset) {
    return String.format(
        Locale.ROOT, "line %d, col %d", lineOf(query, offset), columnOf(query, offset));
  }

  private static int lineOf(String query, int offset) {
    return 1 + (int) query.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  private static int columnOf(String query, int offset) {
    int start = offset == 0 ? -1 : query.lastIndexOf('\n', offset - 1);
    return 1 + query.codePointCount(start + 1, offset);
  }
}
