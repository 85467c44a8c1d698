package dev.prguard.review.rules.flow;

import dev.prguard.review.syntax.ParsedLanguage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Operators, on what is known of their operands.
final class Operations {

  /// A longer text is not kept.
  private static final int MAX_TEXT = 4_000;

  private static final int MAX_SKELETON = 300;

  private Operations() {}

  static Value unary(String operator, Value value) {
    return switch (operator) {
      case "!", "not" -> {
        Boolean truth = value.truth();
        yield truth == null ? Value.UNKNOWN : Value.constant(!truth);
      }
      case "-" ->
          value.number() != null
              ? Value.constant(-value.number())
              : value.single() instanceof Double number ? Value.constant(-number) : value.derived();
      case "~" -> value.number() != null ? Value.constant(~value.number()) : value.derived();
      case "+", "await", "void" -> value;
      case "typeof", "delete" -> Value.UNKNOWN;
      default -> value.derived();
    };
  }

  static Value binary(String operator, Value left, Value right, ParsedLanguage language) {
    return switch (operator) {
      case "+" -> {
        Long a = left.number();
        Long b = right.number();
        Value end = Parts.moved(left, b);
        Value sum = end == null ? fraction(operator, left, right) : end;
        yield a != null && b != null
            ? Value.constant(a + b)
            : sum == null ? concat(left, right) : sum;
      }
      case "|" ->
          left.number() == null
                  && right.number() == null
                  && left.name().length() + right.name().length() < 200
              ? Value.named(left.name() + '|' + right.name())
                  .withTaints(Value.join(left.taints(), right.taints()))
              : arithmetic(operator, left, right, language);
      case "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "^" ->
          arithmetic(operator, left, right, language);
      case "==", "===", "is" -> same(left, right, true);
      case "!=", "!==", "is not" -> same(left, right, false);
      case "<", ">", "<=", ">=" -> compare(operator, left, right);
      default -> Value.UNKNOWN;
    };
  }

  private static Value arithmetic(
      String operator, Value left, Value right, ParsedLanguage language) {
    String text = left.text();
    Long times = right.number();
    if (operator.equals("*")
        && text != null
        && times != null
        && times >= 0
        && times < 65
        && text.length() * times <= MAX_TEXT) {
      return Value.constant(text.repeat(times.intValue()));
    }
    Long a = left.number();
    Long b = right.number();
    if (a == null || b == null) {
      Value end = operator.equals("-") && b != null ? Parts.moved(left, -b) : null;
      Value number = end == null ? fraction(operator, left, right) : end;
      if (number != null) {
        return number;
      }
      if (operator.equals("*") && left.built()) {
        return left.derived();
      }
      // A number is not a text that could harm; a flag keeps no taint.
      Value result =
          new Value(List.of(), Value.join(left.taints(), right.taints()), "", 0, "", null);
      return b != null && (operator.equals("%") || operator.equals("&"))
          ? result.cleared(FlowModel.BOUND)
          : result;
    }
    if (b == 0 && "//%".contains(operator)) {
      return Value.UNKNOWN;
    }
    return switch (operator) {
      case "-" -> Value.constant(a - b);
      case "*" -> Value.constant(a * b);
      case "/" ->
          language == ParsedLanguage.JAVA || language == ParsedLanguage.GO
              ? Value.constant(a / b)
              : a % b == 0 ? Value.constant(a / b) : Value.constant((double) a / b);
      case "//" -> Value.constant(Math.floorDiv(a, b));
      case "**" -> power(a, b);
      case "%" -> Value.constant(language == ParsedLanguage.PYTHON ? Math.floorMod(a, b) : a % b);
      case "&" -> Value.constant(a & b);
      case "|" -> Value.constant(a | b);
      case "^" -> Value.constant(a ^ b);
      case "<<" -> b < 63 && b >= 0 ? Value.constant(a << b) : Value.UNKNOWN;
      case ">>" -> b < 63 && b >= 0 ? Value.constant(a >> b) : Value.UNKNOWN;
      default -> Value.UNKNOWN;
    };
  }

  private static Value power(long base, long exponent) {
    double result = Math.pow((double) base, (double) exponent);
    return Math.abs(result) > 1L << 52
        ? Value.UNKNOWN
        : result == Math.rint(result) ? Value.constant((long) result) : Value.constant(result);
  }

  /// Where at least one of the two is a fraction; else null.
  private static @Nullable Value fraction(String operator, Value left, Value right) {
    if (!(left.single() instanceof Number one)
        || !(right.single() instanceof Number other)
        || (one instanceof Long && other instanceof Long)) {
      return null;
    }
    double a = one.doubleValue();
    double b = other.doubleValue();
    return switch (operator) {
      case "+" -> Value.constant(a + b);
      case "-" -> Value.constant(a - b);
      case "*" -> Value.constant(a * b);
      case "/" -> b == 0 ? null : Value.constant(a / b);
      case "//" -> b == 0 ? null : Value.constant(Math.floor(a / b));
      case "**" -> Value.constant(Math.pow(a, b));
      default -> null;
    };
  }

  private static Value same(Value left, Value right, boolean equal) {
    Object a = left.single();
    Object b = right.single();
    if (a != null && b != null && !(a instanceof Value.Symbol) && !(b instanceof Value.Symbol)) {
      boolean same =
          (a instanceof Number one && b instanceof Number other)
              ? one.doubleValue() == other.doubleValue()
              : Objects.equals(a, b);
      return Value.constant(same == equal);
    }
    return Value.UNKNOWN;
  }

