package dev.prguard.traceql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A query as far as it is written: what stands open at its end. Reads any text in one pass, since
/// what is being typed rarely parses.
///
/// @param place what may come at the end
/// @param word what is being typed there, its opening quote included; empty behind a blank
/// @param wordStart where it begins
/// @param compared of [Place#VALUE] the field on the left, as written; empty when it is none
/// @param operator of [Place#VALUE] the comparison
record UnfinishedQuery(Place place, String word, int wordStart, String compared, String operator) {

  /// What may come.
  enum Place {
    /// A filter: the beginning, and behind an operator between filters.
    FILTER,
    /// An operator behind a filter.
    AFTER_FILTER,
    /// Behind `|`.
    STAGE,
    /// Behind `|` after a metrics function.
    SECOND_STAGE,
    /// Behind a metrics function.
    AFTER_METRIC,
    /// Behind an aggregate such as `count()`.
    AFTER_AGGREGATE,
    /// A field, in a filter.
    OPERAND,
    /// A field, in the parentheses of `by`, `select` and functions.
    FIELD,
    /// Behind a field in a filter.
    OPERATOR,
    /// What a field is compared with.
    VALUE,
    /// A share, of `quantile_over_time`.
    QUANTILE,
    /// In the parentheses of `with`.
    HINT,
    /// A number, a comment, a text that is compared with nothing, parentheses that take nothing.
    NOWHERE
  }

  static final Set<String> METRICS =
      Set.of(
          "rate",
          "count_over_time",
          "min_over_time",
          "max_over_time",
          "avg_over_time",
          "sum_over_time",
          "quantile_over_time",
          "histogram_over_time",
          "compare");
  static final List<String> AGGREGATES = List.of("count", "avg", "max", "min", "sum");
  static final Set<String> COMPARISONS = Set.of("=", "!=", "=~", "!~", ">", ">=", "<", "<=");

  private static final Set<String> NO_ARGUMENT =
      Set.of("count", "rate", "count_over_time", "coalesce");
  private static final List<String> SYMBOLS =
      List.of(
          "&>>", "&<<", "!>>", "!<<", "&>", "&<", "&~", "!>", "!<", "!~", "!=", "=~", ">=", "<=",
          ">>", "<<", "&&", "||");
  private static final Set<String> SCOPES =
      Set.of("span", "resource", "event", "link", "instrumentation", "parent", "trace");

  static UnfinishedQuery of(String text) {
    return new Reader(text).read();
  }

  /// What stands before the end, as much of it as matters.
  private static final class Reader {
    private final String text;
    private int at;

    /// `{`, `(`, or the name of the function whose `(` it is.
    private final Deque<String> open = new ArrayDeque<>();

    /// The same, where parentheses of arithmetic and logic stand for what is around them.
    private final Deque<String> around = new ArrayDeque<>();

    /// The last thing: a symbol, `field`, `value`, `|`, or empty at the beginning.
    private String last = "";

    private String field = "";
    private String comparison = "";
    private String function = "";
    private int commas;
    private boolean metric;
    private boolean aggregated;

    Reader(String text) {
      this.text = text;
    }

    UnfinishedQuery read() {
      while (at < text.length()) {
        UnfinishedQuery ended = next();
        if (ended != null) {
          return ended;
        }
      }
      return here("", at);
    }

    /// @return not null when the text ends within what was read
    private @Nullable UnfinishedQuery next() {
      char c = text.charAt(at);
      int start = at;
      if (Character.isWhitespace(c)) {
        at++;
        return null;
      }
      if (text.startsWith("//", at) || text.startsWith("/*", at)) {
        return comment(start);
      }
      if (c == '"' || c == '`') {
        at = behindText(at);
        if (at > text.length()) {
          return inText(start);
        }
        operand("");
        return null;
      }
      if (isWordStart(c)) {
        at = behindWord(at);
        if (at >= text.length()) {
          return here(text.substring(start), start);
        }
        word(text.substring(start, at));
        return null;
      }
      if (c >= '0' && c <= '9') {
        while (at < text.length()
            && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.')) {
          at++;
        }
        if (at >= text.length()) {
          return here(text.substring(start), start);
        }
        operand("");
        return null;
      }
      symbol();
      return null;
    }

    private @Nullable UnfinishedQuery comment(int start) {
      boolean line = text.charAt(start + 1) == '/';
      int end = text.indexOf(line ? "\n" : "*/", start + 2);
      if (end < 0) {
        return new UnfinishedQuery(Place.NOWHERE, "", text.length(), "", "");
      }
      at = line ? end : end + 2;
      return null;
    }

    /// Behind the closing quote, or behind the end of the text when there is none.
    private int behindText(int from) {
      char quote = text.charAt(from);
      for (int i = from + 1; i < text.length(); i++) {
        if (quote == '"' && text.charAt(i) == '\\') {
          i++;
        } else if (text.charAt(i) == quote) {
          return i + 1;
        }
      }
      return text.length() + 1;
    }

