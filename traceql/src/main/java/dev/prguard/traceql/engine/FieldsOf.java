package dev.prguard.traceql.engine;

import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.traceql.tree.Aggregate;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Literal;
import dev.prguard.traceql.tree.MetricsStage;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.Pipeline.SpansetExpr;
import dev.prguard.traceql.tree.Pipeline.Stage;
import dev.prguard.traceql.tree.RootExpr;
import dev.prguard.traceql.tree.RootExpr.MetricsOperand;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The fields that a query reads, with those that every answer needs.
final class FieldsOf {
  /// What an answer says of every trace: root name, service statistics.
  static final Set<SpanField> TRACE =
      Set.of(
          Intrinsic.NAME,
          Intrinsic.STATUS,
          new Attribute(Scope.RESOURCE, TraceContext.SERVICE_NAME));

  private final Set<SpanField> fields = new LinkedHashSet<>();

  private FieldsOf() {}

  static Set<SpanField> query(RootExpr root) {
    FieldsOf of = new FieldsOf();
    of.root(root);
    of.fields.addAll(TRACE);
    return of.fields;
  }

  private void root(RootExpr root) {
    switch (root) {
      case RootExpr.SpansQuery(Pipeline pipeline, _) -> pipeline(pipeline);
      case RootExpr.MetricsQuery(Pipeline pipeline, MetricsStage stage, _, _) -> {
        pipeline(pipeline);
        if (stage instanceof MetricsStage.OverTime over) {
          if (over.operand() != null) {
            fields.add(over.operand());
          }
          fields.addAll(over.by());
        }
      }
      case RootExpr.MetricsArithmetic(MetricsOperand left, _, MetricsOperand right, _, _) -> {
        if (left instanceof MetricsOperand.Nested(RootExpr query)) {
          root(query);
        }
        if (right instanceof MetricsOperand.Nested(RootExpr query)) {
          root(query);
        }
      }
    }
  }

  private void pipeline(Pipeline pipeline) {
    for (Stage stage : pipeline.stages()) {
      switch (stage) {
        case SpansetExpr expr -> spanset(expr);
        case Pipeline.AggregateFilter(Aggregate aggregate, _, _) -> {
          if (aggregate instanceof Aggregate.Of(_, FieldExpr operand)) {
            expression(operand);
          }
        }
        case Pipeline.GroupBy(FieldExpr expression) -> expression(expression);
        case Pipeline.Coalesce() -> {}
        case Pipeline.Select(List<SpanField> names) -> fields.addAll(names);
      }
    }
  }

  private void spanset(SpansetExpr expr) {
    switch (expr) {
      case Pipeline.SpansetFilter(FieldExpr condition) -> expression(condition);
      case Pipeline.NestedPipeline(Pipeline pipeline) -> pipeline(pipeline);
      case Pipeline.SpansetOperation(SpansetExpr left, _, SpansetExpr right) -> {
        spanset(left);
        spanset(right);
      }
    }
  }

  private void expression(FieldExpr expr) {
    switch (expr) {
      case FieldExpr.Binary(FieldExpr left, _, FieldExpr right) -> {
        expression(left);
        expression(right);
      }
      case FieldExpr.Unary(_, FieldExpr operand) -> expression(operand);
      case FieldExpr.Field(SpanField field, _) -> fields.add(field);
      case Literal _ -> {}
    }
  }
}
