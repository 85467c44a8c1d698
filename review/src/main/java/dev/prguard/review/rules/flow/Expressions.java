package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import java.util.List;
import java.util.Set;

/// Evaluates expressions. Calls are in [Calls].
final class Expressions {

  static final Set<String> SELF = Set.of("this", "self");

  private final Evaluator all;
  private final Calls calls;
  private final Bindings bindings;
  private final Places places;
  private final Indexing indexing;
  private final Formats formats;

  final ToldMembers members;
  private final NewCollections collections;

  Expressions(Evaluator all) {
    this.all = all;
    calls = new Calls(all, this);
    bindings = new Bindings(all, this, calls);
    places = new Places(all.model);
    indexing = new Indexing(all, this);
    formats = new Formats(all);
    members = new ToldMembers(all);
    collections = new NewCollections(all);
  }

  Value evaluate(Expr expression) {
    all.spend(1);
    return switch (expression) {
      case Expr.Literal(Object value, int _) -> Value.constant(value);
      case Expr.Name(String name, int line) -> name(name, line);
      case Expr.Text(List<Expr> parts, int line) -> text(parts, line);
      case Expr.Member member -> member(member, true);
      case Expr.Index(Expr object, Expr index, int line) ->
          indexing.entry(evaluate(object), evaluate(index), line);
      case Expr.Slice(Expr object, Expr from, Expr to, int _) -> indexing.slice(object, from, to);
      case Expr.Call call -> calls.call(call);
      case Expr.Binary binary -> binary(binary);
      case Expr.Unary(String operator, Expr operand, int _) ->
          Operations.unary(operator, evaluate(operand));
      case Expr.Conditional(Expr test, Expr then, Expr otherwise, int _) ->
          all.branches.either(test, then, otherwise);
      case Expr.Items(List<Expr> items, int _) -> collections.list(items);
      case Expr.Entries entries -> entries(entries);
      case Expr.Assign assign -> assign(assign);
      case Expr.Lambda(var function, int _) -> {
        all.define(function);
        yield Value.of(function, "");
      }
      case Expr.Comprehension comprehension -> all.rounds().comprehension(comprehension);
      case Expr.Cast(String type, Expr value, int line) -> calls.cast(type, evaluate(value), line);
      case Expr.Body(Expr made, var code, int _) -> {
        Value value = evaluate(made);
        for (Function method : code.methods()) {
          bindings.keep(made, value, "override:" + method.name());
        }
        new ClassRun(all).run(code);
        yield value;
      }
      case Expr.Other(String kind, List<Expr> parts, int _) -> {
        Value result = Value.UNKNOWN;
        Value last = Value.UNKNOWN;
        for (Expr part : parts) {
          last = evaluate(part);
          result = result.withTaints(Value.join(result.taints(), last.taints()));
        }
        if (kind.startsWith("yield")) {
          all.yields(last);
        }
        yield kind.equals("sequence") ? last : result;
      }
    };
  }

  /// Something that is put behind what a variable holds.
  void named(String name, List<Value> added, int line) {
    for (Value each : added) {
      if (!each.taints().isEmpty()) {
        all.named.named(name, each, line);
      }
    }
  }

  Places places() {
    return places;
  }

  Formats formats() {
    return formats;
  }

  Bindings bindings() {
    return bindings;
  }

  /// `window.location`: names only.
  private static boolean isPath(Expr expression) {
    Expr at = expression;
    while (at instanceof Expr.Member(Expr object, String _, int _)) {
      at = object;
    }
    return at instanceof Expr.Name;
  }

  /// What an expression is, without its calls being made.
  Value quietly(Expr expression) {
    return switch (expression) {
      case Expr.Literal(Object value, int _) -> Value.constant(value);
      case Expr.Name(String name, int line) -> name(name, line);
      case Expr.Member member when isPath(member.object()) -> member(member, false);
      case Expr.Items _, Expr.Entries _ -> evaluate(expression);
      // What a pattern asks for decides what it proves.
      case Expr.Call call when Patterns.isMade(call) -> evaluate(call);
      case Expr.Unary(String operator, Expr operand, int _) ->
          Operations.unary(operator, quietly(operand));
      default -> Value.UNKNOWN;
    };
  }

  /// A call's name and arguments for the guards, without its being made.
  CallSite site(Expr.Call call) {
    return calls.quietSite(call);
  }

