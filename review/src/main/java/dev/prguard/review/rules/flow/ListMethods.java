package dev.prguard.review.rules.flow;

import dev.prguard.review.syntax.ParsedLanguage;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lists, queues and stacks: which element a method puts where, or takes.
final class ListMethods {

  /// Those of Java whose `push` and `pop` are at the front.
  private static final Set<String> DEQUES =
      Set.of(
          "ArrayDeque",
          "LinkedList",
          "Deque",
          "ConcurrentLinkedDeque",
          "LinkedBlockingDeque",
          "BlockingDeque");

  private final Evaluator all;

  ListMethods(Evaluator all) {
    this.all = all;
  }

  private Env env() {
    return all.env();
  }

  /// The result, or null for a call that does not depend on an order.
  @Nullable Value call(Value list, Shape shape, String method, CallSite site) {
    if (isListLike(shape)) {
      return ordered(list, shape, method, site);
    }
    return switch (method) {
      case "add", "append", "addLast", "offer", "push", "appendleft", "addFirst", "unshift" ->
          grown(list.shape(), shape, site.args(), false);
      case "values" -> isOrdered(shape, list.name()) ? listed(shape) : null;
      default -> null;
    };
  }

  /// Whether there are no names among its keys.
  private static boolean isListLike(Shape shape) {
    return shape.isList()
        || (!shape.entries().isEmpty()
            && shape.entries().keySet().stream().allMatch(key -> key instanceof Long));
  }

  private @Nullable Value ordered(Value list, Shape shape, String method, CallSite site) {
    List<Value> args = site.args();
    int id = list.shape();
    boolean front = DEQUES.contains(list.name());
    return switch (method) {
      case "add",
          "append",
          "addLast",
          "offer",
          "offerLast",
          "addElement",
          "put_nowait",
          "putLast" ->
          args.size() == 2 && args.getFirst().number() != null
              ? insert(id, shape, args.getFirst(), args.get(1))
              : grown(id, shape, args, false);
      case "push" -> grown(id, shape, args, front);
      case "appendleft", "addFirst", "unshift", "offerFirst", "putFirst" ->
          grown(id, shape, args, true);
      // Of a queue; of a map it has a key.
      case "put" -> shape.isList() && args.size() == 1 ? grown(id, shape, args, false) : null;
      case "insert" ->
          args.size() == 2 ? insert(id, shape, args.getFirst(), args.get(1)) : Value.UNKNOWN;
      case "insertElementAt" ->
          args.size() == 2 ? insert(id, shape, args.get(1), args.getFirst()) : null;
      case "setElementAt" -> args.size() == 2 ? set(id, shape, args.get(1), args.getFirst()) : null;
      case "shift",
          "removeFirst",
          "poll",
          "pollFirst",
          "popleft",
          "take",
          "takeFirst",
          "get_nowait" ->
          taken(id, shape, 0);
      case "removeLast", "pollLast", "takeLast" -> taken(id, shape, -1);
      case "pop" -> args.isEmpty() ? taken(id, shape, front ? 0 : -1) : removed(id, shape, args);
      case "get" -> shape.isList() && args.isEmpty() ? taken(id, shape, 0) : null;
      case "remove" ->
          !shape.isList() ? null : args.isEmpty() ? taken(id, shape, 0) : removed(id, shape, args);
      case "next", "nextElement" -> taken(id, shape, 0);
      case "getFirst", "peekFirst", "element", "firstElement" -> at(shape, 0);
      case "getLast", "peekLast", "lastElement" -> at(shape, -1);
      case "peek" -> at(shape, list.name().equals("Stack") ? -1 : 0);
      case "findFirst", "findAny" ->
          Value.holding(all.newShape(Shape.LIST.add(at(shape, 0)))).withName("Optional");
      case "orElse", "orElseGet", "orElseThrow" -> orElse(shape, args);
      case "subList" -> slice(shape, args.size() == 2 ? args : List.of());
      case "slice" -> {
        if (!all.definitions.script() || !shape.isList()) {
          yield null;
        }
        Value end = args.size() > 1 ? args.get(1) : Value.constant((long) shape.size());
        yield args.isEmpty()
            ? copy(list, shape)
            : Value.holding(all.newShape(part(shape, args.getFirst(), end)))
                .withTaints(list.taints());
      }
      case "iterator", "listIterator", "elements", "stream", "copy", "clone" ->
          shape.isList() ? copy(list, shape) : null;
      case "reverse" -> {
        Shape turned = turned(shape);
        env().shape(id, turned);
        yield list;
      }
      case "[::-1]", "reversed", "descendingIterator" ->
          Value.holding(all.newShape(turned(shape))).withName(list.name());
      case "sort", "shuffle" -> {
        env().shape(id, mixed(shape));
        yield list;
      }
      case "removeAllElements" -> {
        env().shape(id, Shape.LIST);
        yield Value.UNKNOWN;
      }
      case "size", "qsize" ->
          shape.size() > 0 ? Value.constant((long) shape.size()) : Value.UNKNOWN;
      case "isEmpty", "empty" -> shape.size() > 0 ? Value.constant(false) : Value.UNKNOWN;
      default -> null;
    };
  }

