package dev.prguard.traceql;

import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.TagValue;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.trace.query.TraceQueryException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What may be written next in a query: names and values that spans have, functions, operators. Any
/// text will do, finished or not.
public final class TraceQlCompletion {
  /// More are no help.
  static final int MOST = 200;

  /// A longer name is none.
  private static final int MAX_WORD = 2_000;

  private static final Map<String, Scope> SCOPES =
      Map.of(
          "span.", Scope.SPAN,
          "resource.", Scope.RESOURCE,
          "event.", Scope.EVENT,
          "link.", Scope.LINK,
          "instrumentation.", Scope.INSTRUMENTATION);

  private static final List<String> STATUSES = List.of("error", "ok", "unset");
  private static final List<String> KINDS =
      List.of("client", "consumer", "internal", "producer", "server", "unspecified");
  private static final List<String> STAGES =
      List.of(
          "avg(",
          "by(",
          "coalesce()",
          "count()",
          "max(",
          "min(",
          "select(",
          "sum(",
          "avg_over_time(",
          "compare({",
          "count_over_time()",
          "histogram_over_time(",
          "max_over_time(",
          "min_over_time(",
          "quantile_over_time(",
          "rate()",
          "sum_over_time(");

  public enum Kind {
    ATTRIBUTE,
    INTRINSIC,
    SCOPE,
    FUNCTION,
    OPERATOR,
    KEYWORD,
    VALUE
  }

  /// @param text what to write in place of [Completion#from] to [Completion#to]
  public record Suggestion(String text, Kind kind) {}

  /// @param from in characters of the query
  /// @param to behind the last character that is replaced
  public record Completion(int from, int to, List<Suggestion> suggestions) {
    public Completion {
      suggestions = List.copyOf(suggestions);
    }
  }

  private final TraceQueries source;
  private final TimeRange range;
  private final Map<String, Suggestion> found = new LinkedHashMap<>();
  private final UnfinishedQuery query;

  private TraceQlCompletion(TraceQueries source, TimeRange range, UnfinishedQuery query) {
    this.source = source;
    this.range = range;
    this.query = query;
  }

  /// @param cursor where the next character would be written, 0 to the length of the text
  /// @param source whose names and values are offered
  /// @param range of the spans that have them
  /// @throws TraceQueryException when the source cannot be read
  /// @throws dev.prguard.trace.query.QueryTimeoutException when it takes too long
  public static Completion complete(String text, int cursor, TraceQueries source, TimeRange range) {
    if (cursor < 0 || cursor > text.length()) {
      throw new IllegalArgumentException("cursor: " + cursor);
    }
    UnfinishedQuery query = UnfinishedQuery.of(text.substring(0, cursor));
    TraceQlCompletion completion = new TraceQlCompletion(source, range, query);
    completion.collect();
    return new Completion(
        query.wordStart(),
        end(text, cursor, query.word()),
        completion.found.values().stream().limit(MOST).toList());
  }

