package dev.prguard.traceql.tree;

import dev.prguard.trace.query.SpanField;
import java.util.List;

/// Stages joined by `|`, one or more.
public record Pipeline(List<Stage> stages) {
  public Pipeline {
    stages = List.copyOf(stages);
  }

  public sealed interface Stage {}

  /// Yields span sets.
  public sealed interface SpansetExpr extends Stage {}

  /// `{ … }`. `{ }` holds the literal true.
  public record SpansetFilter(FieldExpr condition) implements SpansetExpr {}

  public record SpansetOperation(SpansetExpr left, SpansetOperator operator, SpansetExpr right)
      implements SpansetExpr {}

  /// A pipeline of two or more stages, or of one that is no span set expression, in parentheses.
  public record NestedPipeline(Pipeline pipeline) implements SpansetExpr {}

  /// `count() > 2`, `avg(duration) >= 1s`.
  public record AggregateFilter(Aggregate aggregate, BinaryOperator comparison, Literal literal)
      implements Stage {}

  public record GroupBy(FieldExpr expression) implements Stage {}

  public record Coalesce() implements Stage {}

  public record Select(List<SpanField> fields) implements Stage {
    public Select {
      fields = List.copyOf(fields);
    }
  }
}
