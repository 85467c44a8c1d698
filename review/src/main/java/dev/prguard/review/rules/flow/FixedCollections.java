package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Function;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Java's collections that nobody changes: what is picked from them was written by the program.
final class FixedCollections {

  private final Evaluator all;

  FixedCollections(Evaluator all) {
    this.all = all;
  }

  /// The result, or null for a call that is none of these.
  @Nullable Value call(Value receiver, String method, List<Value> args) {
    if (all.language != ParsedLanguage.JAVA) {
      return null;
    }
    return switch (method) {
      case "of", "entry" -> receiver.name().endsWith("Map") ? pairs(args) : null;
      case "ofEntries" -> entries(args);
      case "copyOf", "unmodifiableMap", "unmodifiableList", "unmodifiableSet" ->
          args.size() == 1 && all.env().shape(args.getFirst().shape()) != null
              ? args.getFirst()
              : null;
      case "map", "mapToObj" -> each(args);
      default -> null;
    };
  }

  /// `COLUMNS.stream().filter(wanted::contains).collect(joining(", "))`
  Value collected(Value list, List<Value> args) {
    if (args.isEmpty() || !args.getFirst().name().contains("joining")) {
      return list;
    }
    Value text = Heap.whole(list, all.env()).builtText();
    return Heap.isConstant(list, all.env()) ? text.known() : text;
  }

  private Value pairs(List<Value> args) {
    Shape shape = Shape.MAP;
    for (int i = 0; i + 1 < args.size(); i += 2) {
      Object key = args.get(i).single();
      shape = key == null ? shape.withAny(args.get(i + 1)) : shape.with(key, args.get(i + 1));
    }
    return Value.holding(all.newShape(shape));
  }

  private @Nullable Value entries(List<Value> args) {
    Shape shape = Shape.MAP;
    for (Value each : args) {
      Shape entry = all.env().shape(each.shape());
      if (entry == null) {
        return null;
      }
      for (var held : entry.entries().entrySet()) {
        shape = shape.with(held.getKey(), held.getValue());
      }
    }
    return Value.holding(all.newShape(shape));
  }

  /// `ids.stream().map(id -> "?")`: whatever there is, it becomes the same.
  private @Nullable Value each(List<Value> args) {
    Function function = args.size() == 1 ? args.getFirst().function() : null;
    if (function == null || function.params().size() != 1) {
      return null;
    }
    Value result = all.inline(function, Value.UNKNOWN, List.of(Value.UNKNOWN), Map.of(), true);
    return result != null && result.text() != null ? result : null;
  }
}
