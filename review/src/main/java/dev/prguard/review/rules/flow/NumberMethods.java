package dev.prguard.review.rules.flow;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Functions of numbers that are known, and what makes numbers of texts.
final class NumberMethods {

  private static final int MAX_DIGITS = 15;

  private NumberMethods() {}

  /// `Math.max(3, 5)`, `Integer.parseInt("42")`, `int("42")`; null for what is not known.
  ///
  /// @param owner what the function is called on, empty for none
  static @Nullable Value call(String owner, String method, List<Value> args) {
    List<Double> numbers = new ArrayList<>();
    boolean whole = true;
    for (Value each : args) {
      if (each.single() instanceof Number number) {
        numbers.add(number.doubleValue());
        whole &= number instanceof Long;
      }
    }
    if (args.isEmpty()) {
      return null;
    }
    String type = owner.substring(owner.lastIndexOf('.') + 1);
    boolean all = numbers.size() == args.size();
    return switch (type) {
      case "Math", "math", "StrictMath" -> all ? math(method, numbers, whole) : null;
      case "" -> all ? plain(method, numbers, whole) : parsed(method, args.getFirst());
      case "Integer", "Long", "Short", "Double", "Float", "Boolean", "Byte" ->
          method.equals("compare")
                  || method.equals("max")
                  || method.equals("min")
                  || method.equals("sum")
              ? all ? math(method, numbers, whole) : null
              : parsed(method, args.getFirst());
      default -> null;
    };
  }

  private static @Nullable Value plain(String method, List<Double> numbers, boolean whole) {
    return switch (method) {
      case "abs", "min", "max", "pow", "round" -> math(method, numbers, whole);
      case "int", "float" ->
          result(
              method.equals("int") ? cut(numbers.getFirst()) : numbers.getFirst(),
              method.equals("int"));
      case "bool", "Boolean" -> Value.constant(numbers.getFirst() != 0);
      case "chr" ->
          numbers.getFirst() > 0 && numbers.getFirst() < Character.MAX_VALUE
              ? Value.constant(String.valueOf((char) cut(numbers.getFirst())))
              : null;
      default -> null;
    };
  }

  private static double cut(double value) {
    return value < 0 ? Math.ceil(value) : Math.floor(value);
  }

  private static @Nullable Value math(String method, List<Double> numbers, boolean whole) {
    double first = numbers.getFirst();
    Double other = numbers.size() > 1 ? numbers.get(1) : null;
    if (other == null) {
      return switch (method) {
        case "abs", "fabs" -> result(Math.abs(first), whole);
        case "floor" -> result(Math.floor(first), true);
        case "ceil" -> result(Math.ceil(first), true);
        case "round", "rint" -> result(Math.rint(first), true);
        case "sqrt" -> result(Math.sqrt(first), false);
        default -> null;
      };
    }
    return switch (method) {
      case "max" -> result(numbers.stream().mapToDouble(each -> each).max().orElse(first), whole);
      case "min" -> result(numbers.stream().mapToDouble(each -> each).min().orElse(first), whole);
      case "pow" -> result(Math.pow(first, other), whole);
      case "compare" -> result(Double.compare(first, other), true);
      case "sum", "addExact" -> result(first + other, whole);
      case "floorMod" ->
          other == 0 ? null : result(first - other * Math.floor(first / other), whole);
      default -> null;
    };
  }

  private static @Nullable Value result(double value, boolean whole) {
    return Double.isNaN(value) || Math.abs(value) > 1L << 52
        ? null
        : whole && value == Math.rint(value) ? Value.constant((long) value) : Value.constant(value);
  }

  private static @Nullable Value parsed(String method, Value value) {
    if (value.single() instanceof Number number) {
      return method.equals("valueOf") ? Value.constant(number) : null;
    }
    String text = value.text();
    return text == null
        ? value.single() instanceof Boolean truth && method.equals("valueOf")
            ? Value.constant(truth)
            : null
        : switch (method) {
          case "parseInt", "parseLong", "parseShort", "int", "Number" -> whole(text.strip());
          case "parseBoolean" -> Value.constant(text.equalsIgnoreCase("true"));
          case "bool", "Boolean" -> Value.constant(!text.isEmpty());
          case "ord" -> text.length() == 1 ? Value.constant((long) text.charAt(0)) : null;
          default -> null;
        };
  }

  private static @Nullable Value whole(String text) {
    int from = text.startsWith("-") ? 1 : 0;
    boolean digits =
        text.length() > from
            && text.length() <= MAX_DIGITS
            && text.substring(from).chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? Value.constant(Long.parseLong(text)) : null;
  }
}
