package dev.prguard.review.rules.flow;

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
    Value formatted = all.expressions.formats().of(text, method, site);
    return formatted == null ? call(text, method, site.args()) : formatted;
  }

  @Nullable Value call(String text, String method, List<Value> args) {
    Long first = args.isEmpty() ? null : args.getFirst().number();
    String other = args.isEmpty() ? null : args.getFirst().text();
    Value told = args.size() == 1 && other != null ? told(text, method, other) : null;
    if (told != null) {
      return told;
    }
    return switch (method) {
      case "charAt", "at" ->
          first != null && first >= 0 && first < text.length()
              ? Value.constant(String.valueOf(text.charAt(first.intValue())))
              : null;
      case "substring", "slice", "subSequence" -> {
        Long end = args.size() > 1 ? args.get(1).number() : Long.valueOf(text.length());
        yield first == null || end == null
            ? null
            : Value.constant(Operations.substring(text, first, end));
      }
      case "length" -> Value.constant((long) text.length());
      case "isEmpty" -> Value.constant(text.isEmpty());
      case "isBlank" -> Value.constant(text.isBlank());
      case "isdigit", "isnumeric", "isdecimal" -> every(text, Character::isDigit);
      case "isalpha" -> every(text, Character::isLetter);
      case "isalnum" -> every(text, Character::isLetterOrDigit);
      case "isupper" ->
          Value.constant(
              !text.equals(text.toLowerCase(Locale.ROOT))
                  && text.equals(text.toUpperCase(Locale.ROOT)));
      case "islower" ->
          Value.constant(
              !text.equals(text.toUpperCase(Locale.ROOT))
                  && text.equals(text.toLowerCase(Locale.ROOT)));
      case "toUpperCase", "upper" -> Value.constant(text.toUpperCase(Locale.ROOT));
      case "toLowerCase", "lower", "casefold" -> Value.constant(text.toLowerCase(Locale.ROOT));
      case "trim", "strip" -> args.isEmpty() ? Value.constant(text.strip()) : null;
      case "lstrip", "stripLeading", "trimStart" ->
          args.isEmpty() ? Value.constant(text.stripLeading()) : null;
      case "rstrip", "stripTrailing", "trimEnd" ->
          args.isEmpty() ? Value.constant(text.stripTrailing()) : null;
      case "[::-1]" -> Value.constant(new StringBuilder(text).reverse().toString());
      case "toString", "encode", "decode", "getBytes", "intern", "toCharArray", "strVal" ->
          Value.constant(text);
      case "concat" ->
          args.isEmpty() ? null : Operations.concat(Value.constant(text), args.getFirst());
      case "replace" ->
          args.size() >= 2 && other != null && args.get(1).text() != null
              ? replaced(text, other, String.valueOf(args.get(1).text()))
              : args.size() >= 2 && other != null && text.contains(other)
                  ? Operations.format(Value.constant(text), args.subList(1, 2), all.env())
                  : null;
      case "join" -> {
        Value list = args.isEmpty() ? Value.UNKNOWN : args.getFirst();
        Shape shape = all.env().shape(list.shape());
        yield shape != null && Heap.isConstant(list, all.env())
            ? ContainerMethods.joined(shape, List.of(Value.constant(text)))
            : shape != null && shape.isList()
                ? parts(shape, List.of(Value.constant(text)), Heap.whole(list, all.env()))
                : Heap.whole(list, all.env()).builtText();
      }
      case "split", "splitlines", "rsplit" -> split(text, method, other, args);
      // How often does not matter to what it says: "?,".repeat(n)
      case "repeat", "collect" -> Value.constant(text);
      default -> null;
    };
  }

  /// What one text says of another, or where it is in it.
  private @Nullable Value told(String text, String method, String other) {
    return switch (method) {
      case "equals" -> Value.constant(text.equals(other));
      case "equalsIgnoreCase" -> Value.constant(text.equalsIgnoreCase(other));
      case "startsWith", "startswith" -> Value.constant(text.startsWith(other));
      case "endsWith", "endswith" -> Value.constant(text.endsWith(other));
      case "contains", "includes", "__contains__" -> Value.constant(text.contains(other));
      case "indexOf", "find", "index" -> Value.constant((long) text.indexOf(other));
      case "lastIndexOf", "rfind", "rindex" -> Value.constant((long) text.lastIndexOf(other));
      case "compareTo" -> Value.constant((long) text.compareTo(other));
      case "count" ->
          other.isEmpty()
              ? null
              : Value.constant(
                  (long) (text.length() - text.replace(other, "").length()) / other.length());
      case "removeprefix" ->
          Value.constant(text.startsWith(other) ? text.substring(other.length()) : text);
      case "removesuffix" ->
          Value.constant(
              text.endsWith(other) ? text.substring(0, text.length() - other.length()) : text);
      case "partition" -> around(text, text.indexOf(other), other, true);
      case "rpartition" -> around(text, text.lastIndexOf(other), other, false);
      default -> null;
    };
  }

  private Value around(String text, int at, String between, boolean front) {
    List<String> parts =
        at >= 0
            ? List.of(text.substring(0, at), between, text.substring(at + between.length()))
            : front ? List.of(text, "", "") : List.of("", "", text);
    Shape shape = Shape.LIST;
    for (String part : parts) {
      shape = shape.add(Value.constant(part));
    }
    return Value.holding(all.newShape(shape));
  }

  private static Value every(String text, java.util.function.IntPredicate test) {
    return Value.constant(!text.isEmpty() && text.chars().allMatch(test));
  }

  private @Nullable Value split(
      String text, String method, @Nullable String other, List<Value> args) {
    List<String> parts =
        method.equals("splitlines")
            ? text.lines().toList()
            : args.isEmpty()
                ? List.of(text.strip().split("\\s+", 64))
                : other == null || other.isEmpty() || args.size() > 1
                    ? List.of()
                    : List.of(text.split(java.util.regex.Pattern.quote(other), 64));
    if (parts.isEmpty()) {
      return null;
    }
    Shape shape = Shape.LIST;
    for (String part : parts) {
      shape = shape.add(Value.constant(part));
    }
    return Value.holding(all.newShape(shape));
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
