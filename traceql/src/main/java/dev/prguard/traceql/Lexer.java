package dev.prguard.traceql;

import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.traceql.Token.AttributeName;
import dev.prguard.traceql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cuts a query into words, as Tempo's lexer does (grafana/tempo, pkg/traceql/lexer.go): Go's
/// scanner, and attribute names that run on until a blank or one of `{}()=~!<>&|^,`.
final class Lexer {
  /// Longest first, so that `!>>` is not `!>` and `>`.
  private static final List<String> SYMBOLS =
      List.of(
          "&>>", "&<<", "!>>", "!<<", "&>", "&<", "&~", "!>", "!<", "!~", "!=", "=~", ">=", "<=",
          ">>", "<<", "&&", "||", "{", "}", "(", ")", "=", "~", "!", "<", ">", "+", "-", "*", "/",
          "%", "^", "|", ",");

  private static final Map<String, Scope> SCOPES =
      Map.of(
          "span", Scope.SPAN,
          "resource", Scope.RESOURCE,
          "event", Scope.EVENT,
          "link", Scope.LINK,
          "instrumentation", Scope.INSTRUMENTATION);

  private static final Set<String> COLON_SCOPES =
      Set.of("span", "trace", "event", "link", "instrumentation");

  private final String query;
  private int at;

  private Lexer(String query) {
    this.query = query;
  }

  /// The last token is END.
  ///
  /// @throws TraceQlSyntaxException for text that is no word of TraceQL
  static List<Token> tokens(String query) {
    Lexer lexer = new Lexer(query);
    List<Token> tokens = new ArrayList<>();
    Token token;
    do {
      token = lexer.next();
      tokens.add(token);
    } while (token.kind() != Kind.END);
    return tokens;
  }

  private Token next() {
    skipBlanksAndComments();
    int start = at;
    if (at >= query.length()) {
      return new Token(Kind.END, "", start, start, null);
    }
    int c = query.codePointAt(at);
    if (c == '"' || c == '`') {
      return string(start);
    }
    if (c == '.' && !isDigit(at + 1)) {
      at++;
      return attribute(start, Scope.ANY, false);
    }
    if (isDigit(at) || c == '.') {
      return number(start);
    }
    if (isLetter(c)) {
      return word(start);
    }
    for (String symbol : SYMBOLS) {
      if (query.startsWith(symbol, at)) {
        at += symbol.length();
        return new Token(Kind.SYMBOL, symbol, start, at, null);
      }
    }
    String text = query.substring(start, start + Character.charCount(c));
    String hint =
        c == '\'' ? "strings stand in \"double quotes\"" : c == '&' ? "&&" : null;
    throw new TraceQlSyntaxException(
        query, "unknown identifier: " + printable(text), start, text.length(), hint);
  }

