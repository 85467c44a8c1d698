package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Stmt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Loops. Two rounds show what one round hands to the next; what differs between them is not known
/// afterwards.
final class Rounds {

  private static final int COUNT = 2;

  private final Evaluator all;
  private int endless;

  /// What is gone through from outside, or null.
  private @Nullable Value gone;

  Rounds(Evaluator all) {
    this.all = all;
  }

  /// `endless=(0=call)` in a loop whose condition never says stop, `each=(0=call, 1=what is gone
  /// through)` where that comes from outside.
  void called(CallSite site) {
    if (endless > 0) {
      all.named.check("endless=", List.of(Value.named(site.name())), site.receiver(), site.line());
    }
    if (gone != null) {
      all.named.check(
          "each=", List.of(Value.named(site.name()), gone), site.receiver(), site.line());
    }
  }

  /// Runs what is done for each of what a value holds.
  <T extends @Nullable Object> T each(Value iterable, Supplier<T> body) {
    Value outer = gone;
    if (outer == null && !iterable.taints().isEmpty()) {
      gone = iterable;
    }
    try {
      return body.get();
    } finally {
      gone = outer;
    }
  }

  void loop(Stmt.Loop loop) {
    Boolean first =
        loop.test() == null ? Boolean.TRUE : all.expressions.evaluate(loop.test()).truth();
    if (first != null && !first) {
      return;
    }
    // What a round counts up is for its condition to stop at.
    boolean isEndless =
        loop.update() == null && isOpen(loop.test(), first) && !hasLimit(loop.body());
    Env before = all.env().copy();
    for (int round = 0; round < COUNT && !all.env().isDead(); round++) {
      Env start = all.env().copy();
      if (loop.test() != null) {
        all.guards().assume(loop.test(), true);
      }
      endless += isEndless ? 1 : 0;
      body(loop.body());
      endless -= isEndless ? 1 : 0;
      if (loop.update() != null && !all.env().isDead()) {
        all.expressions.evaluate(loop.update());
      }
      if (!all.env().isDead() || first == null) {
        start.join(all.env(), true);
        all.env(start);
      }
      if (loop.test() != null && !all.env().isDead()) {
        all.expressions.evaluate(loop.test());
      }
    }
    if (first == null) {
      all.env().join(before, true);
    }
  }

  /// `while True`, `while not good(answer)`: nothing that is counted ends it.
  private static boolean isOpen(@Nullable Expr test, @Nullable Boolean first) {
    return test == null
        || (first != null && test instanceof Expr.Literal)
        || (test instanceof Expr.Unary(String _, Expr operand, int _)
            && (operand instanceof Expr.Call || operand instanceof Expr.Name))
        || (test instanceof Expr.Binary(String operator, Expr _, Expr right, int _)
            && ASKS.contains(operator)
            && !compares(test, 0)
            && !(right instanceof Expr.Literal(Object value, int _) && value instanceof Number));
  }

  /// `if steps > MAX: return` in its body, or something that it counts.
  private static boolean hasLimit(Stmt body) {
    if (!(body instanceof Stmt.Block(List<Stmt> statements))) {
      return false;
    }
    for (Stmt each : statements) {
      if (each instanceof Stmt.Evaluate(Expr.Assign assign)
          && (assign.operator().equals("+=") || assign.operator().equals("-="))
          && assign.value() instanceof Expr.Literal) {
        return true;
      }
      if (each instanceof Stmt.If branch
          && Branches.leaves(branch.then())
          && compares(branch.test(), 0)) {
        return true;
      }
    }
    return false;
  }

  private static boolean compares(Expr test, int depth) {
    return depth < 8
        && switch (test) {
          case Expr.Binary(String operator, Expr left, Expr right, int _) ->
              ORDERS.contains(operator) || compares(left, depth + 1) || compares(right, depth + 1);
          case Expr.Unary(String _, Expr operand, int _) -> compares(operand, depth + 1);
          default -> false;
        };
  }

  private static final Set<String> ASKS =
      Set.of("not in", "in", "!=", "!==", "==", "===", "is", "is not");

  private static final Set<String> ORDERS = Set.of("<", "<=", ">", ">=");

  void forEach(Stmt.ForEach loop) {
    Value iterable = all.expressions.evaluate(loop.iterable());
    Env before = all.env().copy();
    for (int round = 0; round < COUNT && !all.env().isDead(); round++) {
      Env start = all.env().copy();
      all.expressions
          .bindings()
          .bind(loop.target(), all.expressions.element(iterable), loop.type());
      each(
          iterable,
          () -> {
            body(loop.body());
            return true;
          });
      start.join(all.env(), true);
      all.env(start);
    }
    all.env().join(before, true);
  }

  /// `[f(x) for x in items]`.
  Value comprehension(Expr.Comprehension comprehension) {
    Value through = all.expressions.evaluate(comprehension.iterable());
    Shape shape = all.env().shape(through.shape());
    Expr bound = comprehension.bound();
    if (bound != null && shape != null && isOfFunctions(shape)) {
      // [Tool(f) for f in (send, delete)]
      for (Value each : shape.entries().values()) {
        all.expressions.bindings().bind(bound, each, "");
        all.expressions.evaluate(comprehension.result());
      }
    }
    if (bound != null) {
      all.expressions.bindings().bind(bound, all.expressions.element(through), "");
    }
    Value made = each(through, () -> all.expressions.evaluate(comprehension.result()));
    return Value.holding(all.newShape(Shape.MAP.withAny(made)))
        .withTaints(Heap.whole(made, all.env()).taints());
  }

  private static final int MAX_FUNCTIONS = 16;

  private static boolean isOfFunctions(Shape shape) {
    return !shape.entries().isEmpty()
        && shape.entries().size() <= MAX_FUNCTIONS
        && shape.entries().values().stream().allMatch(each -> each.function() != null);
  }

  private void body(Stmt body) {
    List<Env> exits = new ArrayList<>();
    all.enterLoop(exits);
    all.run(body);
    all.leaveLoop();
    Env after = all.env();
    exits.forEach(exit -> after.join(exit, false));
  }
}