  /// A list or iterator of the same, to be changed for itself.
  Value copy(Value list, Shape shape) {
    return Value.holding(all.newShape(shape)).withName(list.name());
  }

  private Value grown(int id, Shape shape, List<Value> added, boolean front) {
    Shape now = shape;
    for (Value each : added) {
      now = front ? now.insert(0, each) : now.add(each);
    }
    env().shape(id, now);
    return Value.UNKNOWN;
  }

  private Value insert(int id, Shape shape, Value at, Value value) {
    Long position = at.number();
    int index =
        position == null
            ? -1
            : position < 0 && shape.isList()
                ? Math.toIntExact(Math.max(0, shape.size() + position))
                : (int) Math.min(position, Integer.MAX_VALUE);
    env().shape(id, shape.insert(index, value));
    return Value.UNKNOWN;
  }

  private Value set(int id, Shape shape, Value at, Value value) {
    Long position = at.number();
    env().shape(id, position == null ? shape.withAny(value) : shape.with(position, value));
    return Value.UNKNOWN;
  }

  /// @param at -1 for the last
  static Value at(Shape shape, int at) {
    return shape.size() <= 0 ? shape.any() : shape.get(at < 0 ? shape.size() - 1L : at);
  }

  private Value taken(int id, Shape shape, int at) {
    Value gone = at(shape, at);
    if (shape.size() > 0) {
      env().shape(id, shape.remove(at));
    }
    return gone;
  }

  /// By its position, in Python's `remove` and otherwise by what it is.
  private @Nullable Value removed(int id, Shape shape, List<Value> args) {
    if (!shape.isList() || args.size() != 1) {
      return null;
    }
    Value which = args.getFirst();
    Long position = which.number();
    if (position != null) {
      long index = position < 0 ? shape.size() + position : position;
      Value gone = shape.get(index);
      env().shape(id, shape.remove(Math.clamp(index, -1, Integer.MAX_VALUE)));
      return gone;
    }
    for (int i = 0; i < shape.size(); i++) {
      if (isSame(shape.get((long) i), which)) {
        env().shape(id, shape.remove(i));
        return Value.UNKNOWN;
      }
    }
    env().shape(id, mixed(shape));
    return shape.any();
  }

  private static boolean isSame(Value one, Value other) {
    if (one.isConstant() || other.isConstant()) {
      return one.single() != null && one.single().equals(other.single());
    }
    return !one.taints().isEmpty()
        && one.taints().size() == other.taints().size()
        && one.exact().equals(other.exact())
        && one.taints().getFirst().sameSource(other.taints().getFirst());
  }

  private Value orElse(Shape shape, List<Value> args) {
    Value held = at(shape, 0);
    return held.isConstant() || args.isEmpty() ? held : held.or(args.getFirst());
  }

  private Value slice(Shape shape, List<Value> ends) {
    Value start = ends.isEmpty() ? Value.UNKNOWN : ends.getFirst();
    Value end = ends.isEmpty() ? Value.UNKNOWN : ends.get(1);
    return Value.holding(all.newShape(part(shape, start, end)));
  }

  /// From a position up to another.
  static Shape part(Shape shape, Value start, Value end) {
    Long from = start.number();
    Long to = end.number();
    if (!shape.isList() || from == null || to == null) {
      return mixed(shape);
    }
    long first = Math.clamp(from < 0 ? shape.size() + from : from, 0, shape.size());
    long last = Math.clamp(to < 0 ? shape.size() + to : to, 0, shape.size());
    Shape result = Shape.LIST;
    for (long i = first; i < last; i++) {
      result = result.add(shape.get(i));
    }
    return result;
  }

  static Shape turned(Shape shape) {
    if (!shape.isList()) {
      return mixed(shape);
    }
    Shape result = Shape.LIST;
    for (long i = shape.size() - 1L; i >= 0; i--) {
      result = result.add(shape.get(i));
    }
    return result;
  }

  /// The same elements in an order that is not known.
  static Shape mixed(Shape shape) {
    boolean constant =
        shape.rest().equals(Value.UNKNOWN)
            && shape.entries().values().stream().allMatch(Value::isConstant);
    // Which of several constants it is does not matter: the program has written them all.
    return constant ? shape : Shape.MAP.withAny(shape.any());
  }

  private boolean isOrdered(Shape shape, String name) {
    return shape.rest().equals(Value.UNKNOWN)
        && (shape.entries().size() == 1
            || all.language == ParsedLanguage.PYTHON
            || name.equals("LinkedHashMap"));
  }

  private Value listed(Shape shape) {
    Shape result = Shape.LIST;
    for (Value each : shape.entries().values()) {
      result = result.add(each);
    }
    return Value.holding(all.newShape(result));
  }
}