  private Value name(String name, int line) {
    Value known = all.env().get(name);
    if (known != null) {
      // What a model is told is that whatever the text says.
      long prompt = all.model.source(name, false, false) & all.model.label("instructions");
      return prompt == 0 ? known : known.withTaint(Taint.at(prompt, line, name));
    }
    if (all.definitions.typed()) {
      known = all.env().get("this." + name);
      if (known != null) {
        return known;
      }
    }
    var function = all.definitions.function(name);
    if (function != null) {
      return Value.of(function, name);
    }
    String imported = all.definitions.imported(name);
    String path = imported == null ? name : imported;
    if (imported != null) {
      all.sinks.read(path, line);
    }
    long labels = all.model.source(path, false, false);
    if (labels != 0) {
      return Value.named(path).withTaint(Taint.at(labels, line, path));
    }
    return Value.isSymbol(name) ? Value.symbol(name, path) : Value.named(path);
  }

  private Value text(List<Expr> parts, int line) {
    Value result = Value.constant("");
    for (Expr part : parts) {
      Value value = evaluate(part);
      // f"Record: {record}" has all of it in it.
      value = value.shape() == 0 ? value : Heap.whole(value, all.env());
      result = Operations.concat(result, places.after(result, value));
    }
    return result.through(line);
  }

  /// @param read false for the name of what is called
  Value member(Expr.Member member, boolean read) {
    Expr object = member.object();
    if (object instanceof Expr.Name(String owner, int _) && SELF.contains(owner)) {
      Value field = all.env().get("this." + member.name());
      if (field != null) {
        return field;
      }
    }
    Value value = memberOf(evaluate(object), member.name(), member.line(), read);
    if (read && object instanceof Expr.Name(String variable, int _)) {
      Value told = members.known(variable, member.name(), value);
      return told == null ? Environment.called(value, variable, member, all.model) : told;
    }
    return value;
  }

  Value memberOf(Value object, String name, int line, boolean read) {
    Shape shape = all.env().shape(object.shape());
    if (shape != null && shape.has(name)) {
      Value held = shape.get(name);
      if (held.function() != null || !held.equals(Value.UNKNOWN)) {
        return held.name().isEmpty() && !object.name().isEmpty()
            ? held.withName(object.name() + '.' + name)
            : held;
      }
    }
    if (name.equals("length") && object.text() != null) {
      return Value.constant((long) String.valueOf(object.text()).length());
    }
    if (name.equals("length") && shape != null && shape.size() > 0 && !all.definitions.script()) {
      return Value.constant((long) shape.size());
    }
    if (object.name().equals("Boolean") && (name.equals("TRUE") || name.equals("FALSE"))) {
      return Value.constant(name.equals("TRUE"));
    }
    if (ROLES.contains(name)
        && (object.name().endsWith("MessageRole") || object.name().equals("Role"))) {
      return Value.constant(name.toLowerCase(java.util.Locale.ROOT));
    }
    String full =
        all.definitions.structFields.typed(object.name().isEmpty() ? "?" : object.name(), name);
    List<Taint> taints =
        shape == null || !read
            ? object.taints()
            : Value.join(object.taints(), shape.rest().taints());
    taints = Environment.member(taints, object.name(), name, all.model);
    if ((isSize(name) && !(name.equals("size") && isFields(object.name())))
        || (OWN.contains(name) && isLocation(object.name()))) {
      taints = List.of();
    }
    Value told = read ? members.known(full) : null;
    if (told != null) {
      return told;
    }
    Value result = new Value(List.of(), taints, full, 0, read ? object.skeleton() : "", null);
    if (name.equals("length") && taints.isEmpty() && all.definitions.script()) {
      return result.number(true).withTaint(new Taint(0, 0, "", null, FlowModel.ALL));
    }
    if (read) {
      all.sinks.read(full, line);
      long labels = Environment.said(taints, all.model.source(full, false, false), all.model);
      long cleared = all.model.sanitizer(full);
      if (cleared != 0) {
        result = result.cleared(cleared);
      }
      if (Environment.isSecretSetting(object.name(), name)) {
        labels |= all.model.label("secret");
      }
      if (labels != 0) {
        result = result.withTaint(Taint.at(labels, line, shown(full)).cleared(cleared));
      } else if (taints.isEmpty() && Value.isSymbol(name)) {
        return Value.symbol(name, full);
      }
    }
    return result;
  }

  /// Of the messages of a conversation: `MessageRole.SYSTEM`.
  private static final Set<String> ROLES = Set.of("SYSTEM", "USER", "ASSISTANT", "DEVELOPER");

  /// `req.query.size` is what was sent, not how much.
  private static boolean isFields(String name) {
    return name.endsWith(".query") || name.endsWith(".body") || name.endsWith(".params");
  }

  /// Of the page's address: what a link to it cannot choose.
  private static final Set<String> OWN = Set.of("origin", "host", "hostname", "protocol", "port");

  private static boolean isLocation(String name) {
    return name.equals("location") || name.endsWith("window.location");
  }

  static boolean isSize(String name) {
    return name.equals("length") || name.equals("size");
  }

