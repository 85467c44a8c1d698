package dev.prguard.traceql;

import dev.prguard.trace.query.SpanField;
import org.jspecify.annotations.Nullable;

/// A word of a query.
///
/// @param text as written; of a string its value
/// @param offset in characters of the query
/// @param end after its last character
record Token(Kind kind, String text, int offset, int end, @Nullable Object value) {

  enum Kind {
    /// An operator or bracket.
    SYMBOL,
    /// A name that means something: `count`, `by`, `duration`, `ok`.
    WORD,
    STRING,
    /// The value is a Long.
    INTEGER,
    /// The value is a Double.
    FLOAT,
    /// The value is a Long, in ns.
    DURATION,
    /// The value is an [AttributeName].
    ATTRIBUTE,
    /// `span:`, `trace:`, `event:`, `link:`, `instrumentation:`.
    SCOPE,
    END,
    /// Text that is no word of TraceQL: the last token. The value is a [TraceQlSyntaxException].
    BAD
  }

  /// @param ofParent of `parent.…`
  record AttributeName(SpanField.Attribute attribute, boolean ofParent) {}

  boolean is(String symbolOrWord) {
    return (kind == Kind.SYMBOL || kind == Kind.WORD) && text.equals(symbolOrWord);
  }

  /// As Tempo's messages name it: a word that means something by itself, all else by its kind.
  String shown() {
    return switch (kind) {
      case END -> "$end";
      case WORD -> Suggestions.isKeyword(text) ? text : "IDENTIFIER";
      case STRING, INTEGER, FLOAT, DURATION -> kind.name();
      case ATTRIBUTE -> text.substring(0, text.indexOf('.') + 1);
      case SYMBOL, SCOPE, BAD -> text;
    };
  }
}
