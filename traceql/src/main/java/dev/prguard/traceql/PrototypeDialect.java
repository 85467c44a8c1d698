package dev.prguard.traceql;

import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.traceql.Token.AttributeName;
import dev.prguard.traceql.Token.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The queries of the earlier Python prototype, such as `{service.name="secure-pr-guard"} |
/// select(latency.ms) | group_by(operation.type)`: no TraceQL, and refused by Tempo. They are
/// turned into what was meant.
public final class PrototypeDialect {
  private static final Map<String, String> INTRINSICS =
      Map.of(
          "span.name", "name",
          "span.status", "status",
          "span.kind", "kind",
          "span.duration", "duration");

  private final String query;
  private final List<Token> tokens;

  /// Then an attribute called `span.name` may be what is meant.
  private final boolean isTraceQl;

  private final List<String> notes = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private @Nullable Duration since;
  private int copied;

  /// @param query TraceQL
  /// @param since how far back was asked for in the query, which in TraceQL the request says
  /// @param notes what was changed, one line each
  public record Translation(String query, @Nullable Duration since, List<String> notes) {
    public Translation {
      notes = List.copyOf(notes);
    }
  }

  private PrototypeDialect(String query) {
    this.query = query;
    this.tokens = Lexer.tokens(query);
    this.isTraceQl = isTraceQl(query);
  }

  private static boolean isTraceQl(String query) {
    try {
      TraceQlValidator.validate(TraceQlParser.parse(query));
      return true;
    } catch (TraceQlSyntaxException e) {
      return false;
    }
  }

  /// Empty when there is nothing of the dialect in a query, and when what comes out of it would be
  /// no TraceQL either.
  public static Optional<Translation> translate(String query) {
    PrototypeDialect dialect = new PrototypeDialect(withoutHashComments(query));
    dialect.translate();
    if (dialect.notes.isEmpty()) {
      return Optional.empty();
    }
    String translated = dialect.text.toString().strip();
    return isTraceQl(translated)
        ? Optional.of(new Translation(translated, dialect.since, dialect.notes))
        : Optional.empty();
  }

  private static String withoutHashComments(String query) {
    return query
        .lines()
        .filter(line -> !line.stripLeading().startsWith("#"))
        .reduce((one, other) -> one + "\n" + other)
        .orElse("");
  }

  private void translate() {
    int i = 0;
    while (i < tokens.size()) {
      Token token = tokens.get(i);
      int timeEnd = startTime(i);
      if (timeEnd > i) {
        i = timeEnd;
        continue;
      }
      int nameEnd = bareName(i);
      if (nameEnd > i) {
        i = nameEnd;
        continue;
      }
      if (token.is("group_by") || token.is("groupby")) {
        replace(token.offset(), token.end(), "by", "grouping is by()");
      } else if (token.kind() == Kind.ATTRIBUTE
          && INTRINSICS.containsKey(token.text())
          && !isTraceQl) {
        String name = INTRINSICS.getOrDefault(token.text(), token.text());
        replace(
            token.offset(),
            token.end(),
            name,
            token.text() + " is an attribute that nobody sets; the span's own is " + name);
      } else if (token.is("=") && i + 1 < tokens.size() && isSecondEquals(i)) {
        replace(token.offset(), tokens.get(i + 1).end(), "=", "equality is =, not ==");
        i++;
      } else if (token.is("and") || token.is("or")) {
        String symbol = token.is("and") ? "&&" : "||";
        replace(token.offset(), token.end(), symbol, token.text() + " is written " + symbol);
      }
      i++;
    }
    text.append(query, copied, query.length());
  }

  private boolean isSecondEquals(int i) {
    Token next = tokens.get(i + 1);
    return next.is("=") && next.offset() == tokens.get(i).end();
  }

  /// `latency.ms`: a name with dots and no scope, which the lexer cuts into a word and an
  /// attribute.
  ///
  /// @return after it; the same index where there is none
  private int bareName(int i) {
    Token word = tokens.get(i);
    Token rest = i + 1 < tokens.size() ? tokens.get(i + 1) : word;
    if (word.kind() != Kind.WORD
        || rest.kind() != Kind.ATTRIBUTE
        || rest.offset() != word.end()
        || !(rest.value() instanceof AttributeName(Attribute(Scope scope, String key), _))
        || scope != Scope.ANY) {
      return i;
    }
    String name = word.text() + "." + key;
    String scoped =
        KnownAttributes.isOfResource(name) || name.startsWith("service.")
            ? "resource." + name
            : "span." + name;
    replace(word.offset(), rest.end(), scoped, name + " needs a scope: " + scoped);
    return i + 2;
  }

  /// `span.start_time > 1h`, with the `&&` beside it.
  private int startTime(int i) {
    Token field = tokens.get(i);
    int name = field.text().equals("span.start_time") ? i + 1 : i;
    if (name == i && field.is("start_time")) {
      name = i + 1;
    }
    if (name == i
        || name + 1 >= tokens.size()
        || !(tokens.get(name).is(">") || tokens.get(name).is(">="))
        || tokens.get(name + 1).kind() != Kind.DURATION
        || !(tokens.get(name + 1).value() instanceof Long nanos)) {
      return i;
    }
    int end = name + 2;
    int from = field.offset();
    int to = tokens.get(name + 1).end();
    boolean more = end < tokens.size() && (tokens.get(end).is("&&") || tokens.get(end).is("and"));
    if (more) {
      to = tokens.get(end).end();
      end++;
    } else if (i > 0 && (tokens.get(i - 1).is("&&") || tokens.get(i - 1).is("and"))) {
      // It was the last: the operator before it goes too.
      int operator = text.lastIndexOf("&&");
      text.append(query, copied, from);
      copied = from;
      operator = Math.max(operator, text.lastIndexOf("&&"));
      text.setLength(operator);
    }
    since = Duration.ofNanos(nanos);
    replace(
        from,
        to,
        "",
        "a time range belongs to the request, not the query: --since "
            + tokens.get(name + 1).text());
    return end;
  }

  private void replace(int from, int to, String with, String note) {
    text.append(query, copied, from).append(with);
    copied = to;
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }
}
