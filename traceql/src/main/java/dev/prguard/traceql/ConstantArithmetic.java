package dev.prguard.traceql;

import dev.prguard.traceql.tree.BinaryOperator;
import dev.prguard.traceql.tree.Literal;
import org.jspecify.annotations.Nullable;

/// Numbers beside a metrics query, as in `1 / 2 * ({ } | rate())`, worked out as they are read.
final class ConstantArithmetic {
  private ConstantArithmetic() {}

  /// Whole numbers stay whole but in a division, which is exact.
  static @Nullable Literal fold(Literal one, BinaryOperator operator, Literal other) {
    if (!(one instanceof Literal.IntLiteral || one instanceof Literal.FloatLiteral)
        || !(other instanceof Literal.IntLiteral || other instanceof Literal.FloatLiteral)) {
      return null;
    }
    double left =
        one instanceof Literal.IntLiteral(long value)
            ? value
            : ((Literal.FloatLiteral) one).value();
    double right =
        other instanceof Literal.IntLiteral(long value)
            ? value
            : ((Literal.FloatLiteral) other).value();
    double result =
        switch (operator) {
          case ADD -> left + right;
          case SUBTRACT -> left - right;
          case MULTIPLY -> left * right;
          case DIVIDE -> left / right;
          case MODULO -> left % right;
          case POWER -> Math.pow(left, right);
          case EQUAL,
              NOT_EQUAL,
              REGEX,
              NOT_REGEX,
              LESS,
              LESS_OR_EQUAL,
              GREATER,
              GREATER_OR_EQUAL,
              AND,
              OR ->
              Double.NaN;
        };
    if (!Double.isFinite(result)) {
      return null;
    }
    boolean whole =
        one instanceof Literal.IntLiteral
            && other instanceof Literal.IntLiteral
            && operator != BinaryOperator.DIVIDE
            && Math.abs(result) < 1L << 53;
    return whole ? new Literal.IntLiteral((long) result) : new Literal.FloatLiteral(result);
  }
}
