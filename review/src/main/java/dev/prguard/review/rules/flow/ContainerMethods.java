package dev.prguard.review.rules.flow;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the methods of lists and maps do, in all languages at once: they go by the same names. What
/// depends on an order is in [ListMethods].
final class ContainerMethods {

  private final Evaluator all;
  private final TextMethods texts;
  private final FixedCollections fixed;
  private final ListMethods lists;

  ContainerMethods(Evaluator all, TextMethods texts, FixedCollections fixed) {
    this.all = all;
    this.texts = texts;
    this.fixed = fixed;
    lists = new ListMethods(all);
  }

  private Env env() {
    return all.env();
  }

  /// The result, or null for a call that is nothing special.
  @Nullable Value call(Value receiver, Shape shape, String method, CallSite site) {
    Value ordered = lists.call(receiver, shape, method, site);
    if (ordered != null) {
      return ordered.withTaints(Value.join(ordered.taints(), receiver.taints()));
    }
    List<Value> args = site.args();
    int id = receiver.shape();
    return switch (method) {
      case "addAll", "extend", "putAll", "update", "concat", "read_dict" -> {
        for (Value each : args) {
          addAll(id, each);
        }
        Shape now = env().shape(id);
        for (var each : site.named().entrySet()) {
          now = now == null ? Shape.MAP : now.with(each.getKey(), each.getValue());
          env().shape(id, now);
        }
        yield method.equals("concat") ? receiver : Value.UNKNOWN;
      }
      case "read_string", "load", "readFrom" -> {
        for (Value each : args) {
          env().shape(id, shape.withAny(Heap.whole(each, env())));
        }
        yield Value.UNKNOWN;
      }
      case "put", "set", "setProperty", "__setitem__" -> {
        if (args.size() == 2 || args.size() == 3) {
          Object key = key(args.subList(0, args.size() - 1));
          Value value = args.getLast();
          env().shape(id, key == null ? shape.withAny(value) : shape.with(key, value));
          yield Value.UNKNOWN;
        }
        yield null;
      }
      case "setdefault", "putIfAbsent" -> args.size() == 2 ? ifAbsent(id, shape, args) : null;
      case "get", "getProperty", "getOrDefault", "elementAt", "at", "__getitem__" ->
          args.isEmpty() || args.size() > 3 ? null : get(receiver, shape, method, site);
      case "remove", "pop", "delete" -> {
        Object key = args.isEmpty() ? null : args.getFirst().single();
        if (shape.isList() || key == null || !shape.has(key)) {
          yield args.size() == 2 ? shape.any().or(args.get(1)) : shape.any();
        }
        env().shape(id, shape.without(key));
        yield shape.get(key);
      }
      case "computeIfAbsent", "compute", "merge" -> {
        Object key = args.isEmpty() ? null : args.getFirst().single();
        Value made = args.isEmpty() ? Value.UNKNOWN : made(args.getLast());
        Value now = method.equals("merge") && args.size() == 3 ? made.or(args.get(1)) : made;
        now = key != null && shape.has(key) ? shape.get(key).or(now) : now;
        env().shape(id, key == null ? shape.withAny(now) : shape.with(key, now));
        yield key == null ? shape.any().or(now) : now;
      }
      case "getKey", "getValue" -> {
        // An entry: a list of two, or a map of one.
        boolean wantsKey = method.equals("getKey");
        yield shape.size() == 2
            ? shape.get(wantsKey ? 0L : 1L)
            : shape.entries().size() == 1 && !shape.isList()
                ? wantsKey ? constant(shape.entries().keySet()) : shape.any()
                : null;
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
          "hasNext",
          "isPresent" ->
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

  private static @Nullable Value constant(Set<Object> keys) {
    Object key = keys.iterator().next();
    return key instanceof String text && text.indexOf(':') < 0 ? Value.constant(text) : null;
  }

  private Value made(Value function) {
    if (function.function() == null) {
      return function;
    }
    Value result =
        all.inline(
            function.function(),
            Value.UNKNOWN,
            List.of(Value.UNKNOWN, Value.UNKNOWN),
            Map.of(),
            true);
    return result == null ? Value.UNKNOWN : result;
  }

  private void addAll(int id, Value more) {
    Shape other = env().shape(more.shape());
    Shape now = env().shape(id);
    if (now == null) {
      return;
    }
    if (other != null && now.isList() && other.isList()) {
      for (long i = 0; i < other.size(); i++) {
        now = now.add(other.get(i));
      }
      env().shape(id, now);
    } else if (other != null && !now.isList()) {
      for (var entry : other.entries().entrySet()) {
        now = now.with(entry.getKey(), entry.getValue());
      }
      env().shape(id, other.rest().equals(Value.UNKNOWN) ? now : now.withAny(other.rest()));
    } else {
      env().shape(id, now.withAny(all.expressions.element(more)));
    }
  }

  private Value ifAbsent(int id, Shape shape, List<Value> args) {
    Object key = args.getFirst().single();
    if (key != null && shape.has(key)) {
      return shape.get(key);
    }
    Value given = args.get(1);
    env().shape(id, key == null ? shape.withAny(given) : shape.with(key, given));
    return given;
  }

  private Value get(Value receiver, Shape shape, String method, CallSite site) {
    List<Value> args = site.args();
    boolean sections = site.name().contains("onfigParser") && args.size() >= 2;
    Object key = sections ? key(args.subList(0, 2)) : args.getFirst().single();
    Value held = key == null ? shape.any() : shape.get(key);
    if (sections && key != null && !shape.has(key)) {
      // config["section"] = {...}
      Object section = args.getFirst().single();
      Shape inner = section == null ? null : env().shape(shape.get(section).shape());
      Object option = args.get(1).single();
      held = inner == null || option == null ? held : inner.get(option);
    }
    if (key == null) {
      held = picked(held, receiver, method, args);
    }
    if (key != null && !shape.has(key) && args.size() == 2 && !sections) {
      // What the author thought right, where the file itself is not known.
      held = held.equals(Value.UNKNOWN) ? args.get(1) : held.or(args.get(1));
    }
    // What was sent, or else this: `(request.get_json() or {}).get("name", "")`.
    Value certain = Value.fromOutside(receiver.taints()).isEmpty() ? held : held.widened();
    return certain.withTaints(Value.join(held.taints(), receiver.taints()));
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
}
