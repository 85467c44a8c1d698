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

  /// The last token is END, or BAD where the text is no word of TraceQL: what stands before is then
  /// complained of first, as by Tempo, which reads on only as it parses.
  static List<Token> tokens(String query) {
    Lexer lexer = new Lexer(query);
    lexer.at = query.startsWith("\ufeff") ? 1 : 0;
    List<Token> tokens = new ArrayList<>();
    Token token;
    do {
      int start = lexer.at;
      try {
        token = lexer.next();
      } catch (TraceQlSyntaxException e) {
        token = new Token(Kind.BAD, "", start, query.length(), e);
      }
      tokens.add(token);
    } while (token.kind() != Kind.END && token.kind() != Kind.BAD);
    return tokens;
  }

  private Token next() {
    skipBlanksAndComments();
    int start = at;
    if (at >= query.length()) {
      return new Token(Kind.END, "", start, start, null);
    }
    int c = query.codePointAt(at);
    readable(c);
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
    // Go's scanner takes any other character for a token; Tempo then for an identifier.
    at += Character.charCount(c);
    return new Token(Kind.WORD, query.substring(start, at), start, at, null);
  }

  private void skipBlanksAndComments() {
    while (at < query.length()) {
      char c = query.charAt(at);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        at++;
        continue;
      }
      boolean line = query.startsWith("//", at);
      if (!line && !query.startsWith("/*", at)) {
        return;
      }
      int start = at;
      int end = line ? query.indexOf('\n', at) : query.indexOf("*/", at + 2);
      if (end < 0 && !line) {
        throw new TraceQlSyntaxException(query, "comment not terminated", at, 2, "*/");
      }
      int after = line ? (end < 0 ? query.length() : end) : end + 2;
      for (at = start; at < after; at += Character.charCount(query.codePointAt(at))) {
        readable(query.codePointAt(at));
      }
      at = after;
    }
  }

  /// Go's scanner takes neither NUL nor what is no UTF-8, wherever it stands.
  private void readable(int codePoint) {
    if (codePoint == 0) {
      throw new TraceQlSyntaxException(query, "invalid character NUL", at, 1, null);
    }
    if (codePoint >= 0xD800 && codePoint <= 0xDFFF) {
      throw new TraceQlSyntaxException(query, "invalid UTF-8 encoding", at, 1, null);
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
    int from = at;
    while (at < query.length()) {
      int c = query.codePointAt(at);
      readable(c);
      if (c == '"') {
        quotedPart(start, key);
      } else if (isNamePart(c)) {
        key.appendCodePoint(c);
        at += Character.charCount(c);
      } else {
        break;
      }
    }
    if (at == from) {
      throw new TraceQlSyntaxException(
          query,
          "syntax error: unexpected END_ATTRIBUTE, expecting IDENTIFIER",
          start,
          at - start,
          query.substring(start, at) + "name, without a blank");
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
    at++;
    while (at < query.length()) {
      int c = query.codePointAt(at);
      readable(c);
      at += Character.charCount(c);
      if (c == '"') {
        return;
      }
      if (c == '\\') {
        char escaped = at < query.length() ? query.charAt(at++) : ' ';
        if (escaped != '"' && escaped != '\\') {
          throw new TraceQlSyntaxException(
              query, "invalid escape sequence", start, at - start, "\\\\ for a backslash");
        }
        key.append(escaped);
      } else {
        key.appendCodePoint(c);
      }
    }
    throw new TraceQlSyntaxException(
        query, "unexpected EOF, expecting \"", start, at - start, "a closing \"");
  }

  private Token string(int start) {
    char quote = query.charAt(at++);
    GoEscape value = new GoEscape(query, start);
    while (at < query.length()) {
      readable(query.codePointAt(at));
      char c = query.charAt(at++);
      if (c == quote) {
        return new Token(Kind.STRING, value.value(), start, at, null);
      }
      if (quote == '"' && c == '\n') {
        at--;
        break;
      }
      if (quote == '"' && c == '\\') {
        at = value.read(at);
      } else if (c != '\r' || quote == '"') {
        // Go drops carriage returns of raw strings.
        value.append(c);
        if (Character.isHighSurrogate(c)) {
          value.append(query.charAt(at++));
        }
      }
    }
    throw new TraceQlSyntaxException(
        query, "literal not terminated", start, at - start, "a closing " + quote);
  }

  private Token number(int start) {
    GoNumber number = GoNumber.scan(query, start);
    at = number.end();
    if (number.problem() != null && number.isFloat()) {
      throw new TraceQlSyntaxException(
          query, number.problem(), start, at - start, "a decimal number");
    }
    Token duration = number.problem() == null ? duration(start) : null;
    if (duration != null) {
      return duration;
    }
    String text = query.substring(start, at);
    try {
      if (!number.isFloat() && number.problem() == null) {
        return new Token(Kind.INTEGER, text, start, at, Long.parseLong(text));
      }
    } catch (NumberFormatException e) {
      throw new TraceQlSyntaxException(
          query,
          "strconv.Atoi: parsing \"" + text + "\": value out of range",
          start,
          at - start,
          "maxInt");
    }
    if (!number.isFloat()) {
      throw new TraceQlSyntaxException(
          query,
          "strconv.Atoi: parsing \"" + text + "\": invalid syntax",
          start,
          at - start,
          "a decimal number");
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw new TraceQlSyntaxException(
          query,
          "strconv.ParseFloat: parsing \"" + text + "\": value out of range",
          start,
          at - start,
          null);
    }
    return new Token(Kind.FLOAT, text, start, at, value);
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

  /// Whether a character may stand in the name of an attribute without quotes.
  static boolean isNamePart(int c) {
    return !isBlank(c) && (c > 127 || "{}()=~!<>&|^,".indexOf(c) < 0);
  }

  /// Go's unicode.IsSpace.
  private static boolean isBlank(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
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
