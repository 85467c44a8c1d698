package dev.prguard.traceql;

import dev.prguard.traceql.Token.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place in the words of a query.
final class TokenReader {
  private final String query;
  private final List<Token> tokens;
  private int at;

  TokenReader(String query) {
    this.query = query;
    this.tokens = Lexer.tokens(query);
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peekNext() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  /// Takes a symbol or word where it stands.
  boolean take(String text) {
    if (!peek().is(text)) {
      return false;
    }
    next();
    return true;
  }

  Token expect(String text) {
    if (!peek().is(text)) {
      throw unexpected("expecting " + text);
    }
    return next();
  }

  Token expect(Kind kind, String what) {
    if (peek().kind() != kind) {
      throw unexpected("expecting " + what);
    }
    return next();
  }

  /// The next token cannot stand here.
  ///
  /// @param expecting such as `expecting )`; empty when there are many
  TraceQlSyntaxException unexpected(String expecting) {
    Token token = peek();
    String suggestion = Suggestions.forUnexpected(query, token);
    if (token.kind() == Kind.WORD && !Suggestions.isKnown(token.text())) {
      return at(token, "unknown identifier: " + token.text(), suggestion);
    }
    String problem =
        "syntax error: unexpected "
            + Lexer.printable(token.shown())
            + (expecting.isEmpty() ? "" : ", " + expecting);
    return at(token, problem, suggestion);
  }

  TraceQlSyntaxException at(Token token, String problem, @Nullable String suggestion) {
    return new TraceQlSyntaxException(
        query, problem, token.offset(), token.end() - token.offset(), suggestion);
  }
}
