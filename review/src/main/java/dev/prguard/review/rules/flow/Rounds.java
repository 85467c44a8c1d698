package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Stmt;
import java.util.ArrayList;
import java.util.List;

/// Loops. Two rounds show what one round hands to the next; what differs between them is not known
/// afterwards.
final class Rounds {

  private static final int COUNT = 2;

  private final Evaluator all;
  private int endless;

  Rounds(Evaluator all) {
    this.all = all;
  }

  /// Whether this is in a loop whose condition never says stop.
  boolean isEndless() {
    return endless > 0;
  }

  void loop(Stmt.Loop loop) {
    Boolean first =
        loop.test() == null ? Boolean.TRUE : all.expressions.evaluate(loop.test()).truth();
    if (first != null && !first) {
      return;
    }
    // What a round counts up is for its condition to stop at.
    boolean isEndless =
        loop.test() == null || (first != null && loop.test() instanceof Expr.Literal);
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

  void forEach(Stmt.ForEach loop) {
    Value iterable = all.expressions.evaluate(loop.iterable());
    Env before = all.env().copy();
    for (int round = 0; round < COUNT && !all.env().isDead(); round++) {
      Env start = all.env().copy();
      all.expressions
          .bindings()
          .bind(loop.target(), all.expressions.element(iterable), loop.type());
      body(loop.body());
      start.join(all.env(), true);
      all.env(start);
    }
    all.env().join(before, true);
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
