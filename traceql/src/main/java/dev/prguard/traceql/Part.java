package dev.prguard.traceql;

import dev.prguard.traceql.tree.Aggregate;
import dev.prguard.traceql.tree.Literal;
import dev.prguard.traceql.tree.Pipeline.SpansetExpr;
import dev.prguard.traceql.tree.RootExpr.MetricsOperand;
import org.jspecify.annotations.Nullable;

/// What may stand between pipes, or in parentheses, before it is known what it is for. Tempo's
/// grammar has a production for each, all of them with the same parentheses.
sealed interface Part {

  /// @param ofPipelines made of pipelines in parentheses, which combine only with their like
  record Spans(SpansetExpr expr, boolean ofPipelines) implements Part {}

  /// A number of one span set. Neither aggregate nor constant: arithmetic, which Tempo parses and
  /// then does not support.
  record Scalar(@Nullable Aggregate aggregate, @Nullable Literal constant) implements Part {}

  /// `({ … } | count())` and arithmetic of these: parsed, and not supported.
  record ScalarPipeline() implements Part {}

  record Metrics(MetricsOperand operand) implements Part {}

  /// What may stand in a place.
  enum Shape {
    SPANS,
    SPANS_OF_PIPELINES,
    SCALAR,
    SCALAR_PIPELINE,
    METRICS
  }
}
