package dev.prguard.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What decides, of a metrics query, whether answers over parts of a range can be put together: its
/// function, and what follows it. This is no parser: Tempo is one. What is not recognised is
/// [Metric#OTHER], which is never put together.
///
/// @param second whether something chooses among series or samples after the function
record TempoStage(Metric metric, boolean second) {
  private static final Pattern FUNCTION =
      Pattern.compile(
          "\\b(rate|count_over_time|min_over_time|max_over_time|avg_over_time|sum_over_time"
              + "|quantile_over_time|histogram_over_time|compare)\\s*\\(");
  private static final Pattern BY = Pattern.compile("\\s*by\\s*\\(");
  private static final Pattern HINTS = Pattern.compile("\\s*with\\s*\\(");

  enum Metric {
    RATE,
    COUNT_OVER_TIME,
    SUM_OVER_TIME,
    HISTOGRAM_OVER_TIME,
    MIN_OVER_TIME,
    MAX_OVER_TIME,
    AVG_OVER_TIME,
    QUANTILE_OVER_TIME,
    OTHER;

    /// Whether an interval without spans has a zero, and not a gap.
    boolean hasZeros() {
      return switch (this) {
        case RATE, COUNT_OVER_TIME, HISTOGRAM_OVER_TIME, QUANTILE_OVER_TIME -> true;
        default -> false;
      };
    }
  }

  static TempoStage of(String query) {
    String bare = withoutTexts(query);
    Matcher found = FUNCTION.matcher(bare);
    if (!found.find()) {
      return new TempoStage(Metric.OTHER, false);
    }
    String name = found.group(1);
    int end = closing(bare, found.end() - 1);
    // A second function: arithmetic between metrics.
    if (name.equals("compare") || end < 0 || found.find(end)) {
      return new TempoStage(Metric.OTHER, false);
    }
    String rest = without(HINTS, without(BY, bare.substring(end)));
    Metric metric = Metric.valueOf(name.toUpperCase(java.util.Locale.ROOT));
    return new TempoStage(metric, !rest.isBlank());
  }

  private static String without(Pattern part, String text) {
    Matcher matcher = part.matcher(text);
    if (!matcher.lookingAt()) {
      return text;
    }
    int end = closing(text, matcher.end() - 1);
    return end < 0 ? text : text.substring(end);
  }

  /// @param open the index of a `(`
  /// @return the index behind its `)`, or -1
  private static int closing(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  /// Filters, texts and comments may say anything: they become blanks. Their inside holds no
  /// metrics function.
  private static String withoutTexts(String query) {
    StringBuilder bare = new StringBuilder();
    int braces = 0;
    int i = 0;
    while (i < query.length()) {
      int end = textEnd(query, i);
      if (end > i) {
        bare.append(' ');
        i = end;
        continue;
      }
      char c = query.charAt(i++);
      braces += c == '{' ? 1 : c == '}' ? -1 : 0;
      bare.append(braces > 0 || c == '}' ? ' ' : c);
    }
    return bare.toString();
  }

  /// Behind the text or comment that begins at an index; the index itself where none does.
  private static int textEnd(String query, int at) {
    char c = query.charAt(at);
    if (c == '"') {
      int i = at + 1;
      while (i < query.length() && query.charAt(i) != '"') {
        i += query.charAt(i) == '\\' ? 2 : 1;
      }
      return Math.min(query.length(), i + 1);
    }
    String close =
        c == '`' ? "`" : query.startsWith("//", at) ? "\n" : query.startsWith("/*", at) ? "*/" : "";
    if (close.isEmpty()) {
      return at;
    }
    int end = query.indexOf(close, at + (c == '`' ? 1 : 2));
    return end < 0 ? query.length() : end + close.length();
  }
}
