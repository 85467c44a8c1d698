package dev.prguard.traceql.engine;

import dev.prguard.trace.query.SpanField;
import dev.prguard.traceql.SpanRegex;
import dev.prguard.traceql.TraceQlFormatter;
import dev.prguard.traceql.engine.Value.Elements;
import dev.prguard.traceql.engine.Value.Nanos;
import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Literal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression ready to run: constants folded, patterns compiled, and comparisons of one field
/// with several constants merged, as Tempo rewrites them before anything else.
sealed interface Expr {

  /// @return null for nil
  @Nullable Object eval(FetchedSpan span);

  record Const(@Nullable Object value) implements Expr {
    @Override
    public @Nullable Object eval(FetchedSpan span) {
      return value;
    }
  }

  record Field(SpanField field) implements Expr {
    @Override
    public @Nullable Object eval(FetchedSpan span) {
      return span.value(field);
    }
  }

  record Binary(BinaryOperator operator, Expr left, Expr right) implements Expr {
    @Override
    public @Nullable Object eval(FetchedSpan span) {
      return Operators.apply(operator, left.eval(span), right.eval(span));
    }
  }

  /// `!x`
  record Not(Expr operand, FieldExpr source) implements Expr {
    @Override
    public @Nullable Object eval(FetchedSpan span) {
      Object value = operand.eval(span);
      if (value instanceof Boolean flag) {
        return !flag;
      }
      throw Operators.failed(
          "expression ("
              + TraceQlFormatter.field(source)
              + ") expected a boolean, but got "
              + typeName(value));
    }
  }

  /// `-x`
  record Minus(Expr operand, FieldExpr source) implements Expr {
    @Override
    public @Nullable Object eval(FetchedSpan span) {
      Object value = operand.eval(span);
      return switch (value) {
        case Long number -> -number;
        case Double number -> -number;
        case Nanos(long nanos) -> new Nanos(-nanos);
        case null, default ->
            throw Operators.failed(
                "expression ("
                    + TraceQlFormatter.field(source)
                    + ") expected a numeric, but got "
                    + typeName(value));
      };
    }
  }

  /// `x =~ "…"`, `x !~ "…"`, and several patterns for one field: of `=~` one has to match, of `!~`
  /// none may.
  record Matches(Expr operand, List<String> patterns, List<SpanRegex> compiled, boolean negated)
      implements Expr {
    public Matches {
      patterns = List.copyOf(patterns);
      compiled = List.copyOf(compiled);
    }

    @Override
    public @Nullable Object eval(FetchedSpan span) {
      return switch (operand.eval(span)) {
        case String text -> test(text);
        case Elements(List<Object> values) when values.getFirst() instanceof String -> {
          boolean any = values.stream().anyMatch(value -> matchesAny((String) value));
          yield negated != any;
        }
        case null, default -> false;
      };
    }

    boolean test(String text) {
      return negated != matchesAny(text);
    }

    private boolean matchesAny(String text) {
      for (SpanRegex regex : compiled) {
        if (regex.matches(text)) {
          return true;
        }
      }
      return false;
    }
  }

  /// `x = a || x = b`, or with negated `x != a && x != b`; the constants are of one type.
  record In(Field field, List<Object> constants, boolean negated) implements Expr {
    public In {
      constants = List.copyOf(constants);
    }

    @Override
    public @Nullable Object eval(FetchedSpan span) {
      Object value = field.eval(span);
      if (value == null) {
        return false;
      }
      if (value instanceof Elements(List<Object> values)) {
        // Tempo fails here; one element that would match alone is what was meant.
        return values.stream().anyMatch(this::test);
      }
      return test(value);
    }

    boolean test(Object value) {
      boolean fits = false;
      for (Object constant : constants) {
        if (Operators.test(BinaryOperator.EQUAL, value, constant)) {
          return !negated;
        }
        fits |= Operators.test(BinaryOperator.NOT_EQUAL, value, constant);
      }
      return negated && fits;
    }
  }

  /// `x != nil`, or `x = nil` with absent set.
  record Presence(SpanField field, boolean absent) implements Expr {
    @Override
    public @Nullable Object eval(FetchedSpan span) {
      return absent ? span.isAbsent(field) : span.isPresent(field);
    }
  }

  private static String typeName(@Nullable Object value) {
    return switch (value) {
      case null -> "TypeNil";
      case String _ -> "TypeString";
      case Long _ -> "TypeInt";
      case Double _ -> "TypeFloat";
      case Boolean _ -> "TypeBoolean";
      case Nanos _ -> "TypeDuration";
      case Elements _ -> "TypeArray";
      default -> "Type" + value.getClass().getSimpleName();
    };
  }