  /// A word is replaced whole, a text up to its closing quote, where the cursor stands in its
  /// midst.
  private static int end(String text, int cursor, String word) {
    int end = cursor;
    if (word.isEmpty()) {
      return end;
    }
    char quote = word.charAt(0);
    if (quote == '"' || quote == '`') {
      while (end < text.length() && "{}|&\n".indexOf(text.charAt(end)) < 0) {
        if (text.charAt(end++) == quote) {
          return end;
        }
      }
      return cursor;
    }
    if (opensQuote(word)) {
      int close = text.indexOf('"', cursor);
      int stop = cursor;
      while (stop < text.length() && "{}|&\n".indexOf(text.charAt(stop)) < 0) {
        stop++;
      }
      return close < 0 || close >= stop ? cursor : close + 1;
    }
    while (end < text.length() && text.charAt(end) != '"' && Lexer.isNamePart(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /// Whether a part of a name in quotes is not closed.
  private static boolean opensQuote(String word) {
    boolean open = false;
    for (int i = 0; i < word.length(); i++) {
      if (open && word.charAt(i) == '\\') {
        i++;
      } else if (word.charAt(i) == '"') {
        open = !open;
      }
    }
    return open;
  }

  private void collect() {
    if (query.word().length() > MAX_WORD) {
      return;
    }
    switch (query.place()) {
      case FILTER -> words(Kind.KEYWORD, "{ ");
      case AFTER_FILTER -> {
        words(Kind.OPERATOR, "| ", "&& ", "|| ", ">> ", "> ", "<< ", "< ", "~ ", "!>> ", "&>> ");
        words(Kind.KEYWORD, "with (");
      }
      case STAGE -> {
        words(Kind.FUNCTION, STAGES.toArray(String[]::new));
        words(Kind.KEYWORD, "{ ");
      }
      case SECOND_STAGE -> words(Kind.FUNCTION, "topk(", "bottomk(");
      case AFTER_METRIC -> {
        words(Kind.KEYWORD, "by (", "with (");
        words(Kind.OPERATOR, "| ", "> ", ">= ", "< ", "<= ", "= ", "!= ");
      }
      case AFTER_AGGREGATE -> words(Kind.OPERATOR, "> ", ">= ", "< ", "<= ", "= ", "!= ");
      case OPERAND -> {
        fields();
        words(Kind.KEYWORD, "true", "false", "!");
      }
      case FIELD -> fields();
      case OPERATOR -> {
        words(Kind.OPERATOR, "= ", "!= ", "=~ ", "!~ ", "> ", ">= ", "< ", "<= ", "&& ", "|| ");
        words(Kind.KEYWORD, "}");
      }
      case VALUE -> values();
      case QUANTILE -> words(Kind.VALUE, ".5", ".75", ".9", ".95", ".99");
      case HINT -> words(Kind.KEYWORD, "exemplars=", "most_recent=true", "sample=");
      case NOWHERE -> {}
    }
  }

  private void words(Kind kind, String... words) {
    for (String word : words) {
      if (starts(word, query.word())) {
        add(word, kind);
      }
    }
  }

  private void add(String text, Kind kind) {
    found.putIfAbsent(text, new Suggestion(text, kind));
  }

  private static boolean starts(String text, String prefix) {
    return text.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  private void fields() {
    String word = query.word();
    if (word.startsWith("\"") || word.startsWith("`")) {
      return;
    }
    if (word.startsWith(".")) {
      SortedMap<String, SortedSet<String>> tags = tags(null);
      for (String scope : List.of("span", "resource")) {
        attributes(Scope.ANY, tags.getOrDefault(scope, new TreeSet<>()), word, 1);
      }
      return;
    }
    for (Map.Entry<String, Scope> scope : SCOPES.entrySet()) {
      if (word.startsWith(scope.getKey())) {
        int length = scope.getKey().length();
        tags(scope.getKey().substring(0, length - 1))
            .values()
            .forEach(names -> attributes(scope.getValue(), names, word, length));
        return;
      }
    }
    FieldParser.INTRINSICS.keySet().stream()
        // By its plain name, where that is not the one being typed.
        .filter(name -> starts(name, word) && (name.indexOf(':') < 0 || !word.isEmpty()))
        .sorted()
        .forEach(name -> add(name, Kind.INTRINSIC));
    if (word.indexOf(':') < 0) {
      SCOPES.keySet().stream()
          .filter(scope -> starts(scope, word))
          .sorted()
          .forEach(scope -> add(scope, Kind.SCOPE));
      named(word);
    }
  }

  /// Attributes whose name, or a part of it, begins so: the scope is what people forget.
  private void named(String word) {
    List<String> within = new ArrayList<>();
    tags(null)
        .forEach((scopeName, names) -> {
          Scope scope = SCOPES.get(scopeName + ".");
          if (scope == null) {
            return;
          }
          for (String name : names) {
            String text = TraceQlFormatter.field(new SpanField.Attribute(scope, name));
            if (starts(name, word)) {
              add(text, Kind.ATTRIBUTE);
            } else if (name.toLowerCase(Locale.ROOT)
                .contains("." + word.toLowerCase(Locale.ROOT))) {
              within.add(text);
            }
          }
        });
    within.forEach(text -> add(text, Kind.ATTRIBUTE));
  }

  /// @param skipped characters of the word that are its scope
  private void attributes(Scope scope, SortedSet<String> names, String word, int skipped) {
    // What is typed may be in quotes, or the name may need them.
    String typed = word.substring(skipped).replace("\\\"", "\u0000").replace("\"", "");
    String prefix = typed.replace('\u0000', '"').replace("\\\\", "\\");
    for (String name : names) {
      if (starts(name, prefix)) {
        add(TraceQlFormatter.field(new SpanField.Attribute(scope, name)), Kind.ATTRIBUTE);
      }
    }
  }

  private SortedMap<String, SortedSet<String>> tags(@Nullable String scope) {
    try {
      return source.tags(scope, null, range);
    } catch (TraceQueryException e) {
      return refused(e, new TreeMap<>());
    }
  }

  private void values() {
    String word = query.word();
    String field = query.compared();
    boolean quoted = word.startsWith("\"") || word.startsWith("`");
    String typed = quoted ? word.substring(1) : word;
    switch (field) {
      case "status", "span:status" -> STATUSES.forEach(value -> value(value, "keyword", word));
      case "kind", "span:kind" -> KINDS.forEach(value -> value(value, "keyword", word));
      case "" -> {}
      default -> tagValues(field, typed, quoted);
    }
    boolean equality = query.operator().equals("=") || query.operator().equals("!=");
    if (equality && !quoted && FieldParser.INTRINSICS.get(field) == null) {
      words(Kind.KEYWORD, "nil");
    }
    if (!quoted && SCOPES.keySet().stream().anyMatch(word::startsWith)) {
      fields();
    }
  }

  private void value(String value, String type, String word) {
    if (type.equals("string")) {
      add(literal(value, word), Kind.VALUE);
    } else if (starts(value, word)) {
      add(value, Kind.VALUE);
    }
  }

  private void tagValues(String field, String typed, boolean quoted) {
    boolean pattern = query.operator().endsWith("~");
    if (field.length() > MAX_WORD) {
      return;
    }
    List<TagValue> values;
    try {
      values = source.tagValues(field, null, range);
    } catch (TraceQueryException e) {
      values = refused(e, List.of());
    }
    values.stream()
        .filter(value -> value.type().equals("string") || (!quoted && !pattern))
        .filter(value -> starts(value.value(), typed))
        .sorted(Comparator.comparing(TagValue::value))
        .forEach(value -> value(value.value(), value.type(), quoted ? query.word() : typed));
  }

  /// In the quotes that were begun.
  private static String literal(String value, String word) {
    if (word.startsWith("`") && value.indexOf('`') < 0) {
      return '`' + value + '`';
    }
    StringBuilder text = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\t' -> text.append("\\t");
            case '\r' -> text.append("\\r");
            default -> {
              if (Character.isISOControl(c)) {
                text.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                text.appendCodePoint(c);
              }
            }
          }
        });
    return text.append('"').toString();
  }

  /// A source that refuses to tell names has none.
  private static <T> T refused(TraceQueryException e, T none) {
    if (e.reason() == TraceQueryException.Reason.UNAVAILABLE) {
      throw e;
    }
    return none;
  }
}
