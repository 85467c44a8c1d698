package dev.prguard.store.column;

import com.google.re2j.Pattern;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.query.SpanPredicate.Comparison;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// One comparison of a [dev.prguard.trace.query.SpanPredicate], on a visible value. Of an array one
/// element is enough.
@FunctionalInterface
interface ValueTest {
  boolean test(AttributeValue value);

  static ValueTest compare(Comparison comparison, AttributeValue operand) {
    return ofElements(
        switch (operand) {
          case LongValue(long right) ->
              value ->
                  value instanceof LongValue(long left)
                      && accepts(comparison, Long.compare(left, right));
          case DoubleValue(double right) ->
              value -> value instanceof DoubleValue(double left) && test(comparison, left, right);
          case StringValue(String right) -> {
            byte[] bytes = right.getBytes(StandardCharsets.UTF_8);
            boolean equality = comparison == Comparison.EQUAL || comparison == Comparison.NOT_EQUAL;
            yield value ->
                value instanceof StringValue(String left)
                    && (equality
                        ? left.equals(right) == (comparison == Comparison.EQUAL)
                        : accepts(
                            comparison,
                            Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), bytes)));
          }
          case BooleanValue(boolean right) ->
              value ->
                  value instanceof BooleanValue(boolean left)
                      && accepts(comparison, Boolean.compare(left, right));
          default -> _ -> false;
        });
  }

  static ValueTest matches(String pattern, boolean negated) {
    Pattern compiled = Pattern.compile(pattern, Pattern.DOTALL);
    return ofElements(value ->
        value instanceof StringValue(String text) && compiled.matcher(text).matches() != negated);
  }

  private static ValueTest ofElements(ValueTest test) {
    return value ->
        value instanceof ArrayValue(List<AttributeValue> elements)
            ? elements.stream().anyMatch(test::test)
            : test.test(value);
  }

  static boolean accepts(Comparison comparison, int order) {
    return switch (comparison) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  /// NaN compares with nothing; -0.0 equals 0.0.
  static boolean test(Comparison comparison, double left, double right) {
    return switch (comparison) {
      case EQUAL -> left == right;
      case NOT_EQUAL -> left < right || left > right;
      case LESS -> left < right;
      case LESS_OR_EQUAL -> left <= right;
      case GREATER -> left > right;
      case GREATER_OR_EQUAL -> left >= right;
    };
  }
}
