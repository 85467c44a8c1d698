package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the methods of texts and collections do, in all languages at once: they go by the same
/// names.
final class Library {

  private static final Set<String> WRAPPERS =
      Set.of("String", "Integer", "Long", "Boolean", "Double", "Float", "Character", "Objects");

  /// Conversions that leave a number what it is.
  private static final Set<String> MODES = Set.of("os.FileMode", "fs.FileMode");

  private final Evaluator all;
  private final TextMethods texts;
  private final Buffers buffers;
  private final PropertyFiles files;
  private final NewCollections collections;
  private final FixedCollections fixed;

  private final BuiltIns builtIns;

  Library(Evaluator all) {
    this.all = all;
    builtIns = new BuiltIns(all);
    texts = new TextMethods(all);
    buffers = new Buffers(all);
    files = new PropertyFiles(all);
    collections = new NewCollections(all);
    fixed = new FixedCollections(all);
  }

  private Env env() {
    return all.env();
  }

  /// The result, or null for a call that is nothing special.
  @Nullable Value call(Expr.Call call, CallSite site) {
    Value made = collections.make(call, site);
    if (made != null) {
      return made;
    }
    if (MODES.contains(site.name()) && site.args().size() == 1) {
      return site.args().getFirst();
    }
    if (site.name().equals("os.tmpdir")) {
      // Which folder it is does not matter, only that all share it.
      return Value.constant("/tmp/");
    }
    if (!(call.callee() instanceof Expr.Member member)) {
      return builtIns.call(site);
    }
    Value loaded = files.call(site);
    if (loaded != null) {
      return loaded;
    }
    Value receiver = site.receiver();
    String method = site.method();
    Shape shape = env().shape(receiver.shape());
    if (shape != null) {
      Value result = onShape(receiver, shape, method, site);
      if (result != null) {
        if (method.equals("append")
            && member.object() instanceof Expr.Name(String name, int line)) {
          all.expressions.named(name, site.args(), line);
        }
        return result;
      }
    }
    if (receiver.text() != null) {
      Value result = texts.call(String.valueOf(receiver.text()), method, site);
      if (result != null) {
        return result.withTaints(Value.join(result.taints(), receiver.taints()));
      }
    }
    return onAny(receiver, member, method, site);
  }

  private @Nullable Value onShape(Value receiver, Shape shape, String method, CallSite site) {
    List<Value> args = site.args();
    int id = receiver.shape();
    if (shape.has(Buffers.TEXT)) {
      return buffers.call(id, shape, method, args, receiver);
    }
    return switch (method) {
      case "add", "append", "push", "addLast", "offer", "appendleft", "addFirst", "unshift" -> {
        boolean front =
            method.equals("appendleft") || method.equals("addFirst") || method.equals("unshift");
        Shape grown = shape;
        if (args.size() == 2 && args.getFirst().number() != null) {
          grown = shape.insert(args.getFirst().number().intValue(), args.get(1));
        } else {
          for (Value each : args) {
            grown = front ? grown.insert(0, each) : grown.add(each);
          }
        }
        env().shape(id, grown);
        yield Value.UNKNOWN;
      }
      case "insert" -> {
        if (args.size() == 2) {
          Long at = args.getFirst().number();
          env()
              .shape(
                  id,
                  at == null
                      ? shape.withAny(args.get(1))
                      : shape.insert(at.intValue(), args.get(1)));
        }
        yield Value.UNKNOWN;
      }
      case "addAll", "extend", "putAll", "update", "concat" -> {
        for (Value each : args) {
          Shape other = env().shape(each.shape());
          Shape now = env().shape(id);
          if (other != null && now != null && !now.isList()) {
            for (var entry : other.entries().entrySet()) {
              now = now.with(entry.getKey(), entry.getValue());
            }
            env().shape(id, now.withAny(other.rest()));
          } else if (now != null) {
            env().shape(id, now.withAny(all.expressions.element(each)));
          }
        }
        yield method.equals("concat") ? receiver : Value.UNKNOWN;
      }
      case "put", "set", "setProperty", "setdefault", "putIfAbsent", "__setitem__" -> {
        if (args.size() == 2 || args.size() == 3) {
          Object key = key(args.subList(0, args.size() - 1));
          Value value = args.getLast();
          env().shape(id, key == null ? shape.withAny(value) : shape.with(key, value));
          yield Value.UNKNOWN;
        }
        yield null;
      }
      case "get", "getProperty", "getOrDefault", "elementAt", "at", "__getitem__" -> {
        if (args.isEmpty() || args.size() > 3) {
          yield null;
        }
        Object key =
            site.name().contains("onfigParser") && args.size() >= 2
                ? key(args.subList(0, 2))
                : args.getFirst().single();
        Value held = key == null ? shape.any() : shape.get(key);
        if (key == null) {
          held = picked(held, receiver, method, args);
        }
        if (key != null && !shape.has(key) && args.size() == 2) {
          // What the author thought right, where the file itself is not known.
          held = held.equals(Value.UNKNOWN) ? args.get(1) : held.or(args.get(1));
        }
        yield held.withTaints(Value.join(held.taints(), receiver.taints()));
      }
      case "remove", "pop", "shift", "removeFirst", "poll", "removeLast", "delete", "popleft" -> {
        boolean front =
            method.equals("shift")
                || method.equals("removeFirst")
                || method.equals("poll")
                || method.equals("popleft");
        Long at = args.isEmpty() ? Long.valueOf(front ? 0 : -1) : args.getFirst().number();
        if (shape.isList() && at != null) {
          long index = at < 0 ? shape.size() + at : at;
          Value gone = shape.get(index);
          env().shape(id, shape.remove((int) index));
          yield gone;
        }
        yield shape.any();
      }
      case "clear" -> {
        env().shape(id, shape.isList() ? Shape.LIST : Shape.MAP);
        yield Value.UNKNOWN;
      }
      case "size",
          "length",
          "isEmpty",
          "contains",
          "containsKey",
          "includes",
          "has",
          "indexOf",
          "add_section",
          "has_section",
          "equals",
          "hasNext" ->
          Value.UNKNOWN;
      case "join" -> {
        Value any = Heap.whole(receiver, env());
        boolean constant = Heap.isConstant(receiver, env());
        yield constant ? joined(shape, args) : texts.parts(shape, args, any);
      }
      case "iterator",
          "values",
          "keys",
          "items",
          "entrySet",
          "keySet",
          "stream",
          "toArray",
          "entries",
          "toList",
          "collect",
          "filter",
          "sort",
          "reverse",
          "slice",
          "getFirst",
          "getLast",
          "next",
          "peek",
          "first",
          "last",
          "copy",
          "asList",
          "elements",
          "nextElement" -> {
        if (method.startsWith("get")
            || method.equals("next")
            || method.equals("peek")
            || method.equals("nextElement")) {
          yield shape.any();
        }
        yield method.equals("collect") ? fixed.collected(receiver, args) : receiver;
      }
      default -> null;
    };
  }