    /// A word is a scope or a name; a name may have parts in quotes.
    private int behindWord(int from) {
      int i = from;
      while (i < text.length()
          && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_')) {
        i++;
      }
      String first = text.substring(from, i);
      if (i < text.length() && text.charAt(i) == ':' && SCOPES.contains(first)) {
        i++;
        while (i < text.length() && Character.isLetterOrDigit(text.charAt(i))) {
          i++;
        }
        return i;
      }
      if (i >= text.length() || text.charAt(i) != '.') {
        return i;
      }
      while (i < text.length()) {
        if (text.charAt(i) == '"') {
          i = Math.min(text.length(), behindText(i));
        } else if (Lexer.isNamePart(text.charAt(i))) {
          i++;
        } else {
          break;
        }
      }
      return i;
    }

    private static boolean isWordStart(char c) {
      return c == '.' || c == '_' || Character.isLetter(c);
    }

    private void word(String word) {
      if (!innermost().equals("{")) {
        int next = at;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
          next++;
        }
        if (next < text.length() && text.charAt(next) == '(' && isFunction(word)) {
          function = word;
          last = "function";
          return;
        }
      }
      operand(word);
    }

    private static boolean isFunction(String word) {
      return METRICS.contains(word)
          || AGGREGATES.contains(word)
          || Set.of("by", "select", "coalesce", "topk", "bottomk", "with").contains(word);
    }

    private void operand(String name) {
      field = COMPARISONS.contains(last) ? "" : name;
      last = "operand";
    }

    private String innermost() {
      return around.isEmpty() ? "" : around.peek();
    }

    private void open(String bracket) {
      around.push(bracket.equals("(") ? innermost() : bracket);
      open.push(bracket);
    }

    private String close() {
      if (open.isEmpty()) {
        return "";
      }
      around.pop();
      return open.pop();
    }

    private void symbol() {
      String symbol = text.substring(at, at + 1);
      for (String each : SYMBOLS) {
        if (text.startsWith(each, at)) {
          symbol = each;
          break;
        }
      }
      at += symbol.length();
      switch (symbol) {
        case "{" -> {
          open("{");
          aggregated = false;
          last = "{";
        }
        case "(" -> {
          open(last.equals("function") ? function : "(");
          commas = 0;
          last = "(";
        }
        case "}", ")" -> {
          String closed = close();
          if (METRICS.contains(closed)) {
            metric = true;
          }
          aggregated |= AGGREGATES.contains(closed);
          last = closed.equals("(") ? "operand" : "behind " + closed;
          field = "";
        }
        case "," -> {
          commas++;
          last = ",";
        }
        default -> {
          if (COMPARISONS.contains(symbol)) {
            comparison = symbol;
          }
          aggregated &= !symbol.equals("|");
          last = symbol;
        }
      }
    }

    private UnfinishedQuery inText(int start) {
      boolean value = COMPARISONS.contains(last) && "{".equals(innermost());
      return value
          ? new UnfinishedQuery(Place.VALUE, text.substring(start), start, field, comparison)
          : new UnfinishedQuery(Place.NOWHERE, text.substring(start), start, "", "");
    }

    private UnfinishedQuery here(String word, int start) {
      Place place = place();
      boolean value = place == Place.VALUE;
      return new UnfinishedQuery(place, word, start, value ? field : "", value ? comparison : "");
    }

    private Place place() {
      String inside = innermost();
      return switch (inside) {
        case "{" -> inFilter();
        case "" -> outside();
        case "with" -> last.equals("(") || last.equals(",") ? Place.HINT : Place.NOWHERE;
        case "topk", "bottomk" -> Place.NOWHERE;
        case "compare" -> last.equals("(") ? Place.FILTER : Place.NOWHERE;
        case "quantile_over_time" -> commas > 0 ? Place.QUANTILE : inArguments();
        default -> NO_ARGUMENT.contains(inside) ? Place.NOWHERE : inArguments();
      };
    }

    private Place inArguments() {
      return last.equals("operand") ? Place.NOWHERE : Place.FIELD;
    }

    private Place inFilter() {
      if (COMPARISONS.contains(last)) {
        return Place.VALUE;
      }
      return last.equals("operand") ? Place.OPERATOR : Place.OPERAND;
    }

    private Place outside() {
      if (last.equals("|")) {
        return metric ? Place.SECOND_STAGE : Place.STAGE;
      }
      if (last.startsWith("behind ")) {
        String closed = last.substring("behind ".length());
        if (METRICS.contains(closed)) {
          return Place.AFTER_METRIC;
        }
        if (AGGREGATES.contains(closed)) {
          return Place.AFTER_AGGREGATE;
        }
        return closed.equals("with")
            ? Place.NOWHERE
            : metric ? Place.AFTER_METRIC : Place.AFTER_FILTER;
      }
      if (last.equals("operand")) {
        return metric ? Place.AFTER_METRIC : Place.AFTER_FILTER;
      }
      return COMPARISONS.contains(last) && (metric || aggregated) ? Place.NOWHERE : Place.FILTER;
    }
  }
}
