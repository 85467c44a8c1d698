package dev.prguard.traceql.engine;

import dev.prguard.trace.SpanRecord;
import dev.prguard.traceql.TraceQlFormatter;
import dev.prguard.traceql.engine.Value.Nanos;
import dev.prguard.traceql.tree.Aggregate;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Literal;
import org.jspecify.annotations.Nullable;

/// How answers name what they were grouped by and aggregated over: as the query has it, but Tempo
/// works out constants as it reads, so `sum(span.x * (1 + 1))` is called `sum(span.x * 2)`.
final class LabelText {
  private LabelText() {}

  static String by(FieldExpr expression) {
    return "by(" + TraceQlFormatter.field(folded(expression)) + ")";
  }

  static String of(Aggregate aggregate) {
    return TraceQlFormatter.aggregate(
        switch (aggregate) {
          case Aggregate.Count count -> count;
          case Aggregate.Of(Aggregate.Function function, FieldExpr operand) ->
              new Aggregate.Of(function, folded(operand));
        });
  }

  private static FieldExpr folded(FieldExpr expression) {
    return switch (expression) {
      case Literal literal -> literal;
      case FieldExpr.Field field -> field;
      case FieldExpr.Unary(var operator, FieldExpr operand) -> {
        FieldExpr inner = folded(operand);
        FieldExpr.Unary unary = new FieldExpr.Unary(operator, inner);
        yield inner instanceof Literal ? worked(unary) : unary;
      }
      case FieldExpr.Binary(FieldExpr left, var operator, FieldExpr right) -> {
        FieldExpr one = folded(left);
        FieldExpr other = folded(right);
        FieldExpr.Binary binary = new FieldExpr.Binary(one, operator, other);
        yield one instanceof Literal && other instanceof Literal ? worked(binary) : binary;
      }
    };
  }

  /// What cannot be computed, such as `1 / 0`, stays as it is.
  private static FieldExpr worked(FieldExpr constant) {
    Literal literal = Expr.of(constant) instanceof Expr.Const(Object value) ? literal(value) : null;
    return literal == null ? constant : literal;
  }

  private static @Nullable Literal literal(@Nullable Object value) {
    return switch (value) {
      case Long number -> new Literal.IntLiteral(number);
      case Double number -> new Literal.FloatLiteral(number);
      case String text -> new Literal.StringLiteral(text);
      case Boolean flag -> new Literal.BoolLiteral(flag);
      case Nanos(long nanos) -> new Literal.DurationLiteral(nanos);
      case SpanRecord.Status status -> new Literal.StatusLiteral(status);
      case SpanRecord.Kind kind -> new Literal.KindLiteral(kind);
      case null, default -> null;
    };
  }
}