  /// path.join(a, b): a text of several, only known when all are.
  static @Nullable Value together(List<Value> args) {
    Value sum = Value.constant("");
    boolean lists = false;
    for (Value each : args) {
      lists |= each.shape() != 0;
      sum = Operations.concat(sum, each);
    }
    return lists || args.isEmpty() ? null : args.size() == 1 ? args.getFirst() : sum;
  }

  /// What stands under a key that is not known.
  private Value picked(Value any, Value receiver, String method, List<Value> args) {
    Value held = !any.isConstant() && Heap.isConstant(receiver, env()) ? any.known() : any;
    return method.equals("getOrDefault") && args.size() == 2 ? held.or(args.get(1)) : held;
  }

  static Value joined(Shape shape, List<Value> args) {
    StringBuilder text = new StringBuilder();
    String between =
        args.isEmpty() || args.getFirst().text() == null
            ? ","
            : String.valueOf(args.getFirst().text());
    for (Value each : shape.entries().values()) {
      text.append(text.isEmpty() ? "" : between).append(each.single());
      if (text.length() > Value.MAX_TEXT) {
        break;
      }
    }
    return Value.constant(text.toString());
  }

  private static @Nullable Object key(List<Value> parts) {
    StringBuilder key = new StringBuilder();
    if (parts.size() == 1) {
      return parts.getFirst().single();
    }
    for (Value part : parts) {
      if (part.single() == null) {
        return null;
      }
      key.append(part.single()).append('\0');
    }
    return key.toString();
  }

  private @Nullable Value onAny(Value receiver, Expr.Member member, String method, CallSite site) {
    List<Value> args = site.args();
    return switch (method) {
      case "format", "Sprintf", "Sprint", "Sprintln", "Errorf" -> {
        if (!args.isEmpty() && member.object() instanceof Expr.Name) {
          yield all.expressions
              .places()
              .within(
                  args.getFirst(),
                  Operations.format(args.getFirst(), args.subList(1, args.size()), env()));
        }
        yield null;
      }
      case "asList", "of", "List" -> {
        String owner = receiver.name();
        if (owner.endsWith("Map")) {
          yield fixed.call(receiver, method, args);
        }
        if (owner.endsWith("Arrays") || owner.endsWith("List") || owner.endsWith("Set")) {
          if (args.size() == 1 && env().shape(args.getFirst().shape()) != null) {
            yield args.getFirst();
          }
          Shape shape = Shape.LIST;
          for (Value each : args) {
            shape = shape.add(each);
          }
          yield Value.holding(all.newShape(shape));
        }
        yield null;
      }
      case "valueOf", "toString", "String" -> {
        boolean wrapper = WRAPPERS.contains(receiver.name());
        yield wrapper && args.size() == 1 && args.getFirst().isConstant()
            ? BuiltIns.stringOf(args.getFirst())
            : null;
      }
      case "from" ->
          receiver.name().equals("Buffer") && !args.isEmpty() && args.getFirst().isConstant()
              ? args.getFirst()
              : null;
      case "encode" ->
          receiver.name().equals("TextEncoder") && !args.isEmpty() && args.getFirst().isConstant()
              ? args.getFirst()
              : fixed.call(receiver, method, args);
      case "promisify" -> args.isEmpty() ? null : args.getFirst();
      case "concat" -> args.size() == 1 ? Operations.concat(receiver, args.getFirst()) : null;
      case "join", "Join" -> {
        if (args.size() <= 1
            && !receiver.taints().isEmpty()
            && (args.isEmpty() || args.getFirst().text() != null)) {
          // parts.join(" ")
          yield receiver.builtText();
        }
        yield together(args);
      }
      case "equals",
          "startsWith",
          "endsWith",
          "startswith",
          "endswith",
          "isEmpty",
          "matches",
          "test",
          "hasMoreElements",
          "hasNext",
          "containsKey",
          "isdigit",
          "isalnum",
          "isnumeric",
          "indexOf",
          "lastIndexOf",
          "compareTo",
          "hashCode",
          "exists",
          "isFile",
          "has" ->
          Value.UNKNOWN;
      default -> fixed.call(receiver, method, args);
    };
  }
}
