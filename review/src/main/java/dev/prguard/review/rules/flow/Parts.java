package dev.prguard.review.rules.flow;

import dev.prguard.review.syntax.ParsedLanguage;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Texts of known parts with gaps between them: what is cut out of the known ones is known.
final class Parts {

  /// Stands for a part of which nothing is known, not even whether it is empty.
  static final char GAP = '\0';

  private static final String ANY = String.valueOf(GAP);

  /// Of a longer text no more than the beginning matters.
  private static final int MAX_TEXT = 400;

  private static final int MAX_PIECES = 16;

  private final Evaluator all;

  Parts(Evaluator all) {
    this.all = all;
  }

  static String joined(Value left, Value right) {
    String text = (of(left) + of(right)).replace(ANY + ANY, ANY);
    return text.length() > MAX_TEXT || text.equals(ANY) ? "" : text;
  }

  static String of(Value value) {
    Object single = value.single();
    if (single != null && !(single instanceof Value.Symbol)) {
      String known = String.valueOf(single);
      return known.length() > MAX_TEXT || known.indexOf(GAP) >= 0 ? ANY : known;
    }
    return value.exact().isEmpty() ? ANY : value.exact();
  }

  /// What a method of such a text gives, null where that is not known.
  @Nullable Value call(Value whole, String method, List<Value> args) {
    String text = whole.exact();
    Value first = args.isEmpty() ? Value.UNKNOWN : args.getFirst();
    String other = args.size() == 1 ? first.text() : null;
    return switch (method) {
      case "charAt", "at" -> args.size() == 1 ? at(whole, first) : null;
      case "substring", "slice", "subSequence" ->
          args.isEmpty() ? null : part(whole, first, args.size() > 1 ? args.get(1) : null);
      case "length" -> fromEnd(text, text.length());
      case "startsWith", "startswith" ->
          other != null && other.length() <= text.indexOf(GAP)
              ? Value.constant(text.startsWith(other))
              : null;
      case "endsWith", "endswith" ->
          other != null && other.length() < text.length() - text.lastIndexOf(GAP)
              ? Value.constant(text.endsWith(other))
              : null;
      case "contains", "includes" ->
          other != null && text.contains(other) ? Value.constant(true) : null;
      case "isEmpty" -> Value.constant(false);
      case "indexOf", "find", "index" ->
          other == null || first(text, other) < 0
              ? null
              : Value.constant((long) first(text, other));
      case "lastIndexOf", "rfind", "rindex" ->
          other == null ? null : fromEnd(text, last(text, other));
      case "partition" -> other == null ? null : around(whole, first(text, other), other);
      case "rpartition" -> other == null ? null : around(whole, last(text, other), other);
      case "split" -> args.isEmpty() ? null : split(whole, args);
      case "rsplit" -> {
        String between = first.text();
        yield between != null && args.size() == 2 && Long.valueOf(1).equals(args.get(1).number())
            ? two(whole, last(text, between), between)
            : null;
      }
      case "toString", "encode", "decode", "getBytes", "intern", "toCharArray" ->
          args.size() > 1 ? null : whole.withName("");
      case "toLowerCase", "lower", "casefold" -> changed(whole, text.toLowerCase(Locale.ROOT));
      case "toUpperCase", "upper" -> changed(whole, text.toUpperCase(Locale.ROOT));
      case "removeprefix" ->
          other != null && text.startsWith(other)
              ? cut(whole, other.length(), text.length())
              : null;
      case "removesuffix" ->
          other != null && text.endsWith(other)
              ? cut(whole, 0, text.length() - other.length())
              : null;
      default -> null;
    };
  }

  /// `text[index]`, null where it is not known.
  @Nullable Value at(Value whole, Value index) {
    Long at = index.number();
    if (at == null || whole.exact().isEmpty()) {
      return null;
    }
    int from = position(whole.exact(), at);
    return from < 0 || from >= whole.exact().length() || whole.exact().charAt(from) == GAP
        ? null
        : cut(whole, from, from + 1);
  }

  /// From a position on, up to another; null where these are not among the known parts.
  @Nullable Value part(Value whole, Value start, @Nullable Value end) {
    String text = whole.exact();
    if (text.isEmpty()) {
      return null;
    }
    int from = position(text, start);
    int to = end == null ? text.length() : position(text, end);
    return from < 0 || to < 0 || from > to ? null : cut(whole, from, to);
  }

  /// A position as one in the text with gaps; -1 where that is not known.
  static int position(String text, Value at) {
    Long number = at.number();
    if (number == null) {
      int left = left(text, at);
      return left < 0 ? -1 : left == 0 ? text.length() : position(text, -left);
    }
    return position(text, number);
  }

