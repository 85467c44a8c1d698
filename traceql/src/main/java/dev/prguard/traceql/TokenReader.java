package dev.prguard.traceql;

import dev.prguard.traceql.Token.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place in the words of a query.
final class TokenReader {
  private final String query;
  private final List<Token> tokens;
  private int at;
  private int lastEnd;

  TokenReader(String query) {
    this.query = query;
    this.tokens = Lexer.tokens(query);
  }

  Token peek() {
    Token token = tokens.get(at);
    if (token.kind() == Kind.BAD && token.value() instanceof TraceQlSyntaxException e) {
      throw e;
    }
    return token;
  }

  Token peekNext() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = peek();
    if (at < tokens.size() - 1) {
      at++;
      lastEnd = token.end();
    }
    return token;
  }

  /// Where the last word taken ends.
  int lastEnd() {
    return lastEnd;
  }

  /// Takes a symbol or word where it stands.
  boolean take(String text) {
    if (!peek().is(text)) {
      return false;
    }
    next();
    return true;
  }

  void expect(String text) {
    if (!peek().is(text)) {
      throw unexpected("expecting " + text);
    }
    next();
  }

  Token expect(Kind kind) {
    if (peek().kind() != kind) {
      throw unexpected("expecting " + kind);
    }
    return next();
  }

  /// The next token cannot stand here.
  ///
  /// @param expecting such as `expecting )`; empty when there are many
  TraceQlSyntaxException unexpected(String expecting) {
    Token token = peek();
    String problem =
        "syntax error: unexpected "
            + Lexer.printable(token.shown())
            + (expecting.isEmpty() ? "" : ", " + expecting);
    return at(token, problem, Suggestions.forUnexpected(query, token));
  }

  /// Where a constant or a field may stand, Tempo takes any word for one and then does not know it.
  TraceQlSyntaxException unexpectedOperand() {
    Token token = peek();
    if (token.shown().equals("IDENTIFIER")) {
      return at(
          token,
          "unknown identifier: " + Lexer.printable(token.text()),
          Suggestions.forUnexpected(query, token));
    }
    return unexpected("");
  }

  TraceQlSyntaxException at(Token token, String problem, @Nullable String suggestion) {
    return new TraceQlSyntaxException(
        query, problem, token.offset(), token.end() - token.offset(), suggestion);
  }
}
