package dev.prguard.review.rules.flow;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes calls: matches them against sources, sanitisers and sinks, goes into functions that are
/// known, and says what comes back.
final class Calls {

  /// The methods of Java's functional interfaces.
  private static final Set<String> RUNS =
      Set.of("apply", "accept", "get", "test", "run", "call", "applyAsInt", "applyAsLong");

  /// Writers that give back themselves.
  private static final Set<String> FLUENT = Set.of("append", "printf", "format");

  private static final Pattern FACTORY =
      Pattern.compile(
          "^(?:.*\\.)?([A-Z]\\w*)\\.(?:getInstance|getInstanceStrong|newInstance|getDefault)\\(\\)$");

  private final Evaluator all;
  private final Expressions expressions;
  private final Library library;
  private final MadeObjects objects;
  private final UnknownCalls unknown;
  private final Callbacks callbacks;
  private final CacheKeys keys;

  Calls(Evaluator all, Expressions expressions) {
    this.all = all;
    this.expressions = expressions;
    library = new Library(all);
    objects = new MadeObjects(all);
    callbacks = new Callbacks(all);
    keys = new CacheKeys(all);
    unknown = new UnknownCalls(all, new ObjectSettings(all));
  }

  Value call(Expr.Call call) {
    if (call.callee() instanceof Expr.Lambda(Function function, int _)) {
      List<Value> args = new ArrayList<>();
      call.args().forEach(arg -> args.add(expressions.evaluate(arg.value())));
      Value result = all.inline(function, Value.UNKNOWN, args, Map.of(), true);
      return result == null ? Value.UNKNOWN : result;
    }
    Value receiver = Value.UNKNOWN;
    Value callee;
    boolean self = false;
    if (call.callee() instanceof Expr.Member member) {
      if (member.object() instanceof Expr.Name(String owner, int _)
          && (owner.equals("this") || owner.equals("self") || owner.equals("super"))) {
        self = true;
      }
      receiver = expressions.evaluate(member.object());
      callee = expressions.memberOf(receiver, member.name(), member.line(), false);
    } else {
      callee = expressions.evaluate(call.callee());
      if (call.callee() instanceof Expr.Index(Expr object, Expr index, int line)) {
        // object[key](...): who says the key says what runs.
        all.named.check(
            "dispatch=", List.of(expressions.evaluate(index)), expressions.quietly(object), line);
      }
    }
    CallSite site = site(call, callee, receiver);
    Value chosen = chosen(call, callee, site);
    if (chosen != null) {
      return chosen;
    }
    return all.fields.got(site, make(call, site, callee, self));
  }

  /// `handlers[name](args)`, `handler = handlers[name]`: any of the functions in it may be meant.
  private @Nullable Value chosen(Expr.Call call, Value callee, CallSite site) {
    Shape shape = null;
    if (callee.function() != null) {
      shape = all.env().shape(callee.shape());
      Function one = callee.function();
      if (shape == null
          || shape.entries().values().stream().noneMatch(each -> one.equals(each.function()))) {
        return null;
      }
    } else if (call.callee() instanceof Expr.Index(Expr object, Expr _, int _)) {
      shape = all.env().shape(expressions.quietly(object).shape());
    }
    if (shape == null || shape.entries().size() > MAX_CHOICE) {
      return null;
    }
    Value result = null;
    for (Value each : shape.entries().values()) {
      if (each.function() != null) {
        Value one = make(call, site, each, false);
        result = result == null ? one : result.or(one);
      }
    }
    return result;
  }

  private static final int MAX_CHOICE = 16;

  private CallSite site(Expr.Call call, Value callee, Value receiver) {
    List<Value> args = new ArrayList<>();
    Map<String, Value> named = new LinkedHashMap<>();
    for (Expr.Arg arg : call.args()) {
      Value value = expressions.evaluate(arg.value());
      if (arg.spread()) {
        Shape shape = all.env().shape(value.shape());
        if (shape != null && shape.isList()) {
          for (long i = 0; i < shape.size(); i++) {
            args.add(shape.get(i));
          }
        } else if (shape != null) {
          shape.entries().forEach((key, held) -> named.put(String.valueOf(key), held));
        } else if (arg.name().isEmpty()) {
          args.add(expressions.element(value));
        } else {
          named.put(arg.name(), expressions.element(value));
        }
      } else if (arg.name().isEmpty()) {
        args.add(value);
      } else {
        named.put(arg.name(), value);
      }
    }
    String name = nameOf(call, callee);
    return new CallSite(
        name,
        call.making(),
        receiver,
        args,
        named,
        call.line(),
        call.endLine(),
        Names.isTaken(call, name));
  }

