package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What comes back from calls of which only the name is known: whatever went in, may come out.
final class UnknownCalls {

  private static final Set<String> LOOKUPS = Set.of("get", "getOrDefault");

  /// What such a call brings was there before, whoever has put it there.
  private static final Pattern READS =
      Pattern.compile(
          "^(?:get|read|recv|receive|load|fetch|find|query|select|input|open|request|download|next|poll|peek|lookup|search|list|execute|exec|run|result|accept|connect|pop|take|consume|scan|prompt|ask|answer|chat|invoke|send|post|put|param|arg|env|environ|config|setting|cookie|header|session|body|form|field|value|data|content|text|line|parse|subscribe|listen|retrieve|pull|import|call|check_output|popen|system|stdin|user|current|client|cursor|conn|db|complete|generate|create_completion|predict|path|from|socket|listdir|walk|glob|scandir|iterdir|getenv)(?:[A-Z_0-9]|s?$)");

  /// What makes an object, or gives the only one that there is.
  private static final Pattern MAKES =
      Pattern.compile(
          "^(?:create|make|new|build|of|getInstance|instance|getDefault|default|factory|getEncoder|getDecoder|getUrlEncoder|getUrlDecoder|getMimeEncoder|getMimeDecoder)(?:[A-Z_]\\w*)?$");

  private final Evaluator all;
  private final ObjectSettings settings;

  UnknownCalls(Evaluator all, ObjectSettings settings) {
    this.all = all;
    this.settings = settings;
  }

  /// @param sink whether the values have arrived, and do not go on
  /// @param name of the result
  Value result(Expr.Call call, CallSite site, boolean sink, String name) {
    int kept = settings.remember(call, site);
    boolean lookup = (sink && !call.making()) || all.model.isLookup(site);
    Value receiver = Heap.whole(site.receiver(), all.env());
    List<Taint> taints =
        isColumn(call, site) ? Environment.column(receiver.taints(), all.model) : receiver.taints();
    String built = gaps(site.receiver());
    boolean open = false;
    if (!lookup) {
      List<Taint> given = List.of();
      for (Value arg : site.args()) {
        Value whole = Heap.whole(arg, all.env());
        given = Value.join(given, whole.taints());
        built = built.isEmpty() ? gaps(whole) : built;
        open |= whole.open() && !Heap.isConstant(arg, all.env());
      }
      for (Value arg : site.named().values()) {
        Value whole = Heap.whole(arg, all.env());
        given = Value.join(given, whole.taints());
        open |= whole.open() && !Heap.isConstant(arg, all.env());
      }
      taints = Value.join(taints, HandedOn.of(given, site, all));
    }
    if (open || (lookup && !givenConstants(site))) {
      taints = Value.fromOutside(taints);
    } else if (receiver.own() && READS.matcher(site.method()).find()) {
      // An object of the program's that goes and reads.
      taints = taints.stream().filter(taint -> !taint.isProgram()).toList();
    }
    Value result = new Value(List.of(), taints, name, 0, lookup ? "" : built, null);
    if (call.making() && !site.named().isEmpty()) {
      Shape shape = Shape.MAP;
      for (Map.Entry<String, Value> each : site.named().entrySet()) {
        shape = shape.with(each.getKey(), each.getValue());
      }
      result = result.withShape(all.newShape(shape)).withTaints(List.of());
    }
    if (kept != 0) {
      result = result.withShape(kept);
    } else if (call.making() && result.shape() == 0) {
      result = result.withShape(all.newShape(settings.madeOf(site)));
    } else if (settings.isProduct(site)) {
      result = result.withShape(site.receiver().shape());
    } else if (settings.isFactory(site)) {
      result = result.withShape(all.newShape(Shape.MAP.with(site.method(), Value.UNKNOWN)));
    }
    return result.taints().isEmpty() && (isFixed(site) || isOwn(call, site))
        ? result.known()
        : result;
  }

  /// `customer.getName()`, `row.get("name")`: one column of what was found.
  private static boolean isColumn(Expr.Call call, CallSite site) {
    return call.callee() instanceof Expr.Member
        && (GETTER.matches(site.method())
            || (site.method().equals("get") && !site.args().isEmpty()));
  }

  private static final Pattern GETTER = Pattern.compile("(?:get|is|has)[A-Z]\\w*");

  /// What is looked up by a number is none.
  private static String gaps(Value value) {
    return value.hasUnknownPart() ? value.skeleton() : "";
  }

  /// Whether a constant object is asked for what it says of itself: `SORT.get(name)`, `NAME.sql()`.
  private boolean isFixed(CallSite site) {
    return site.receiver().single() instanceof Value.Symbol
        && all.language == ParsedLanguage.JAVA
        && (LOOKUPS.contains(site.method()) || givenConstants(site));
  }

  private boolean givenConstants(CallSite site) {
    return site.args().stream().allMatch(this::isConstant)
        && site.named().values().stream().allMatch(this::isConstant);
  }

  private boolean isConstant(Value value) {
    Value whole = Heap.whole(value, all.env());
    return Heap.isConstant(value, all.env())
        || (!whole.taints().isEmpty()
            && whole.taints().stream().allMatch(taint -> taint.labels() == 0));
  }

  /// Whether what comes back was made from nothing but what the program says itself:
  /// `Names.quoted("users")`, `Base64.encode("x")`, and what a factory of the program makes.
  private boolean isOwn(Expr.Call call, CallSite site) {
    String method = site.method();
    if (call.making()
        || method.isEmpty()
        || Character.isUpperCase(method.charAt(0))
        || !(call.callee() instanceof Expr.Member member)
        || !givenConstants(site)) {
      return false;
    }
    if (MAKES.matcher(method).find()) {
      return isStatic(member.object());
    }
    boolean given = !site.args().isEmpty() || !site.named().isEmpty();
    if (!given) {
      return false;
    }
    boolean reads = READS.matcher(method).find();
    return isStatic(member.object())
        && (!reads || (all.language == ParsedLanguage.JAVA && method.startsWith("get")));
  }

  /// A class, or a module that is imported: no variable of the program.
  private boolean isStatic(Expr owner) {
    return switch (all.language) {
      case JAVA -> isClass(owner);
      case PYTHON ->
          (owner instanceof Expr.Name || owner instanceof Expr.Member) && isModule(owner);
      default -> false;
    };
  }

  private boolean isClass(Expr owner) {
    return switch (owner) {
      case Expr.Name(String name, int _) -> isTypeName(name) && all.env().get(name) == null;
      case Expr.Member(Expr path, String name, int _) -> isTypeName(name) && isPath(path);
      default -> false;
    };
  }

  private static boolean isTypeName(String name) {
    return name.length() > 1
        && Character.isUpperCase(name.charAt(0))
        && name.chars().anyMatch(Character::isLowerCase);
  }

  /// The packages before a class's name.
  private boolean isPath(Expr path) {
    return switch (path) {
      case Expr.Name(String name, int _) -> all.env().get(name) == null;
      case Expr.Member(Expr outer, String _, int _) -> isPath(outer);
      default -> false;
    };
  }

  private boolean isModule(Expr owner) {
    String written = Names.dotted(owner);
    String first = written.substring(0, (written + '.').indexOf('.'));
    String imported = all.definitions.imported(first);
    if (imported == null || all.env().get(first) != null) {
      return false;
    }
    String full = imported + written.substring(first.length());
    return all.definitions.modules().contains(full)
        || all.definitions.modules().contains(written)
        || isTypeName(full.substring(full.lastIndexOf('.') + 1));
  }
}