  private static Value compare(String operator, Value left, Value right) {
    int order;
    if (left.single() instanceof Number a && right.single() instanceof Number b) {
      order = Double.compare(a.doubleValue(), b.doubleValue());
    } else if (left.text() != null && right.text() != null) {
      order = String.valueOf(left.text()).compareTo(String.valueOf(right.text()));
    } else {
      return Value.UNKNOWN;
    }
    return Value.constant(
        switch (operator) {
          case "<" -> order < 0;
          case ">" -> order > 0;
          case "<=" -> order <= 0;
          default -> order >= 0;
        });
  }

  /// `left in right`.
  static Value contains(Value left, Value right, Env env, boolean expected) {
    String part = left.text();
    String text = right.text();
    if (part != null && text != null) {
      return Value.constant(text.contains(part) == expected);
    }
    Shape shape = env.shape(right.shape());
    Object key = left.single();
    if (shape != null && key != null && shape.rest().equals(Value.UNKNOWN)) {
      boolean known = Heap.isConstant(right, env);
      boolean held =
          shape.has(key)
              || shape.entries().values().stream().anyMatch(each -> key.equals(each.single()));
      return known ? Value.constant(held == expected) : Value.UNKNOWN;
    }
    return Value.UNKNOWN;
  }

  static Value concat(Value left, Value right) {
    List<Taint> taints = Value.join(left.taints(), right.taints());
    if (left.open() || right.open()) {
      // That one part was made safe says nothing of the other, of which nothing is known.
      taints = open(taints);
    }
    String a = shown(left.single());
    String b = shown(right.single());
    if (a != null && b != null) {
      if (a.length() + b.length() > MAX_TEXT) {
        return new Value(List.of(), taints, "", 0, cut(a + b), null);
      }
      return Value.constant(a + b).withTaints(taints);
    }
    if (left.isConstant()
        && right.isConstant()
        && left.constants().size() * right.constants().size() <= 6) {
      Value result = null;
      for (Object one : left.constants()) {
        for (Object other : right.constants()) {
          Value sum = concat(Value.constant(one), Value.constant(other));
          result = result == null ? sum : result.or(sum);
        }
      }
      if (result != null) {
        return result.withTaints(taints);
      }
    }
    boolean built =
        left.built()
            || right.built()
            || (left.isConstant() && !"".equals(a))
            || (right.isConstant() && !"".equals(b));
    String skeleton = built ? cut(part(left) + part(right)) : "";
    String exact = built ? Parts.joined(left, right) : "";
    return new Value(List.of(), taints, "", 0, skeleton, null, exact);
  }

  /// What a text carries of which a part is not known: not only what was made safe.
  private static List<Taint> open(List<Taint> taints) {
    List<Taint> known = Value.fromOutside(taints);
    return known.isEmpty() ? known : Value.join(known, List.of(new Taint(0, 0, "", null, 0)));
  }

  private static String part(Value value) {
    if (value.built()) {
      return value.skeleton();
    }
    return value.isConstant() ? String.valueOf(value.constants().getFirst()) : "?";
  }

  private static String cut(String text) {
    return text.length() > MAX_SKELETON ? text.substring(0, MAX_SKELETON) : text;
  }

  private static @Nullable String shown(@Nullable Object constant) {
    return constant == null ? null : String.valueOf(constant);
  }

  /// A template with values in it.
  static Value format(Value template, List<Value> values, Env env) {
    Value result = template;
    boolean constant = template.isConstant();
    boolean open = false;
    for (Value each : values) {
      Value whole = Heap.whole(each, env);
      result = result.withTaints(Value.join(result.taints(), whole.taints()));
      constant &= Heap.isConstant(each, env);
      open |= whole.open();
    }
    if (open) {
      // That one value was made safe says nothing of another, of which nothing is known.
      result = result.withTaints(open(result.taints()));
    }
    if (constant && template.text() != null) {
      // Which value goes where does not matter: none of them comes from outside.
      return Value.constant(template.text()).withTaints(result.taints());
    }
    if (template.text() != null && takesNumbersOnly(String.valueOf(template.text()))) {
      return new Value(
          List.of(), result.cleared(FlowModel.ALL).taints(), "", 0, cut(part(template)), null);
    }
    return new Value(List.of(), result.taints(), "", 0, cut(part(template) + "?"), null);
  }

  /// Whether every `%` of a template stands for a number.
  private static boolean takesNumbersOnly(String template) {
    boolean any = false;
    for (int i = template.indexOf('%'); i >= 0; i = template.indexOf('%', i)) {
      i++;
      while (i < template.length() && "0123456789.+-# ,".indexOf(template.charAt(i)) >= 0) {
        i++;
      }
      char verb = i < template.length() ? template.charAt(i) : 's';
      if ("dfxXeogu%".indexOf(verb) < 0) {
        return false;
      }
      any |= verb != '%';
      i++;
    }
    return any;
  }

  static String substring(String text, long from, long to) {
    long start = Math.clamp(from < 0 ? text.length() + from : from, 0, text.length());
    long end = Math.clamp(to < 0 ? text.length() + to : to, 0, text.length());
    return start < end ? text.substring((int) start, (int) end) : "";
  }
}
