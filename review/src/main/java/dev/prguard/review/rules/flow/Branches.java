package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Stmt;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Conditions: the way that a known one takes, or both, and whether what is tested should decide.
final class Branches {

  private final Evaluator all;

  Branches(Evaluator all) {
    this.all = all;
  }

  /// So many statements behind a branch that leaves are what is done otherwise.
  private static final int BEHIND = 3;

  void block(List<Stmt> statements) {
    for (int i = 0; i < statements.size(); i++) {
      if (statements.get(i) instanceof Stmt.If branch && !all.env().isDead()) {
        all.spend(1);
        branch(branch, statements.subList(i + 1, statements.size()));
      } else {
        all.run(statements.get(i));
      }
    }
  }

  /// @param behind the statements after it
  void branch(Stmt.If branch, List<Stmt> behind) {
    Boolean truth = all.expressions.evaluate(branch.test()).truth();
    if (truth != null) {
      all.run(truth ? branch.then() : branch.otherwise());
      return;
    }
    Stmt otherwise = branch.otherwise();
    boolean leaves = otherwise == null && leaves(branch.then()) && !behind.isEmpty();
    decides(
        branch.test(),
        branch.then(),
        leaves ? new Stmt.Block(behind.subList(0, Math.min(BEHIND, behind.size()))) : otherwise);
    Env other = all.env().copy();
    all.guards().assume(branch.test(), true);
    all.run(branch.then());
    Env then = all.env();
    all.env(other);
    all.guards().assume(branch.test(), false);
    all.run(branch.otherwise());
    then.join(all.env(), false);
    all.env(then);
  }

  static boolean leaves(Stmt then) {
    Stmt last = then;
    while (last instanceof Stmt.Block(List<Stmt> statements) && !statements.isEmpty()) {
      last = statements.getLast();
    }
    return last instanceof Stmt.Return || last instanceof Stmt.Leave;
  }

  /// The value of a conditional expression.
  Value either(Expr test, Expr then, Expr otherwise) {
    Boolean truth = all.expressions.evaluate(test).truth();
    if (truth != null) {
      return all.expressions.evaluate(truth ? then : otherwise);
    }
    decides(test, then, otherwise);
    Env other = all.env().copy();
    all.guards().assume(test, true);
    Value one = all.expressions.evaluate(then);
    Env mine = all.env();
    all.env(other);
    all.guards().assume(test, false);
    Value two = all.expressions.evaluate(otherwise);
    mine.join(all.env(), false);
    all.env(mine);
    return one.or(two);
  }

  /// Whether it comes from who should not decide by himself.
  boolean isDeciding(Value value) {
    long labels = all.model.deciding();
    for (Taint taint : value.taints()) {
      if ((taint.labels() & labels) != 0) {
        return true;
      }
    }
    return false;
  }

  /// `decides=(0=what is tested, 1=what is done then or otherwise)`: a model's yes or no.
  private void decides(Expr test, Object then, @Nullable Object otherwise) {
    long labels = all.model.deciding();
    if (labels == 0) {
      return;
    }
    Value tested = tested(test);
    if (!isDeciding(tested)) {
      return;
    }
    // As many steps as it has parts, about.
    all.spend(100);
    String done = Mentions.of(then, otherwise);
    all.sinks.check(
        new CallSite(
            "decides=",
            false,
            Value.UNKNOWN,
            List.of(tested, Value.constant(done)),
            Map.of(),
            test.line(),
            test.line()),
        all.env());
  }

  private static final Set<String> FORM =
      Set.of("name", "type", "toolName", "tool_name", "stop_reason", "finish_reason", "role");

  private static final Set<String> AMONG =
      Set.of("includes", "has", "contains", "containsKey", "some", "find", "get");

  /// What a condition looks at; its calls are not made again.
  private Value tested(Expr test) {
    return switch (test) {
      case Expr.Binary(String _, Expr left, Expr right, int _) -> join(tested(left), tested(right));
      case Expr.Unary(String _, Expr operand, int _) -> tested(operand);
      case Expr.Index(Expr object, Expr _, int _) -> tested(object);
      case Expr.Cast(String _, Expr value, int _) -> tested(value);
      // Which tool, or why it stopped, is no answer yet.
      case Expr.Member(Expr _, String name, int _) when FORM.contains(name) -> Value.UNKNOWN;
      case Expr.Member(Expr object, String _, int _) ->
          join(tested(object), all.expressions.quietly(test));
      // Nor is what a person says.
      case Expr.Call call when all.guards().approvals.asks(call) -> Value.UNKNOWN;
      case Expr.Call call -> {
        Value result = call.callee() instanceof Expr.Member ? tested(call.callee()) : Value.UNKNOWN;
        if (call.callee() instanceof Expr.Member(Expr _, String name, int _)
            && AMONG.contains(name)) {
          // whether it is one of a list that the program has
          yield result;
        }
        for (Expr.Arg arg : call.args()) {
          result = join(result, tested(arg.value()));
        }
        yield result;
      }
      case Expr.Name _ -> all.expressions.quietly(test);
      default -> Value.UNKNOWN;
    };
  }

  private static Value join(Value one, Value other) {
    return one.withTaints(Value.join(one.taints(), other.taints()));
  }

  void attempt(Stmt.Try attempt) {
    Env before = all.env().copy();
    all.run(attempt.body());
    Env after = all.env();
    for (Stmt handler : attempt.handlers()) {
      Env caught = before.copy();
      caught.join(after, false);
      all.env(caught);
      all.run(handler);
      after.join(all.env(), false);
    }
    all.env(after);
    if (attempt.last() != null) {
      boolean dead = after.isDead();
      if (dead) {
        all.env(before.copy());
      }
      all.run(attempt.last());
      if (dead) {
        all.env().die();
      }
    }
  }
}
