package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.ClassCode;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Stmt;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Objects of the classes of a Python file: what their constructor was given is there in their
/// methods.
final class MadeObjects {

  private static final String FIELD = "this.";

  /// Those of larger classes without a state of their own are gone into too often for what they
  /// tell.
  private static final int MAX_METHODS = 6;

  private final Evaluator all;

  /// What comes back from methods that were called with nothing from outside.
  private final IdentityHashMap<Function, Value> idle = new IdentityHashMap<>();

  MadeObjects(Evaluator all) {
    this.all = all;
  }

  /// A new object, null when the call does not make one whose constructor is known.
  @Nullable Value make(CallSite site) {
    ClassCode code = all.definitions.made(site.name());
    Value form = code == null ? null : all.fields.forms.made(site);
    if (form != null) {
      return form;
    }
    if (code != null && all.definitions.isEnum(code.name())) {
      // Action(text) is one of its constants, or an error.
      return Value.UNKNOWN.known().withName(site.name());
    }
    Function constructor = code == null ? null : all.definitions.method(code.name(), "__init__");
    Value object = Value.holding(all.newShape(Shape.MAP)).withName(site.name());
    if (constructor == null) {
      return code == null ? null : withFields(code, site, object);
    }
    return within(object, constructor, site) == null ? null : object;
  }

  /// A class without a constructor of its own: one of plain fields is given them in order.
  private @Nullable Value withFields(ClassCode code, CallSite site, Value object) {
    boolean plain =
        code.bases().contains("NamedTuple")
            || code.marks().stream()
                .anyMatch(mark ->
                    Names.dotted(mark instanceof Expr.Call call ? call.callee() : mark)
                        .endsWith("dataclass"));
    if (!plain) {
      boolean alone =
          (code.bases().isEmpty() || code.bases().equals(List.of("object")))
              && code.methods().size() <= MAX_METHODS;
      return alone && site.args().isEmpty() && site.named().isEmpty() ? object : null;
    }
    Shape fields = Shape.MAP;
    int i = 0;
    for (Stmt each : code.fields()) {
      String name = fieldName(each);
      if (!name.isEmpty()) {
        Value given = i < site.args().size() ? site.args().get(i) : site.named().get(name);
        fields = given == null ? fields : fields.with(name, given);
        i++;
      }
    }
    all.env().shape(object.shape(), fields);
    return object;
  }

  private static String fieldName(Stmt field) {
    if (!(field instanceof Stmt.Evaluate(Expr value))) {
      return "";
    }
    Expr target =
        switch (value) {
          case Expr.Assign assign -> assign.target();
          case Expr.Other(String kind, List<Expr> parts, int _)
              when kind.startsWith("declaration") && parts.size() == 1 ->
              parts.getFirst();
          default -> value;
        };
    return target instanceof Expr.Name(String name, int _) ? name : "";
  }

  /// Whether a call of a method has nothing from outside to work with: what is in the method for
  /// itself is looked at anyway.
  boolean isIdle(Expr.Call call, CallSite site, boolean self) {
    Value object = self ? all.env().get("this") : site.receiver();
    if (!(call.callee() instanceof Expr.Member)
        || object == null
        || all.definitions.made(object.name()) == null) {
      return false;
    }
    boolean reached = !Heap.whole(object, all.env()).taints().isEmpty();
    for (Value arg : site.args()) {
      reached |= !Heap.whole(arg, all.env()).taints().isEmpty();
    }
    for (Value arg : site.named().values()) {
      reached |= !Heap.whole(arg, all.env()).taints().isEmpty();
    }
    return !reached;
  }

  /// What such a call brings from outside, null for nothing. It is the same each time.
  @Nullable Value idle(Function function, CallSite site, boolean self) {
    Value known = idle.get(function);
    if (known == null) {
      idle.put(function, Value.UNKNOWN);
      Value result = run(function, site, self);
      known = result == null ? Value.UNKNOWN : Heap.whole(result, all.env()).withShape(0);
      idle.put(function, known);
    }
    return known.taints().isEmpty() ? null : known;
  }

  /// Runs a function for a call, with the fields of the object that it is called on.
  @Nullable Value run(Function function, CallSite site, boolean self) {
    Shape fields = self ? null : all.env().shape(site.receiver().shape());
    return fields == null || all.definitions.made(site.receiver().name()) == null
        ? all.inline(function, site.receiver(), site.args(), site.named(), false)
        : within(site.receiver(), function, site);
  }

  private @Nullable Value within(Value object, Function function, CallSite site) {
    Env outside = all.env();
    Env inside = outside.copy();
    inside.drop(FIELD);
    inside.set("this", object);
    Shape fields = inside.shape(object.shape());
    if (fields != null) {
      fields.entries().forEach((key, value) -> inside.set(FIELD + key, value));
    }
    all.env(inside);
    Value result = all.inline(function, Value.UNKNOWN, site.args(), site.named(), true);
    Env after = all.env();
    all.env(outside);
    outside.takeShapes(after);
    outside.shape(object.shape(), after.fields(FIELD));
    return result;
  }
}
