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
          "ArrayDeque",
          "ConcurrentLinkedQueue",
          "ConcurrentLinkedDeque",
          "LinkedBlockingQueue",
          "LinkedBlockingDeque",
          "ArrayBlockingQueue",
          "CopyOnWriteArrayList",
          "HashSet",
          "LinkedHashSet",
          "TreeSet",
          "queue.Queue",
          "queue.SimpleQueue",
          "queue.LifoQueue",
          "Queue",
          "LifoQueue",
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
          "collections.OrderedDict",
          "types.SimpleNamespace",
          "SimpleNamespace",
          "argparse.Namespace",
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
          "io.BytesIO",
          "ByteArrayOutputStream",
          "CharArrayWriter",
          "bytes.Buffer");

  private static final Set<String> ENTRIES = Set.of("SimpleEntry", "SimpleImmutableEntry");

  private static final Set<String> WRITERS =
      Set.of("PrintWriter", "BufferedWriter", "PrintStream", "OutputStreamWriter", "FilterWriter");

  private final Evaluator all;

  NewCollections(Evaluator all) {
    this.all = all;
  }

  @Nullable Value make(Expr.Call call, CallSite site) {
    String name = site.name();
    List<Value> args = site.args();
    if (LISTS.contains(name)) {
      if (args.isEmpty() || args.getFirst().number() != null) {
        return Value.holding(all.newShape(Shape.LIST)).withName(name);
      }
      Shape copied = all.env().shape(args.getFirst().shape());
      return copied == null
          ? null
          : Value.holding(all.newShape(copied)).withName(name).withTaints(args.getFirst().taints());
    }
    if (MAPS.contains(name) && args.size() <= 1) {
      Shape made = args.isEmpty() ? Shape.MAP : copied(args.getFirst());
      if (made == null) {
        return null;
      }
      if (!name.contains("onfigParser")) {
        for (var each : site.named().entrySet()) {
          made = made.with(each.getKey(), each.getValue());
        }
      }
      return Value.holding(all.newShape(made)).withName(name);
    }
    if (ENTRIES.contains(name) && args.size() == 2) {
      return entry(args.get(0), args.get(1));
    }
    if (BUFFERS.contains(name) && (call.making() || name.contains("."))) {
      Value text =
          args.isEmpty() || args.getFirst().number() != null ? Value.constant("") : args.getFirst();
      return Value.holding(all.newShape(Shape.MAP.with(Buffers.TEXT, text))).withName(name);
    }
    if (WRITERS.contains(name) && !args.isEmpty()) {
      // What is written to it goes on into the buffer.
      Shape under = all.env().shape(args.getFirst().shape());
      return under != null && under.has(Buffers.TEXT) ? args.getFirst().withName(name) : null;
    }
    if (name.equals("String") && call.making()) {
      return args.isEmpty() ? Value.constant("") : args.getFirst().withName("");
    }
    return null;
  }

  /// A map with what another holds, or of pairs.
  private @Nullable Shape copied(Value from) {
    Shape shape = all.env().shape(from.shape());
    if (shape == null || !shape.isList()) {
      return shape;
    }
    Shape made = Shape.MAP;
    for (Value each : shape.entries().values()) {
      Shape pair = all.env().shape(each.shape());
      Object key = pair == null || pair.size() != 2 ? null : pair.get(0L).single();
      if (pair == null || key == null) {
        return null;
      }
      made = made.with(key, pair.get(1L));
    }
    return made;
  }

  /// A key with its value, where a method asks for them.
  Value entry(Value key, Value value) {
    return Value.holding(all.newShape(Shape.LIST.add(key).add(value))).withName("Entry");
  }

  /// `[a, b, ...more]`.
  Value list(List<Expr> items) {
    Shape shape = Shape.LIST;
    for (Expr item : items) {
      boolean splat =
          item instanceof Expr.Other(String kind, List<Expr> _, int _) && kind.endsWith("splat");
      List<Expr> of =
          item instanceof Expr.Other(String _, List<Expr> parts, int _) ? parts : List.of();
      Value value = all.expressions.evaluate(splat && of.size() == 1 ? of.getFirst() : item);
      Shape spread = splat ? all.env().shape(value.shape()) : null;
      if (spread != null && spread.isList() && shape.isList() && value.taints().isEmpty()) {
        for (long i = 0; i < spread.size(); i++) {
          shape = shape.add(spread.get(i));
        }
      } else if (splat) {
        // What a call gives is a list of the program's own making: [...text.matchAll(WORD)]
        if (!(of.size() == 1 && of.getFirst() instanceof Expr.Call)) {
          all.named.spread(value, item.line());
        }
        Value element = all.expressions.element(value);
        // That there are more, of which nothing is known, is not nothing.
        shape = shape.withAny(Heap.isConstant(value, all.env()) ? element : element.builtText());
      } else {
        shape = shape.add(value);
      }
    }
    if (items.size() == 2) {
      all.named.pair(shape, items.getFirst().line());
    }
    return Value.holding(all.newShape(shape));
  }
}