  private void skipBlanksAndComments() {
    while (at < query.length()) {
      char c = query.charAt(at);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        at++;
      } else if (query.startsWith("//", at)) {
        int end = query.indexOf('\n', at);
        at = end < 0 ? query.length() : end;
      } else if (query.startsWith("/*", at)) {
        int end = query.indexOf("*/", at + 2);
        if (end < 0) {
          throw new TraceQlSyntaxException(query, "comment not terminated", at, 2, "*/");
        }
        at = end + 2;
      } else {
        return;
      }
    }
  }

  private Token word(int start) {
    while (at < query.length() && isWordPart(query.codePointAt(at))) {
      at += Character.charCount(query.codePointAt(at));
    }
    String text = query.substring(start, at);
    char follows = at < query.length() ? query.charAt(at) : ' ';
    if (follows == '.' && text.equals("parent")) {
      at++;
      for (String inner : List.of("span", "resource")) {
        if (query.startsWith(inner + ".", at)) {
          at += inner.length() + 1;
          return attribute(start, SCOPES.getOrDefault(inner, Scope.ANY), true);
        }
      }
      return attribute(start, Scope.ANY, true);
    }
    Scope scope = SCOPES.get(text);
    if (follows == '.' && scope != null) {
      at++;
      return attribute(start, scope, false);
    }
    if (follows == ':' && COLON_SCOPES.contains(text)) {
      at++;
      return new Token(Kind.SCOPE, text + ":", start, at, null);
    }
    return new Token(Kind.WORD, text, start, at, null);
  }

  /// Reads the name after the scope's dot.
  private Token attribute(int start, Scope scope, boolean ofParent) {
    StringBuilder key = new StringBuilder();
    while (at < query.length()) {
      int c = query.codePointAt(at);
      if (c == '"') {
        quotedPart(start, key);
      } else if (isNamePart(c)) {
        key.appendCodePoint(c);
        at += Character.charCount(c);
      } else {
        break;
      }
    }
    if (key.isEmpty()) {
      throw new TraceQlSyntaxException(
          query, "syntax error: a name is missing after the dot", start, at - start, null);
    }
    return new Token(
        Kind.ATTRIBUTE,
        query.substring(start, at),
        start,
        at,
        new AttributeName(new SpanField.Attribute(scope, key.toString()), ofParent));
  }

  /// In quotes only `\"` and `\\` are escapes.
  private void quotedPart(int start, StringBuilder key) {
    int open = at++;
    while (at < query.length()) {
      char c = query.charAt(at++);
      if (c == '"') {
        return;
      }
      if (c == '\\') {
        char escaped = at < query.length() ? query.charAt(at++) : ' ';
        if (escaped != '"' && escaped != '\\') {
          throw new TraceQlSyntaxException(
              query, "invalid escape sequence", at - 2, 2, "\\\\ for a backslash");
        }
        key.append(escaped);
      } else {
        key.append(c);
      }
    }
    throw new TraceQlSyntaxException(
        query, "unexpected EOF, expecting \"", Math.max(start, open), at - open, null);
  }

  private Token string(int start) {
    char quote = query.charAt(at++);
    StringBuilder value = new StringBuilder();
    while (at < query.length()) {
      char c = query.charAt(at++);
      if (c == quote) {
        return new Token(Kind.STRING, value.toString(), start, at, null);
      }
      if (quote == '"' && c == '\n') {
        break;
      }
      if (quote == '"' && c == '\\') {
        at = GoEscape.read(query, at, value, start);
      } else if (c != '\r' || quote == '"') {
        // Go drops carriage returns of raw strings.
        value.append(c);
      }
    }
    throw new TraceQlSyntaxException(
        query, "literal not terminated", start, at - start, "a closing " + quote);
  }

  private Token number(int start) {
    boolean digitsOnly = true;
    while (at < query.length()) {
      char c = query.charAt(at);
      boolean exponentSign =
          (c == '+' || c == '-')
              && (query.charAt(at - 1) == 'e' || query.charAt(at - 1) == 'E')
              && !query.startsWith("0x", start);
      if (isDigit(at)
          || c == '.'
          || c == '_'
          || exponentSign
          || ((c == 'e' || c == 'E') && isExponent(at))
          || (at == start + 1 && query.charAt(start) == '0' && "xXbBoO".indexOf(c) >= 0)
          || (query.startsWith("0x", start) && Character.digit(c, 16) >= 0)) {
        digitsOnly &= isDigit(at);
        at++;
      } else {
        break;
      }
    }
    Token duration = duration(start);
    if (duration != null) {
      return duration;
    }
    String text = query.substring(start, at);
    try {
      if (digitsOnly) {
        return new Token(Kind.INTEGER, text, start, at, Long.parseLong(text));
      }
      if (text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
        if (text.indexOf('_') < 0 && !text.startsWith("0x")) {
          return new Token(Kind.FLOAT, text, start, at, Double.parseDouble(text));
        }
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new TraceQlSyntaxException(
        query,
        digitsOnly
            ? "strconv.Atoi: parsing \"" + text + "\": value out of range"
            : "strconv.Atoi: parsing \"" + text + "\": invalid syntax",
        start,
        at - start,
        digitsOnly ? "maxInt" : "a decimal number");
  }

  private boolean isExponent(int index) {
    int sign = index + 1 < query.length() && "+-".indexOf(query.charAt(index + 1)) >= 0 ? 1 : 0;
    return isDigit(index + 1 + sign);
  }

  /// A number and what follows may be a duration; the number alone stands if it is none.
  private @Nullable Token duration(int start) {
    int end = at;
    while (end < query.length() && (isDigit(end) || "nuµmshdwy.".indexOf(query.charAt(end)) >= 0)) {
      end++;
    }
    if (end == at) {
      return null;
    }
    Long nanos = GoDuration.parse(query.substring(start, end));
    if (nanos == null) {
      return null;
    }
    at = end;
    return new Token(Kind.DURATION, query.substring(start, end), start, end, nanos);
  }

  private boolean isDigit(int index) {
    return index < query.length() && query.charAt(index) >= '0' && query.charAt(index) <= '9';
  }

  private static boolean isLetter(int c) {
    return c == '_' || Character.isLetter(c);
  }

  private static boolean isWordPart(int c) {
    return isLetter(c) || Character.isDigit(c);
  }

  private static boolean isNamePart(int c) {
    return !Character.isWhitespace(c) && c != 0xA0 && c != 0x85 && "{}()=~!<>&|^,".indexOf(c) < 0;
  }

  static String printable(String text) {
    return text.codePoints()
        .mapToObj(c ->
            Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE
                ? String.format(Locale.ROOT, "U+%04X", c)
                : Character.toString(c))
        .reduce("", String::concat);
  }
}