  /// Compiles an expression that the validator has passed.
  static Expr of(FieldExpr expr) {
    return switch (expr) {
      case Literal literal -> new Const(Value.of(literal));
      case FieldExpr.Field(SpanField field, _) -> new Field(field);
      case FieldExpr.Unary(FieldExpr.UnaryOperator operator, FieldExpr operand) -> {
        Expr inner = of(operand);
        yield folded(
            operator == FieldExpr.UnaryOperator.NOT ? new Not(inner, expr) : new Minus(inner, expr),
            inner instanceof Const);
      }
      case FieldExpr.Binary(FieldExpr left, BinaryOperator operator, FieldExpr right) ->
          binary(of(left), operator, of(right));
    };
  }

  private static Expr binary(Expr first, BinaryOperator operator, Expr second) {
    Expr left = withBareId(first, operator, second);
    Expr right = withBareId(second, operator, first);
    if (isNil(left) || isNil(right)) {
      Expr other = isNil(left) ? right : left;
      return other instanceof Field(SpanField field)
          ? new Presence(field, operator == BinaryOperator.EQUAL)
          : new Const(false);
    }
    if (operator == BinaryOperator.REGEX || operator == BinaryOperator.NOT_REGEX) {
      String pattern = (String) java.util.Objects.requireNonNull(((Const) right).value());
      return folded(
          new Matches(
              left,
              List.of(pattern),
              List.of(new SpanRegex(pattern)),
              operator == BinaryOperator.NOT_REGEX),
          left instanceof Const);
    }
    Expr merged = merged(left, operator, right);
    return merged != null
        ? merged
        : folded(
            new Binary(operator, left, right), left instanceof Const && right instanceof Const);
  }

  /// Leading zeros of a trace id may be left out. Tempo strips those of a pattern, too, so that
  /// `trace:id =~ "0.*"` is true of every trace.
  private static Expr withBareId(Expr expr, BinaryOperator operator, Expr beside) {
    return expr instanceof Const(Object value)
            && value instanceof String id
            && beside instanceof Field(SpanField field)
            && (field == SpanField.Intrinsic.TRACE_ID
                || (field == SpanField.Intrinsic.LINK_TRACE_ID && operator.isComparison()))
        ? new Const(Ids.bare(id))
        : expr;
  }

  private static boolean isNil(Expr expr) {
    return expr instanceof Const(Object value) && value == null;
  }

  /// What cannot be computed fails when the query runs, not before.
  private static Expr folded(Expr expr, boolean constant) {
    if (!constant) {
      return expr;
    }
    try {
      return new Const(expr.eval(FetchedSpan.NONE));
    } catch (dev.prguard.trace.query.TraceQueryException e) {
      return expr;
    }
  }

  private static @Nullable Expr merged(Expr left, BinaryOperator operator, Expr right) {
    if (operator != BinaryOperator.AND && operator != BinaryOperator.OR) {
      return null;
    }
    boolean negated = operator == BinaryOperator.AND;
    if (left instanceof Matches l
        && right instanceof Matches r
        && l.negated() == negated
        && r.negated() == negated
        && l.operand() instanceof Field
        && l.operand().equals(r.operand())) {
      return new Matches(
          l.operand(),
          joined(l.patterns(), r.patterns()),
          joined(l.compiled(), r.compiled()),
          negated);
    }
    In l = asIn(left, negated);
    In r = asIn(right, negated);
    if (l == null
        || r == null
        || !l.field().equals(r.field())
        || l.constants().getFirst().getClass() != r.constants().getFirst().getClass()) {
      return null;
    }
    return new In(l.field(), joined(l.constants(), r.constants()), negated);
  }

  private static @Nullable In asIn(Expr expr, boolean negated) {
    if (expr instanceof In in && in.negated() == negated) {
      return in;
    }
    BinaryOperator comparison = negated ? BinaryOperator.NOT_EQUAL : BinaryOperator.EQUAL;
    return expr instanceof Binary(BinaryOperator operator, Field field, Const(Object value))
            && operator == comparison
            && (value instanceof String
                || value instanceof Long
                || value instanceof Double
                || value instanceof Boolean)
        ? new In(field, List.of(value), negated)
        : null;
  }

  private static <T> List<T> joined(List<T> one, List<T> other) {
    return java.util.stream.Stream.concat(one.stream(), other.stream()).toList();
  }
}
