package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What functions of the file prove of their arguments when they say yes, or no: `if not
/// is_local(url): abort(400)`.
final class Predicates {

  private final Evaluator all;
  private final Guards guards;

  Predicates(Evaluator all, Guards guards) {
    this.all = all;
    this.guards = guards;
  }

  /// Takes over what is known of the arguments when the call came out true, or false.
  void assume(Expr.Call call, boolean truth) {
    if (truth && all.definitions.script()) {
      new JsonSchemas(all).assume(call);
    }
    Function function = called(call.callee());
    if (function == null) {
      return;
    }
    List<Value> args = new ArrayList<>();
    boolean outside = false;
    for (Expr.Arg arg : call.args()) {
      if (arg.spread() || !arg.name().isEmpty()) {
        return;
      }
      Value value = all.expressions.quietly(arg.value());
      outside |= value.taints().stream().anyMatch(taint -> taint.labels() != 0);
      args.add(value);
    }
    Env there = outside ? all.answered(function, args, truth) : null;
    if (there == null) {
      return;
    }
    List<Function.Param> params = function.params();
    int shift = !params.isEmpty() && Names.isSelf(params.getFirst().name()) ? 1 : 0;
    for (int i = 0; i < args.size() && i + shift < params.size(); i++) {
      long kinds = proven(args.get(i), there.get(params.get(i + shift).name()));
      guards.clear(call.args().get(i).value(), kinds);
    }
  }

  private @Nullable Function called(Expr callee) {
    if (callee instanceof Expr.Name) {
      return all.expressions.quietly(callee).function();
    }
    Value type = all.env().get(all.definitions.script() ? Names.OWNER : "this");
    return type != null
            && callee instanceof Expr.Member(Expr.Name(String owner, int _), String name, int _)
            && Expressions.SELF.contains(owner)
        ? all.definitions.method(type.name(), name)
        : null;
  }

  /// The kinds of harm that none of what was given can do any more.
  private static long proven(Value given, @Nullable Value then) {
    long kinds = then == null ? 0 : -1L;
    for (Taint taint : given.taints()) {
      long cleared = 0;
      for (Taint each : then == null ? List.<Taint>of() : then.taints()) {
        cleared |= each.sameSource(taint) ? each.cleared() : 0;
      }
      kinds &= taint.labels() == 0 ? -1L : cleared;
    }
    return given.taints().isEmpty() ? 0 : kinds;
  }
}
