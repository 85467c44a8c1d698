package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanPredicate.And;
import dev.prguard.trace.query.SpanPredicate.Any;
import dev.prguard.trace.query.SpanPredicate.Compare;
import dev.prguard.trace.query.SpanPredicate.Comparison;
import dev.prguard.trace.query.SpanPredicate.Or;
import dev.prguard.traceql.tree.BinaryOperator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Filters as predicates that take the very same spans, so that a store may count by itself.
final class ExactFilters {
  /// Up to here every long is a double.
  private static final long EXACT_DOUBLE = 1L << 53;

  private final Planner hints;
  private final TypesSeen seen;
  private final Set<SpanField> scalars = new HashSet<>();

  ExactFilters(Conditions conditions) {
    this.hints = new Planner(conditions);
    this.seen = new TypesSeen(conditions);
  }

  /// All the filters; empty where no predicate says the same.
  Optional<SpanPredicate> of(List<Expr> filters) {
    List<SpanPredicate> parts = new ArrayList<>();
    for (Expr filter : filters) {
      Optional<SpanPredicate> part = exact(filter);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return Optional.of(parts.size() == 1 ? parts.getFirst() : new And(parts));
  }

  /// Of what [#of] gave: fields that must hold no arrays for it to be so.
  Set<SpanField> scalars() {
    return scalars;
  }

  private Optional<SpanPredicate> exact(Expr expr) {
    return switch (expr) {
      case Expr.Const(Object value) ->
          Boolean.TRUE.equals(value) ? Optional.of(new Any()) : Optional.empty();
      case Expr.Field _, Expr.Not _, Expr.Minus _ -> Optional.empty();
      case Expr.Presence(SpanField field, boolean absent) ->
          !absent && Planner.isPlain(field) && !TypesSeen.hasOwnColumn(field)
              ? Optional.of(hints.hint(expr))
              : Optional.empty();
      case Expr.In in -> {
        List<SpanPredicate> parts = new ArrayList<>();
        for (Object constant : in.negated() ? List.of() : in.constants()) {
          Optional<SpanPredicate> part =
              comparison(in.field().field(), BinaryOperator.EQUAL, constant);
          part.ifPresent(parts::add);
        }
        yield parts.size() == in.constants().size() ? Optional.of(new Or(parts)) : Optional.empty();
      }
      case Expr.Matches matches ->
          !matches.negated()
                  && matches.operand() instanceof Expr.Field(SpanField field)
                  && Planner.isPlain(field)
                  && isComparable(field)
                  && !(Planner.isServiceName(field) && matches.test(""))
              ? Optional.of(hints.hint(expr))
              : Optional.empty();
      case Expr.Binary(BinaryOperator operator, Expr left, Expr right) ->
          switch (operator) {
            case AND, OR -> {
              Optional<SpanPredicate> l = exact(left);
              Optional<SpanPredicate> r = exact(right);
              boolean constant = left instanceof Expr.Const || right instanceof Expr.Const;
              yield l.isEmpty() || r.isEmpty() || constant
                  ? Optional.empty()
                  : Optional.of(
                      Planner.of(operator == BinaryOperator.AND, List.of(l.get(), r.get())));
            }
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                left instanceof Expr.Field(SpanField field)
                        && right instanceof Expr.Const(Object constant)
                        && constant != null
                    ? comparison(field, operator, constant)
                    : Optional.empty();
            case REGEX, NOT_REGEX, ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, POWER ->
                Optional.empty();
          };
    };
  }

  /// Columns of their own hold one type, which a predicate cannot say; that of the service name is
  /// a text always.
  private static boolean isComparable(SpanField field) {
    return !TypesSeen.hasOwnColumn(field)
        || field.equals(new Attribute(Scope.RESOURCE, TraceContext.SERVICE_NAME));
  }

  private Optional<SpanPredicate> comparison(
      SpanField field, BinaryOperator operator, Object constant) {
    boolean ofService = Planner.isServiceName(field);
    if (!Planner.isPlain(field)
        || !isComparable(field)
        || (field instanceof Intrinsic && Planner.operand(field, constant) == null)
        || (ofService && !(operator == BinaryOperator.EQUAL && constant instanceof String))
        || (ofService && constant.equals(""))) {
      return Optional.empty();
    }
    if (operator == BinaryOperator.NOT_EQUAL
        && field instanceof Attribute
        && !seen.isAlone(constant.getClass(), field)) {
      // Of an array it means that no element is equal, which a predicate cannot say.
      scalars.add(field);
    }
    if (field instanceof Attribute
        && Value.isNumber(constant)
        && seen.otherNumbersThan(constant.getClass(), field)) {
      return seen.isWhole(field) ? numbers(field, operator, constant) : Optional.empty();
    }
    return Optional.of(hints.compare(field, operator, constant));
  }

  /// A comparison that meets longs and doubles alike.
  private static Optional<SpanPredicate> numbers(
      SpanField field, BinaryOperator operator, Object constant) {
    if (constant instanceof Long number) {
      return Optional.of(
          new Or(
              List.of(
                  new Compare(
                      field, Planner.comparison(operator), AttributeValue.of((long) number)),
                  new Compare(
                      field,
                      Planner.comparison(operator),
                      AttributeValue.of((double) (long) number)))));
    }
    if (!(constant instanceof Double number) || !(Math.abs(number) < EXACT_DOUBLE)) {
      return Optional.empty();
    }
    SpanPredicate ofDoubles =
        new Compare(field, Planner.comparison(operator), AttributeValue.of((double) number));
    AttributeValue floor = AttributeValue.of((long) Math.floor(number));
    if (number == Math.rint(number)) {
      return Optional.of(
          new Or(List.of(ofDoubles, new Compare(field, Planner.comparison(operator), floor))));
    }
    return switch (operator) {
      case LESS, LESS_OR_EQUAL ->
          Optional.of(
              new Or(List.of(ofDoubles, new Compare(field, Comparison.LESS_OR_EQUAL, floor))));
      case GREATER, GREATER_OR_EQUAL ->
          Optional.of(new Or(List.of(ofDoubles, new Compare(field, Comparison.GREATER, floor))));
      case EQUAL -> Optional.of(ofDoubles);
      case NOT_EQUAL, REGEX, NOT_REGEX, AND, OR, ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, POWER ->
          Optional.empty();
    };
  }
}
