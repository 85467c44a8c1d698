package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The making of lists, maps and buffers.
final class NewCollections {

  private static final Set<String> LISTS =
      Set.of(
          "ArrayList",
          "LinkedList",
          "Vector",
          "list",
          "Array",
          "deque",
          "collections.deque",
          "Stack");
  private static final Set<String> MAPS =
      Set.of(
          "HashMap",
          "LinkedHashMap",
          "TreeMap",
          "Hashtable",
          "ConcurrentHashMap",
          "dict",
          "Map",
          "OrderedDict",
          "Properties",
          "ConfigParser",
          "configparser.ConfigParser",
          "configparser.RawConfigParser",
          "configparser.SafeConfigParser",
          "URLSearchParams");
  private static final Set<String> BUFFERS =
      Set.of(
          "StringBuilder",
          "StringBuffer",
          "StringWriter",
          "strings.Builder",
          "io.StringIO",
          "StringJoiner",
          "bytes.Buffer");

  private final Evaluator all;

  NewCollections(Evaluator all) {
    this.all = all;
  }

  /// `Map.of`, `Map.ofEntries`, `Map.entry`, and copies that nobody changes.
  @Nullable Value fixed(String owner, String method, List<Value> args) {
    if (method.equals("entry") || (method.equals("of") && args.size() % 2 == 0)) {
      Shape shape = Shape.MAP;
      for (int i = 0; owner.endsWith("Map") && i + 1 < args.size(); i += 2) {
        Object key = args.get(i).single();
        shape = key == null ? shape.withAny(args.get(i + 1)) : shape.with(key, args.get(i + 1));
      }
      return owner.endsWith("Map") ? Value.holding(all.newShape(shape)) : null;
    }
    Shape shape = Shape.MAP;
    for (Value each : args) {
      Shape other = all.env().shape(each.shape());
      if (other == null) {
        return null;
      }
      if (!method.equals("ofEntries")) {
        return each;
      }
      for (var entry : other.entries().entrySet()) {
        shape = shape.with(entry.getKey(), entry.getValue());
      }
      shape = shape.withAny(other.rest());
    }
    return args.isEmpty() ? null : Value.holding(all.newShape(shape));
  }

  @Nullable Value make(Expr.Call call, CallSite site) {
    String name = site.name();
    List<Value> args = site.args();
    if (LISTS.contains(name)) {
      if (args.isEmpty()) {
        return Value.holding(all.newShape(Shape.LIST)).withName(name);
      }
      Shape copied = all.env().shape(args.getFirst().shape());
      return copied == null ? null : Value.holding(all.newShape(copied)).withName(name);
    }
    if (MAPS.contains(name) && args.isEmpty() && site.named().isEmpty()) {
      return Value.holding(all.newShape(Shape.MAP)).withName(name);
    }
    if (BUFFERS.contains(name) && (call.making() || name.contains("."))) {
      Value text =
          args.isEmpty() || args.getFirst().number() != null ? Value.constant("") : args.getFirst();
      return Value.holding(all.newShape(Shape.MAP.with(Buffers.TEXT, text))).withName(name);
    }
    if (name.equals("String") && call.making()) {
      return args.isEmpty() ? Value.constant("") : args.getFirst().withName("");
    }
    return null;
  }
}
