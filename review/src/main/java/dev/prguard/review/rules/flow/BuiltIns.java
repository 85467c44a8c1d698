package dev.prguard.review.rules.flow;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Calls of functions that belong to nothing: `len(x)`, `require(x)`.
final class BuiltIns {

  private final Evaluator all;

  BuiltIns(Evaluator all) {
    this.all = all;
  }

  private static final Set<String> OPENED = Set.of("pathlib.Path().open", "Path().open");

  /// What comes back, null for what is not known.
  @Nullable Value call(CallSite site) {
    List<Value> args = site.args();
    if (OPENED.contains(site.name())) {
      return opened(site.receiver());
    }
    if (args.isEmpty()) {
      return null;
    }
    Value first = args.getFirst();
    Value number = NumberMethods.call("", site.name(), args);
    if (number != null) {
      return number;
    }
    return switch (site.name()) {
      case "util.promisify", "promisify" -> first;
      case "open", "io.open" -> opened(first);
      case "pathlib.Path", "Path" ->
          args.size() == 1 && first.isConstant() ? first.withName(site.name() + "()") : null;
      case "useMemo", "react.useMemo" ->
          first.function() == null
              ? null
              : all.inline(first.function(), Value.UNKNOWN, List.of(), Map.of(), true);
      case "require" -> first.text() == null ? null : required(String.valueOf(first.text()));
      case "len" ->
          first.text() != null
              ? Value.constant((long) String.valueOf(first.text()).length())
              : first.exact().isEmpty()
                  ? size(first)
                  : Parts.fromEnd(first.exact(), first.exact().length());
      case "sum" -> sum(first);
      case "divmod" ->
          args.size() == 2
              ? Value.holding(
                  all.newShape(
                      Shape.LIST
                          .add(Operations.binary("//", first, args.get(1), all.language))
                          .add(Operations.binary("%", first, args.get(1), all.language))))
              : null;
      case "next" -> {
        Shape shape = all.env().shape(first.shape());
        if (shape == null) {
          yield null;
        }
        Value next = ListMethods.at(shape, 0);
        all.env().shape(first.shape(), shape.size() > 0 ? shape.remove(0) : shape);
        yield next.withTaints(Value.join(next.taints(), first.taints()));
      }
      case "zip" -> zipped(args);
      case "filter" -> {
        Shape shape = all.env().shape(args.getLast().shape());
        yield args.size() == 2 && first.function() == null && shape != null
            ? Value.holding(all.newShape(shape)).withTaints(args.getLast().taints())
            : null;
      }
      case "copy.copy", "copy.deepcopy", "deepcopy", "structuredClone" -> {
        Shape shape = all.env().shape(first.shape());
        yield shape == null ? first : first.withShape(all.newShape(shape));
      }
      case "str", "String", "string", "bytes", "bytearray", "repr", "unicode" ->
          first.isConstant() ? stringOf(first) : first.isNumber() ? first : null;
      case "path.join" -> Library.together(args);
      case "append" -> {
        Shape shape = all.env().shape(first.shape());
        if (shape == null) {
          yield null;
        }
        Shape grown = shape;
        for (Value each : args.subList(1, args.size())) {
          grown = grown.add(each);
        }
        yield Value.holding(all.newShape(grown));
      }
      case "list", "tuple", "sorted", "reversed", "set", "iter", "frozenset" -> {
        Shape shape = all.env().shape(first.shape());
        yield shape == null
            ? null
            : first.withShape(
                all.newShape(
                    switch (site.name()) {
                      case "reversed" -> ListMethods.turned(shape);
                      case "sorted", "set", "frozenset" -> ListMethods.mixed(shape);
                      default -> shape;
                    }));
      }
      case "isinstance", "hasattr", "bool", "Boolean", "type" -> Value.UNKNOWN;
      default -> null;
    };
  }

  private Value opened(Value path) {
    return Value.holding(all.newShape(Shape.MAP.with("path", path.withName(""))))
        .withName("open()");
  }

  private Value sum(Value list) {
    Shape shape = all.env().shape(list.shape());
    Value result = Value.constant(0L);
    if (shape == null || !shape.isList() || !Heap.isConstant(list, all.env())) {
      return Value.UNKNOWN;
    }
    for (Value each : shape.entries().values()) {
      result = Operations.binary("+", result, each, all.language);
    }
    return result;
  }

  /// Lists of the first, the second, ... of each.
  private @Nullable Value zipped(List<Value> lists) {
    Shape pairs = Shape.LIST;
    for (long i = 0; ; i++) {
      Shape pair = Shape.LIST;
      for (Value each : lists) {
        Shape shape = all.env().shape(each.shape());
        if (shape == null || !shape.isList()) {
          return null;
        }
        if (i >= shape.size()) {
          return Value.holding(all.newShape(pairs));
        }
        pair = pair.add(shape.get(i));
      }
      pairs = pairs.add(Value.holding(all.newShape(pair)));
    }
  }

  private Value required(String module) {
    String name = module.startsWith("node:") ? module.substring(5) : module;
    all.definitions.imported("\0module", name);
    return Value.named(name);
  }

  static Value stringOf(Value value) {
    Value result = null;
    for (Object each : value.constants()) {
      Value text = Value.constant(String.valueOf(each));
      result = result == null ? text : result.or(text);
    }
    return result == null ? value : result.withTaints(value.taints());
  }

  private @Nullable Value size(Value value) {
    Shape shape = all.env().shape(value.shape());
    return shape != null && shape.isList() ? Value.constant((long) shape.size()) : Value.UNKNOWN;
  }
}
