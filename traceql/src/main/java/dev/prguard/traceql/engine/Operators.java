package dev.prguard.traceql.engine;

import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.traceql.engine.Value.Elements;
import dev.prguard.traceql.engine.Value.Nanos;
import dev.prguard.traceql.tree.BinaryOperator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What operators make of two values (pkg/traceql/ast_execute.go). Types are not coerced but among
/// numbers; a missing operand, or two that do not fit, make false.
final class Operators {
  private Operators() {}

  static TraceQueryException failed(String message) {
    return new TraceQueryException(TraceQueryException.Reason.FAILED, message);
  }

  /// @return a boolean, or a number for arithmetic
  /// @throws TraceQueryException for what cannot be computed, such as 1 / 0
  static Object apply(BinaryOperator operator, @Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      return false;
    }
    if (left instanceof Elements || right instanceof Elements) {
      return onArray(operator, left, right);
    }
    if (operator.isArithmetic()) {
      return Value.isNumber(left) && Value.isNumber(right)
          ? arithmetic(operator, left, right)
          : (Object) false;
    }
    return test(operator, left, right);
  }

  private static Object onArray(BinaryOperator operator, Object left, Object right) {
    if (!matches(sample(left), sample(right))
        || operator == BinaryOperator.AND
        || operator == BinaryOperator.OR) {
      return false;
    }
    if (operator.isArithmetic()) {
      throw failed("unsupported operation");
    }
    if (left instanceof Elements && right instanceof Elements) {
      throw failed("array operators must consist of a scalar and an array operand");
    }
    boolean negated = operator == BinaryOperator.NOT_EQUAL;
    BinaryOperator each = negated ? BinaryOperator.EQUAL : operator;
    boolean any = false;
    Elements array = (Elements) (left instanceof Elements ? left : right);
    Object scalar = left instanceof Elements ? right : left;
    for (Object element : array.values()) {
      any |= left instanceof Elements ? test(each, element, scalar) : test(each, scalar, element);
    }
    return negated != any;
  }

  /// All elements of an array are of one type.
  private static Object sample(Object value) {
    return value instanceof Elements(List<Object> values) ? values.getFirst() : value;
  }

  private static boolean matches(Object left, Object right) {
    return left.getClass() == right.getClass()
        || (Value.isNumber(left) && Value.isNumber(right))
        || (left instanceof Enum<?> one
            && right instanceof Enum<?> other
            && one.getDeclaringClass() == other.getDeclaringClass());
  }

  /// A comparison, `&&` or `||` of two scalars.
  static boolean test(BinaryOperator operator, Object left, Object right) {
    if (!matches(left, right)) {
      return false;
    }
    return switch (operator) {
      case EQUAL -> equal(left, right);
      case NOT_EQUAL -> !equal(left, right);
      case AND -> left instanceof Boolean l && right instanceof Boolean r && l && r;
      case OR -> left instanceof Boolean l && right instanceof Boolean r && (l || r);
      case LESS -> isOrdered(left) && ordered(left, right, operator);
      case LESS_OR_EQUAL -> isOrdered(left) && ordered(left, right, operator);
      case GREATER -> isOrdered(left) && ordered(left, right, operator);
      case GREATER_OR_EQUAL -> isOrdered(left) && ordered(left, right, operator);
      case REGEX, NOT_REGEX, ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, POWER -> false;
    };
  }

  private static boolean isOrdered(Object value) {
    return Value.isNumber(value) || value instanceof String;
  }

  private static boolean equal(Object left, Object right) {
    if (Value.isNumber(left)) {
      return (left instanceof Double || right instanceof Double)
          ? Value.asDouble(left) == Value.asDouble(right)
          : whole(left) == whole(right);
    }
    return left.equals(right);
  }

  private static boolean ordered(Object left, Object right, BinaryOperator operator) {
    if (left instanceof Double || right instanceof Double) {
      double l = Value.asDouble(left);
      double r = Value.asDouble(right);
      // NaN compares with nothing, which a three-way comparison cannot say.
      return switch (operator) {
        case LESS -> l < r;
        case LESS_OR_EQUAL -> l <= r;
        case GREATER -> l > r;
        default -> l >= r;
      };
    }
    int order =
        left instanceof String l && right instanceof String r
            ? compareBytes(l, r)
            : Long.compare(whole(left), whole(right));
    return switch (operator) {
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  /// By UTF-8 bytes, which is by code points; Java's own order differs beyond the first plane.
  static int compareBytes(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char l = left.charAt(i);
      char r = right.charAt(i);
      if (l != r) {
        boolean surrogates = Character.isSurrogate(l) != Character.isSurrogate(r);
        return surrogates ? (Character.isSurrogate(l) ? 1 : -1) : Character.compare(l, r);
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  private static long whole(Object number) {
    return switch (number) {
      case Long value -> value;
      case Nanos(long nanos) -> nanos;
      default -> 0;
    };
  }

  private static Object arithmetic(BinaryOperator operator, Object left, Object right) {
    if (left instanceof Long l && right instanceof Long r) {
      return switch (operator) {
        case ADD -> l + r;
        case SUBTRACT -> l - r;
        case MULTIPLY -> l * r;
        case DIVIDE -> {
          if (r == 0) {
            throw failed("division by zero");
          }
          yield l / r;
        }
        case MODULO -> {
          if (r == 0) {
            throw failed("modulo by zero");
          }
          yield l % r;
        }
        // Tempo 3.0.3 has the operands of int ^ int the wrong way round: 2 ^ 3 is 9.
        default -> (long) Math.pow(r, l);
      };
    }
    double l = Value.asDouble(left);
    double r = Value.asDouble(right);
    return switch (operator) {
      case ADD -> l + r;
      case SUBTRACT -> l - r;
      case MULTIPLY -> l * r;
      case DIVIDE -> l / r;
      case MODULO -> l % r;
      default -> Math.pow(l, r);
    };
  }
}
