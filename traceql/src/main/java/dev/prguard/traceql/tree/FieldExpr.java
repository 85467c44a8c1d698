package dev.prguard.traceql.tree;

import dev.prguard.trace.query.SpanField;

/// An expression over one span.
public sealed interface FieldExpr
    permits FieldExpr.Binary, FieldExpr.Unary, FieldExpr.Field, Literal {

  record Binary(FieldExpr left, BinaryOperator operator, FieldExpr right) implements FieldExpr {}

  record Unary(UnaryOperator operator, FieldExpr operand) implements FieldExpr {}

  /// @param ofParent `parent.…`, which parses and is refused by the validator
  record Field(SpanField field, boolean ofParent) implements FieldExpr {}

  enum UnaryOperator {
    NOT,
    MINUS
  }
}