  private String nameOf(Expr.Call call, Value callee) {
    String name = callee.name().isEmpty() ? Names.dotted(call.callee()) : callee.name();
    if (call.making() && all.language == ParsedLanguage.JAVA) {
      return name.substring(name.lastIndexOf('.') + 1);
    }
    if (call.callee() instanceof Expr.Member member && !name.endsWith(member.name())) {
      return name + '.' + member.name();
    }
    return name;
  }

  CallSite quietSite(Expr.Call call) {
    Value receiver = Value.UNKNOWN;
    Value callee = Value.UNKNOWN;
    if (call.callee() instanceof Expr.Member(Expr object, String name, int line)) {
      receiver = expressions.quietly(object);
      callee = expressions.memberOf(receiver, name, line, false);
    } else if (call.callee() instanceof Expr.Name) {
      callee = expressions.quietly(call.callee());
    }
    List<Value> args = new ArrayList<>();
    call.args().forEach(arg -> args.add(expressions.quietly(arg.value())));
    String name = nameOf(call, callee);
    return new CallSite(
        name,
        call.making(),
        receiver,
        args,
        Map.of(),
        call.line(),
        call.endLine(),
        Names.isTaken(call, name));
  }

  private Value make(Expr.Call call, CallSite site, Value callee, boolean self) {
    boolean sink = all.sinks.check(site, all.env());
    int line = call.line();
    Fills.run(call, site, all.env());
    all.rounds().called(site);
    keys.check(call, site);
    all.handed.given(call, site);
    Function function = callee.function();
    if (function == null && RUNS.contains(site.method())) {
      // supplier.get(), function.apply(value)
      function = site.receiver().function();
    }
    boolean idle = false;
    if (function == null) {
      function = known(call, site, self);
      idle = function != null && objects.isIdle(call, site, self);
    }
    if (function != null) {
      Value result = idle ? objects.idle(function, site, self) : objects.run(function, site, self);
      long labels = all.model.params().returned(function);
      if (labels != 0) {
        String source = Expressions.shown(site.name()) + "()";
        result =
            (result == null ? Value.UNKNOWN : result).withTaint(Taint.at(labels, line, source));
      }
      if (result != null) {
        if (result.taints().isEmpty() && ofEnum(call)) {
          result = result.known();
        }
        if (site.args().isEmpty()
            && result.open()
            && all.definitions.type(site.receiver().name()) != null) {
          // What a getter gives was in the object.
          result = result.withTaints(site.receiver().taints());
        }
        return after(call, site, result.through(line), line);
      }
    }
    if (function == null || idle) {
      Value result = all.visits.call(call, site);
      if (result != null) {
        return after(call, site, result.through(line), line);
      }
    }
    Value object = objects.make(site);
    if (object != null) {
      return after(call, site, object.through(line), line);
    }
    Value special = library.call(call, site);
    if (special != null) {
      return after(call, site, special.through(line), line);
    }
    Value mapped = callbacks.call(site);
    if (mapped != null) {
      return after(call, site, mapped.through(line), line);
    }
    Value result =
        all.patterns.made(site, unknown.result(call, site, sink, resultName(call, site)));
    return after(call, site, result.through(line), line);
  }

  private static String resultName(Expr.Call call, CallSite site) {
    if (call.making()) {
      return site.name();
    }
    if (FLUENT.contains(site.method()) && site.receiver().name().contains("Writer")) {
      return site.receiver().name();
    }
    if (site.name().equals("RegExp") && !site.args().isEmpty()) {
      // What a pattern is about decides what a replacement by it takes away.
      String pattern = site.args().getFirst().text();
      return pattern == null || pattern.length() > 80 ? "RegExp()" : "RegExp(" + pattern + ")";
    }
    if (site.name().equals("document.createElement") && site.args().size() == 1) {
      // Whether an address in it does harm depends on which element it is.
      String element = site.args().getFirst().text();
      return element == null || element.length() > 20
          ? "document.createElement()"
          : "document.createElement(" + element.toLowerCase(Locale.ROOT) + ")";
    }
    // A chain of calls on the same thing must not grow without end.
    return site.name().length() > 160 ? "" : site.name() + "()";
  }

