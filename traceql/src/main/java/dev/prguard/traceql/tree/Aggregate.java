package dev.prguard.traceql.tree;

/// A number of one span set.
public sealed interface Aggregate {
  record Count() implements Aggregate {}

  record Of(Function function, FieldExpr operand) implements Aggregate {}

  enum Function {
    MIN,
    MAX,
    AVG,
    SUM
  }
}
