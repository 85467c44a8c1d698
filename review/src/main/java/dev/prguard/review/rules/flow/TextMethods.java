package dev.prguard.review.rules.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The methods of a text that is known.
final class TextMethods {

  /// Longer results of a replacement are not worked out.
  private static final long MAX_PRODUCT = 1_000_000;

  private final Evaluator all;

  TextMethods(Evaluator all) {
    this.all = all;
  }

  @Nullable Value call(String text, String method, CallSite site) {
    List<Value> args = site.args();
    Long first = args.isEmpty() ? null : args.getFirst().number();
    String other = args.isEmpty() ? null : args.getFirst().text();
    return switch (method) {
      case "charAt", "at" ->
          first != null && first >= 0 && first < text.length()
              ? Value.constant(String.valueOf(text.charAt(first.intValue())))
              : null;
      case "substring", "slice" -> {
        Long end = args.size() > 1 ? args.get(1).number() : Long.valueOf(text.length());
        yield first == null || end == null
            ? null
            : Value.constant(Operations.substring(text, first, end));
      }
      case "length" -> Value.constant((long) text.length());
      case "toUpperCase", "upper" -> Value.constant(text.toUpperCase(Locale.ROOT));
      case "toLowerCase", "lower" -> Value.constant(text.toLowerCase(Locale.ROOT));
      case "trim", "strip" -> Value.constant(text.strip());
      case "toString", "encode", "decode", "getBytes", "intern", "toCharArray", "strVal" ->
          Value.constant(text);
      case "concat" ->
          args.isEmpty() ? null : Operations.concat(Value.constant(text), args.getFirst());
      case "equals" -> other == null ? null : Value.constant(text.equals(other));
      case "equalsIgnoreCase" ->
          other == null ? null : Value.constant(text.equalsIgnoreCase(other));
      case "startsWith", "startswith" ->
          other == null ? null : Value.constant(text.startsWith(other));
      case "endsWith", "endswith" -> other == null ? null : Value.constant(text.endsWith(other));
      case "contains", "includes" -> other == null ? null : Value.constant(text.contains(other));
      case "indexOf", "find", "index" ->
          other == null ? null : Value.constant((long) text.indexOf(other));
      case "replace" ->
          args.size() >= 2 && other != null && args.get(1).text() != null
              ? replaced(text, other, String.valueOf(args.get(1).text()))
              : args.size() >= 2 && other != null && text.contains(other)
                  ? Operations.format(Value.constant(text), args.subList(1, 2), all.env())
                  : null;
      case "format", "formatted" -> {
        List<Value> values = new ArrayList<>(args);
        values.addAll(site.named().values());
        yield all.expressions
            .places()
            .within(
                Value.constant(text), Operations.format(Value.constant(text), values, all.env()));
      }
      case "join" -> {
        Value list = args.isEmpty() ? Value.UNKNOWN : args.getFirst();
        Shape shape = all.env().shape(list.shape());
        yield shape != null && Heap.isConstant(list, all.env())
            ? Library.joined(shape, List.of(Value.constant(text)))
            : Heap.whole(list, all.env()).builtText();
      }
      case "split", "splitlines" -> {
        if (other == null || other.isEmpty() || args.size() > 1) {
          yield null;
        }
        Shape shape = Shape.LIST;
        for (String part : text.split(java.util.regex.Pattern.quote(other), 64)) {
          shape = shape.add(Value.constant(part));
        }
        yield Value.holding(all.newShape(shape));
      }
      // How often does not matter to what it says: "?,".repeat(n)
      case "repeat", "collect" -> Value.constant(text);
      default -> null;
    };
  }

  /// A text of the parts of a list, as far as they are known.
  ///
  /// @param any what each of them can be
  Value parts(Shape shape, List<Value> args, Value any) {
    String between = args.isEmpty() ? "," : args.getFirst().text();
    if (between == null || !shape.isList() || !shape.rest().equals(Value.UNKNOWN)) {
      return any.builtText();
    }
    Value text = Value.constant("");
    for (Value each : shape.entries().values()) {
      if (!between.isEmpty() && !text.equals(Value.constant(""))) {
        text = Operations.concat(text, Value.constant(between));
      }
      text = Operations.concat(text, Heap.whole(each, all.env()));
    }
    return text;
  }

  private static Value replaced(String text, String old, String with) {
    boolean huge = (long) text.length() * with.length() > MAX_PRODUCT;
    return huge ? Value.UNKNOWN.builtText() : Value.constant(text.replace(old, with));
  }
}
