package dev.prguard.traceql.tree;

import org.jspecify.annotations.Nullable;

/// Operators between two span set expressions. Structural ones yield spans of the right side; NOT_
/// those without such a left span; UNION_ both sides.
public enum SpansetOperator {
  AND("&&"),
  OR("||"),
  CHILD(">"),
  PARENT("<"),
  DESCENDANT(">>"),
  ANCESTOR("<<"),
  SIBLING("~"),
  NOT_CHILD("!>"),
  NOT_PARENT("!<"),
  NOT_DESCENDANT("!>>"),
  NOT_ANCESTOR("!<<"),
  NOT_SIBLING("!~"),
  UNION_CHILD("&>"),
  UNION_PARENT("&<"),
  UNION_DESCENDANT("&>>"),
  UNION_ANCESTOR("&<<"),
  UNION_SIBLING("&~");

  private final String symbol;

  SpansetOperator(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }

  /// Null when there is none of this symbol.
  public static @Nullable SpansetOperator of(String symbol) {
    for (SpansetOperator operator : values()) {
      if (operator.symbol.equals(symbol)) {
        return operator;
      }
    }
    return null;
  }

  /// About parents and children; the others join span sets.
  public boolean isStructural() {
    return this != AND && this != OR;
  }
}