  /// A function of this file, by the name it is called with.
  private @Nullable Function known(Expr.Call call, CallSite site, boolean self) {
    if (call.making()) {
      return null;
    }
    if (self) {
      String method = site.method();
      for (String name : List.of(site.name(), method)) {
        Function found = all.definitions.function(name);
        if (found != null) {
          return found;
        }
      }
      Value type = all.env().get(all.definitions.script() ? Names.OWNER : "this");
      return type == null ? null : all.definitions.method(type.name(), method);
    }
    if (call.callee() instanceof Expr.Member) {
      // One of its constants, and so are its fields.
      String type = site.receiver().name();
      return all.definitions.isEnum(type) && !ofEnum(call)
          ? null
          : all.definitions.method(site.receiver().name(), site.method());
    }
    Value type = all.env().get("this");
    Function own = type == null ? null : all.definitions.method(type.name(), site.name());
    return own == null ? all.definitions.function(site.name()) : own;
  }

  /// `Sort.parse(text)`: what an enum gives out by itself.
  private boolean ofEnum(Expr.Call call) {
    return call.callee() instanceof Expr.Member(Expr.Name(String type, int _), String _, int _)
        && all.definitions.isEnum(type);
  }

  /// Sanitisers clear, sources taint.
  private Value after(Expr.Call call, CallSite site, Value value, int line) {
    Value result = value;
    long cleared =
        (all.model.sanitizer(site, all.env()) & ~all.schemas.leaves(site))
            | all.patterns.removed(site);
    if (cleared != 0) {
      // new File(name).getName(): the path was not made to be used.
      if (cleared != FlowModel.ALL) {
        all.sinks.examined(site.receiver(), cleared);
      }
      // escape(page): so was what has been put together for it.
      if (cleared != FlowModel.ALL) {
        site.args().stream().filter(Value::built).forEach(arg -> all.sinks.examined(arg, cleared));
      }
      result = Heap.cleared(result, cleared, all);
      if (result.taints().isEmpty() && !result.isConstant()) {
        result = result.withTaint(new Taint(0, 0, "", null, cleared));
      }
    }
    long labels = all.model.source(site, all.env());
    if (labels != 0) {
      // getRequestURL() is from outside, and yet leads nowhere else.
      long safe = cleared == FlowModel.ALL ? 0 : cleared;
      result =
          result.withTaint(
              Taint.at(labels, line, Expressions.shown(site.name()) + "()").cleared(safe));
    }
    result = Environment.read(result, site, all.model);
    Fills.read(call, site, result, all);
    if (labels != 0) {
      Fills.rows(call, site, result, all.env());
    }
    result = expressions.members.told(call, result);
    return result.name().isEmpty() && !result.isConstant()
        ? result.withName(resultName(call, site))
        : result;
  }

  Value cast(String type, Value value, int line) {
    CallSite site = new CallSite(type, false, Value.UNKNOWN, List.of(value), Map.of(), line, line);
    all.sinks.check(site, all.env());
    long cleared = all.model.sanitizer(site, all.env());
    Value result = cleared == 0 ? value : value.cleared(cleared);
    // A cast says more than how a parameter was declared, less than how an object was made.
    boolean told = result.shape() == 0 && isMade(result.name()) && !TypeNames.PLAIN.contains(type);
    return declared(told ? result.withName("") : result, type);
  }

  /// A value in a variable of a type.
  Value declared(Value value, String type) {
    if (TypeNames.NUMBERS.contains(type)) {
      return value.number(all.definitions.typed());
    }
    // Told to be an object of a class of the file: what its methods do is known.
    if (all.definitions.made(type) != null && value.taints().isEmpty() && value.shape() == 0) {
      return value.isConstant() ? value : Value.holding(all.newShape(Shape.MAP)).withName(type);
    }
    if (!all.definitions.typed()
        || TypeNames.PLAIN.contains(type)
        || value.isConstant()
        || (!value.name().isEmpty()
            && !value.name().endsWith(")")
            && !value.name().endsWith("]")
            && all.definitions.isClass(value.name()))
        || isMade(value.name())) {
      return value;
    }
    Matcher factory = FACTORY.matcher(value.name());
    // Random random = SecureRandom.getInstanceStrong(): what was made says more.
    return value.withName(
        factory.matches() && factory.group(1).endsWith(type) ? factory.group(1) : type);
  }

  /// A simple type's name: the value was made, its own type says more than the variable's.
  private static boolean isMade(String name) {
    return !name.isEmpty()
        && Character.isUpperCase(name.charAt(0))
        && name.indexOf('.') < 0
        && name.indexOf('(') < 0
        && name.indexOf('[') < 0;
  }
}
