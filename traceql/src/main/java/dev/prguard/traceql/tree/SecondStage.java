package dev.prguard.traceql.tree;

/// What may follow a metrics stage: it works on series.
public sealed interface SecondStage {
  record TopK(int limit) implements SecondStage {}

  record BottomK(int limit) implements SecondStage {}

  /// Drops samples that do not compare, such as `| topk(3) > 5`.
  record Threshold(BinaryOperator comparison, Literal literal) implements SecondStage {}
}
