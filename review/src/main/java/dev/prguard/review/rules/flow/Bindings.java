package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Stmt;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives values to what stands on the left of an assignment.
final class Bindings {

  private final Evaluator all;
  private final Expressions expressions;
  private final Calls calls;

  Bindings(Evaluator all, Expressions expressions, Calls calls) {
    this.all = all;
    this.expressions = expressions;
    this.calls = calls;
  }

  /// `Ingestor.builder()....build()` is an `Ingestor`.
  private Value built(Value value) {
    String name = value.name();
    int maker = name.indexOf(".builder()");
    return all.language == ParsedLanguage.JAVA && maker > 0 && name.endsWith(".build()")
        ? value.withName(name.startsWith("AiServices.") ? name : name.substring(0, maker))
        : value;
  }

  /// Gives a value to what is on the left of an assignment.
  void bind(Expr target, Value value, String type) {
    switch (target) {
      case Expr.Name(String name, int line) -> {
        expressions.members.forget(name);
        all.env().set(name, calls.declared(value, type));
        all.named.named(name, value, line);
      }
      case Expr.Member(Expr object, String name, int line) -> {
        if (object instanceof Expr.Name(String owner, int _) && Expressions.SELF.contains(owner)) {
          all.env().set("this." + name, built(value));
          all.named.named(name, value, line);
        } else {
          Value holder = expressions.evaluate(object);
          all.named.memberSet(holder, name, value, line);
          put(object, holder, name, value);
        }
      }
      case Expr.Index(Expr object, Expr index, int line) -> {
        Value holder = expressions.evaluate(object);
        Value at = expressions.evaluate(index);
        all.named.indexSet(holder, at, value, line);
        put(object, holder, at.single(), value);
      }
      case Expr.Items(List<Expr> targets, int _) -> unpack(targets, value);
      case Expr.Entries(List<Expr.Entry> entries, int line, int _) -> {
        for (Expr.Entry entry : entries) {
          Object key = entry.key() == null ? null : expressions.quietly(entry.key()).single();
          Value part =
              key instanceof String name
                  ? expressions.memberOf(value, name, line, true)
                  : value.derived();
          bind(entry.value(), part, "");
        }
      }
      case Expr.Cast(String _, Expr inner, int _) -> bind(inner, value, type);
      default -> {}
    }
  }

  /// `const [html, setHtml] = useState("")`: what is ever put into it was made safe for this.
  private long state(List<Expr> targets, Value value) {
    Function function = all.sinks.around.innermost();
    if (function == null
        || !value.name().endsWith("useState()")
        || targets.size() != 2
        || !(targets.get(1) instanceof Expr.Name(String setter, int _))) {
      return 0;
    }
    // As many steps as are looked at, about.
    all.spend(1_000);
    List<Expr.Call> calls = Mentions.calls(setter, function.body());
    long safe = calls == null || calls.isEmpty() ? 0 : FlowModel.ALL;
    for (Expr.Call call : calls == null ? List.<Expr.Call>of() : calls) {
      safe &=
          call.args().isEmpty()
              ? 0
              : madeSafe(call.args().getFirst().value(), function.body(), false);
    }
    return safe;
  }

  /// @param local whether it is what a variable was given
  private long madeSafe(Expr given, Stmt body, boolean local) {
    return switch (given) {
      case Expr.Literal _ -> FlowModel.ALL;
      case Expr.Call made -> all.model.sanitizer(calls.quietSite(made), all.env());
      case Expr.Conditional(Expr _, Expr then, Expr otherwise, int _) ->
          madeSafe(then, body, local) & madeSafe(otherwise, body, local);
      case Expr.Name(String name, int _) when !local -> {
        List<Expr> values = Mentions.values(name, body);
        long safe = values.isEmpty() ? 0 : FlowModel.ALL;
        for (Expr value : values) {
          safe &= madeSafe(value, body, true);
        }
        yield safe;
      }
      default -> 0;
    };
  }

  private void unpack(List<Expr> targets, Value value) {
    long safe = state(targets, value);
    if (safe != 0) {
      bind(targets.getFirst(), Value.UNKNOWN.withTaint(new Taint(0, 0, "", null, safe)), "");
      return;
    }
    Shape shape = all.env().shape(value.shape());
    List<Value> parts = new ArrayList<>();
    boolean spread = false;
    for (int i = 0; i < targets.size(); i++) {
      Expr target = targets.get(i);
      if (target instanceof Expr.Other(String kind, List<Expr> inner, int _)
          && kind.endsWith("splat_pattern")
          && inner.size() == 1) {
        parts.add(rest(shape, value, i, targets.size()));
        spread = true;
      } else if (shape != null && shape.isList()) {
        // Behind a `*rest` it is counted from the end.
        int at = spread ? shape.size() - targets.size() + i : i;
        parts.add(shape.get((long) at));
      } else if (shape != null) {
        parts.add(shape.has((long) i) ? shape.get((long) i) : expressions.element(value));
      } else {
        boolean error =
            target instanceof Expr.Name(String name, int _)
                && (name.startsWith("err") || name.equals("ok"));
        parts.add(
            error
                ? Value.UNKNOWN
                : targets.size() == 1 || all.definitions.typed() ? value : value.derived());
      }
    }
    for (int i = 0; i < targets.size(); i++) {
      Expr target = targets.get(i);
      bind(
          target instanceof Expr.Other(String _, List<Expr> inner, int _) && inner.size() == 1
              ? inner.getFirst()
              : target,
          parts.get(i),
          "");
    }
  }

  /// What `*rest` takes.
  private Value rest(@Nullable Shape shape, Value value, int from, int targets) {
    Value end = Value.constant(from + 1L - targets);
    Value to = from + 1 == targets && shape != null ? Value.constant((long) shape.size()) : end;
    return shape == null
        ? value.derived()
        : Value.holding(all.newShape(ListMethods.part(shape, Value.constant((long) from), to)));
  }

  /// Keeps a setting with an object; gives the number of what is known of it.
  int keep(Expr object, Value holder, String setting) {
    put(object, holder, setting, Value.named(Sinks.SET_AT + object.line()));
    Value now = object instanceof Expr.Name(String name, int _) ? all.env().get(name) : null;
    if (now != null && now.shape() != 0) {
      return now.shape();
    }
    return holder.shape() != 0
        ? holder.shape()
        : all.newShape(Shape.MAP.with(setting, Value.UNKNOWN));
  }

  /// Puts a value into a container, which becomes one if it was nothing known.
  private void put(Expr object, Value holder, @Nullable Object key, Value value) {
    Shape shape = all.env().shape(holder.shape());
    if (shape == null) {
      if (!(object instanceof Expr.Name || object instanceof Expr.Member)) {
        return;
      }
      shape = Shape.MAP;
      Value now =
          holder.withShape(
              all.newShape(key == null ? shape.withAny(value) : shape.with(key, value)));
      if (object instanceof Expr.Name(String name, int _)) {
        all.env().set(name, now);
      } else if (object instanceof Expr.Member(Expr.Name(String owner, int _), String name, int _)
          && Expressions.SELF.contains(owner)) {
        all.env().set("this." + name, now);
      }
      return;
    }
    all.env().shape(holder.shape(), key == null ? shape.withAny(value) : shape.with(key, value));
  }
}
