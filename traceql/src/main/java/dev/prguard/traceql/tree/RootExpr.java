package dev.prguard.traceql.tree;

import java.util.List;

/// A whole query.
public sealed interface RootExpr {

  /// `with(key=literal, …)`, in the order written.
  List<Hint> hints();

  /// A search: span sets of each trace.
  record SpansQuery(Pipeline pipeline, List<Hint> hints) implements RootExpr {
    public SpansQuery {
      hints = List.copyOf(hints);
    }
  }

  /// A number over time, such as `{ … } | rate() by (span.x) | topk(3)`.
  record MetricsQuery(
      Pipeline pipeline, MetricsStage stage, List<SecondStage> secondStages, List<Hint> hints)
      implements RootExpr {
    public MetricsQuery {
      secondStages = List.copyOf(secondStages);
      hints = List.copyOf(hints);
    }
  }

  /// Two metrics queries in parentheses, or one and a number, joined by `+ - * /`: series with the
  /// same labels are combined (Tempo's main branch after 3.0.3).
  record MetricsArithmetic(
      MetricsOperand left,
      BinaryOperator operator,
      MetricsOperand right,
      List<SecondStage> secondStages,
      List<Hint> hints)
      implements RootExpr {
    public MetricsArithmetic {
      secondStages = List.copyOf(secondStages);
      hints = List.copyOf(hints);
    }
  }

  sealed interface MetricsOperand {
    /// A metrics query or arithmetic in parentheses; never a search.
    record Nested(RootExpr query) implements MetricsOperand {}

    record Scalar(Literal value) implements MetricsOperand {}
  }

  record Hint(String key, Literal value) {}
}