  /// A name for people: without what is not known and what is too long.
  static String shown(String name) {
    String known = name.startsWith("?.") ? name.substring(2) : name;
    return known.length() > 60 ? "..." + known.substring(known.length() - 57) : known;
  }

  private Value binary(Expr.Binary binary) {
    Value left = evaluate(binary.left());
    String operator = binary.operator();
    boolean and = operator.equals("&&") || operator.equals("and");
    boolean or = operator.equals("||") || operator.equals("or") || operator.equals("??");
    if (and || or) {
      Boolean truth = operator.equals("??") ? null : left.truth();
      if (truth != null && truth == or) {
        return left;
      }
      Value right;
      if (truth == null) {
        Env before = all.env().copy();
        all.guards().assume(binary.left(), and);
        right = evaluate(binary.right());
        all.env().join(before, false);
      } else {
        right = evaluate(binary.right());
      }
      // Where the left side of an `and` is what comes out, it is nothing that could do harm.
      return truth != null
          ? right
          : and ? right.or(left.withTaints(List.of())).widened() : left.or(right);
    }
    Value right = evaluate(binary.right());
    if (operator.equals("%")
        && left.text() != null
        && all.language == dev.prguard.review.syntax.ParsedLanguage.PYTHON) {
      Value made = Operations.format(left, List.of(Heap.whole(right, all.env())), all.env());
      return places.within(left, made).through(binary.line());
    }
    if (operator.equals("in") || operator.equals("not in")) {
      return Operations.contains(left, right, all.env(), operator.equals("in"));
    }
    if (operator.equals("/") && (left.name().contains("Path") || right.name().contains("Path"))) {
      // pathlib joins by division.
      return Operations.concat(left, right).withName("pathlib.Path");
    }
    if (operator.equals("+")) {
      Value lists = indexing.together(left, right);
      if (lists != null) {
        return lists;
      }
      right = places.after(left, right);
    }
    if (operator.startsWith("==") || operator.startsWith("!=")) {
      all.named.compared(left, right, binary.line());
    }
    Value result = Operations.binary(operator, left, right, all.language);
    if (operator.startsWith("==")
        && !result.isConstant()
        && (all.branches.isDeciding(left) || all.branches.isDeciding(right))) {
      // A yes or no of a model's decides, though it can be nothing else.
      result = result.withTaints(Value.join(left.taints(), right.taints())).cleared(FlowModel.ALL);
    }
    return result.through(binary.line());
  }

  private Value entries(Expr.Entries entries) {
    Shape shape = Shape.MAP;
    String copied = "";
    for (Expr.Entry entry : entries.entries()) {
      Value value = evaluate(entry.value());
      Object key = entry.key() == null ? null : evaluate(entry.key()).single();
      if (entry.key() == null) {
        // All of one with some more: {...req.body, by: user}
        copied = copied.isEmpty() ? value.name() : copied;
        Shape other = all.env().shape(value.shape());
        if (other != null) {
          for (var each : other.entries().entrySet()) {
            shape = shape.with(each.getKey(), each.getValue());
          }
          value = other.rest();
        }
        shape = shape.withAny(value.derived());
      } else if (key == null) {
        shape = shape.withAny(value);
      } else {
        // A document store compares with what stands there, whatever it is.
        shape = shape.with(key, key.equals("$eq") ? value.cleared(all.model.kind("nosql")) : value);
      }
    }
    Value result = Value.holding(all.newShape(shape)).withName(copied);
    return all.named.literal(result, entries);
  }

  /// What a loop over a value gets to see.
  Value element(Value iterable) {
    Shape shape = all.env().shape(iterable.shape());
    if (shape != null) {
      Value any = shape.any();
      return any.withTaints(Value.join(any.taints(), iterable.taints()));
    }
    String text = iterable.text();
    if (text != null && !text.isEmpty()) {
      return Value.UNKNOWN.known();
    }
    return iterable.derived().withName(iterable.name().isEmpty() ? "" : iterable.name() + "[]");
  }

  private Value assign(Expr.Assign assign) {
    Value value = evaluate(assign.value());
    String operator = assign.operator();
    if (!operator.equals("=") && !operator.equals(":=")) {
      Value old = evaluate(assign.target());
      String base = operator.substring(0, operator.length() - 1);
      Shape list = all.env().shape(old.shape());
      if (base.equals("+") && list != null) {
        all.env().shape(old.shape(), list.withAny(element(value)));
        value = old;
      } else if (base.equals("||") || base.equals("??")) {
        value = old.or(value);
      } else {
        value =
            Operations.binary(
                base, old, base.equals("+") ? places.after(old, value) : value, all.language);
      }
    }
    value = value.through(assign.line());
    all.guards().assigned(assign);
    bindings.bind(assign.target(), value, assign.type());
    return value;
  }
}
