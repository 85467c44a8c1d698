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
              : size(first);
      case "str", "String", "string", "bytes", "bytearray", "repr", "unicode" ->
          first.isConstant() ? stringOf(first) : null;
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
      case "list", "tuple", "sorted", "reversed", "set", "iter" ->
          all.env().shape(first.shape()) == null ? null : first;
      case "isinstance", "hasattr", "bool", "Boolean", "type" -> Value.UNKNOWN;
      default -> null;
    };
  }

  private Value opened(Value path) {
    return Value.holding(all.newShape(Shape.MAP.with("path", path.withName(""))))
        .withName("open()");
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
