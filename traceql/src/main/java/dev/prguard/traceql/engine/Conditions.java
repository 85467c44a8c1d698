package dev.prguard.traceql.engine;

import dev.prguard.trace.query.SpanField;
import dev.prguard.traceql.engine.Expr.Binary;
import dev.prguard.traceql.engine.Expr.Const;
import dev.prguard.traceql.engine.Expr.Field;
import dev.prguard.traceql.tree.BinaryOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a query asks of storage (pkg/traceql/ast_conditions.go): which values to fetch of a span,
/// and whether a span has to meet all conditions or one.
final class Conditions {

  enum Kind {
    /// Any value will do.
    ANY_VALUE,
    /// There must be one.
    PRESENT,
    /// The value has to pass a test.
    TEST,
    /// There must be none.
    ABSENT
  }

  /// @param type of the constant that a TEST compares with: only values of this type are tested
  /// @param test of one element; null unless TEST
  record Condition(
      SpanField field, Kind kind, @Nullable Class<?> type, @Nullable Predicate<Object> test) {}

  private final List<Condition> list = new ArrayList<>();
  private boolean all = true;
  private boolean anySpan;
  private boolean inTree;

  List<Condition> list() {
    return list;
  }

  /// Whether a span has to meet every condition; else one is enough.
  boolean all() {
    return all;
  }

  /// Whether some filter takes every span.
  boolean anySpan() {
    return anySpan;
  }

  /// Whether being in the trace's tree is a condition, as it is beside structural operators.
  boolean inTree() {
    return inTree;
  }

  /// Aggregates, groups and operators between span sets: one condition is enough then.
  void oneIsEnough() {
    all = false;
  }

  void structural() {
    all = false;
    inTree = true;
  }

  void filter(Expr condition) {
    if (condition instanceof Const(Object value) && Boolean.TRUE.equals(value)) {
      anySpan = true;
    } else {
      extract(condition);
    }
  }

  void extract(Expr expr) {
    switch (expr) {
      case Const _ -> {}
      case Field(SpanField field) -> any(field);
      case Expr.Not(Expr operand, _) -> extract(operand);
      case Expr.Minus(Expr operand, _) -> extract(operand);
      case Expr.Presence(SpanField field, boolean absent) ->
          add(new Condition(field, absent ? Kind.ABSENT : Kind.PRESENT, null, null));
      case Expr.In in -> {
        Class<?> type = in.constants().getFirst().getClass();
        add(new Condition(in.field().field(), Kind.TEST, type, in::test));
      }
      case Expr.Matches matches -> {
        if (matches.operand() instanceof Field(SpanField field)) {
          add(new Condition(field, Kind.TEST, String.class, value -> matches.test((String) value)));
        } else {
          extract(matches.operand());
        }
      }
      case Binary binary -> binary(binary);
    }
  }

  private void binary(Binary binary) {
    BinaryOperator operator = binary.operator();
    if (binary.left() instanceof Field(SpanField field)) {
      if (binary.right() instanceof Const(Object constant)) {
        compare(field, operator, constant);
      } else {
        any(field);
        extract(binary.right());
      }
    } else if (binary.left() instanceof Const(Object constant)) {
      if (binary.right() instanceof Field(SpanField field)) {
        // The operator is not mirrored: Tempo's storage keeps the wrong side, and so must we.
        compare(field, operator, constant);
      } else {
        extract(binary.right());
      }
    } else {
      extract(binary.left());
      extract(binary.right());
      if (operator == BinaryOperator.OR) {
        all = false;
      }
    }
  }

  private void compare(SpanField field, BinaryOperator operator, @Nullable Object constant) {
    if (constant == null || !operator.isComparison()) {
      any(field);
      return;
    }
    add(
        new Condition(
            field,
            Kind.TEST,
            constant.getClass(),
            value -> Operators.test(operator, value, constant)));
  }

  void any(SpanField field) {
    add(new Condition(field, Kind.ANY_VALUE, null, null));
  }

  private void add(Condition condition) {
    list.add(condition);
    if (condition.field() instanceof SpanField.Attribute(SpanField.Scope scope, _)
        && scope == SpanField.Scope.ANY) {
      all = false;
    }
  }
}