  /// Counted from the start, or from the end: not where a gap lies between.
  private static int position(String text, long at) {
    if (at >= 0) {
      int gap = text.indexOf(GAP);
      return at <= (gap < 0 ? text.length() : gap) ? (int) at : -1;
    }
    return -at < text.length() - text.lastIndexOf(GAP) ? (int) (text.length() + at) : -1;
  }

  /// Where a text is found first: before any gap, else -1.
  private static int first(String text, String wanted) {
    int at = text.indexOf(wanted);
    return at >= 0 && at + wanted.length() <= text.indexOf(GAP) ? at : -1;
  }

  /// Where a text is found last: behind any gap, else -1.
  private static int last(String text, String wanted) {
    int at = text.lastIndexOf(wanted);
    return at > text.lastIndexOf(GAP) ? at : -1;
  }

  /// How far before the end of a text a position is, however long the text.
  private static final String END = "before the end ";

  static @Nullable Value fromEnd(String text, int at) {
    return at < 0 ? null : atEnd(text.hashCode(), text.length() - at);
  }

  private static Value atEnd(int text, long left) {
    return Value.named(END + text + ' ' + left).number(true);
  }

  /// Such a position, moved; null for another value.
  static @Nullable Value moved(Value position, @Nullable Long by) {
    if (by == null || position.isConstant() || !position.name().startsWith(END)) {
      return null;
    }
    String[] parts = position.name().substring(END.length()).split(" ", 2);
    long left = Long.parseLong(parts[1]) - by;
    return left < 0 || left > MAX_TEXT ? null : atEnd(Integer.parseInt(parts[0]), left);
  }

  private static int left(String text, Value at) {
    String begin = END + text.hashCode() + ' ';
    return at.name().startsWith(begin) ? Integer.parseInt(at.name().substring(begin.length())) : -1;
  }

  private Value around(Value whole, int at, String between) {
    if (at < 0) {
      return Value.holding(
          all.newShape(
              Shape.LIST.add(whole.derived()).add(Value.constant(between)).add(whole.derived())));
    }
    return Value.holding(
        all.newShape(
            Shape.LIST
                .add(cut(whole, 0, at))
                .add(Value.constant(between))
                .add(cut(whole, at + between.length(), whole.exact().length()))));
  }

  private @Nullable Value two(Value whole, int at, String between) {
    return at < 0 || between.isEmpty()
        ? null
        : Value.holding(
            all.newShape(
                Shape.LIST
                    .add(cut(whole, 0, at))
                    .add(cut(whole, at + between.length(), whole.exact().length()))));
  }

  private @Nullable Value split(Value whole, List<Value> args) {
    String between = separator(args.getFirst());
    if (between.isEmpty()) {
      return null;
    }
    if (args.size() > 1) {
      long two = all.language == ParsedLanguage.PYTHON ? 1 : 2;
      return Long.valueOf(two).equals(args.get(1).number()) && !all.definitions.script()
          ? two(whole, first(whole.exact(), between), between)
          : null;
    }
    String text = whole.exact();
    Shape shape = Shape.MAP;
    int from = 0;
    for (long i = 0; i < MAX_PIECES && first(text.substring(from), between) >= 0; i++) {
      int at = text.indexOf(between, from);
      shape = shape.with(i, cut(whole, from, at));
      from = at + between.length();
    }
    int to = text.length();
    for (long i = 1; i < MAX_PIECES && last(text.substring(from, to), between) >= 0; i++) {
      int at = text.lastIndexOf(between, to - between.length());
      shape = shape.with(-i, cut(whole, at + between.length(), to));
      to = at;
    }
    // Between them there may be any number of others.
    return shape.entries().isEmpty()
        ? null
        : Value.holding(all.newShape(shape.withAny(cut(whole, from, to))));
  }

  /// Where Java splits by a pattern, only one that stands for itself.
  private String separator(Value given) {
    String text = given.text();
    if (text == null || all.language != ParsedLanguage.JAVA) {
      return text == null ? "" : text;
    }
    if (text.length() == 2
        && text.charAt(0) == '\\'
        && !Character.isLetterOrDigit(text.charAt(1))) {
      return text.substring(1);
    }
    return text.chars().anyMatch(c -> "\\.[]{}()*+?^$|".indexOf(c) >= 0) ? "" : text;
  }

  private static Value changed(Value whole, String text) {
    return new Value(List.of(), whole.taints(), "", 0, text.replace(GAP, '?'), null, text);
  }

  /// The known part is constant; where a gap is left, it may come from wherever the whole does.
  private static Value cut(Value whole, int from, int to) {
    return cut(whole, whole.exact(), from, to);
  }

  /// @param exact its text with gaps
  static Value cut(Value whole, String exact, int from, int to) {
    String text = from < to ? exact.substring(from, to) : "";
    if (text.indexOf(GAP) < 0) {
      return Value.constant(text);
    }
    return text.equals(ANY)
        ? new Value(List.of(), whole.taints(), "", 0, "", null)
        : changed(whole, text);
  }
}
