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
          "Set",
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
