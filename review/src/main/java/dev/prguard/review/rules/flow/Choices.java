package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Stmt;
import java.util.ArrayList;
import java.util.List;

/// Switches: the case that a known subject takes, or all of them.
final class Choices {

  private final Evaluator all;

  Choices(Evaluator all) {
    this.all = all;
  }

  void choose(Stmt.Switch choice) {
    Value subject = all.expressions.evaluate(choice.subject());
    List<Stmt.Case> cases = choice.cases();
    List<Env> exits = new ArrayList<>();
    Env before = all.env();
    Env after = new Env(all.effort());
    after.die();
    int certain = subject.isConstant() ? matching(subject, cases) : -2;
    boolean hasDefault = false;
    all.enterLoop(exits);
    Env fallen = null;
    for (int i = 0; i < cases.size(); i++) {
      Stmt.Case each = cases.get(i);
      hasDefault |= each.labels().isEmpty() && each.guard() == null;
      boolean entered = certain == -2 || certain == i;
      if (!entered && fallen == null) {
        continue;
      }
      Env env = before.copy();
      all.env(env);
      if (!entered) {
        env.die();
      } else if (!each.labels().isEmpty()) {
        Expr label = each.labels().getFirst();
        all.guards().assume(new Expr.Binary("==", choice.subject(), label, label.line()), true);
        env = all.env();
      }
      if (fallen != null) {
        env.join(fallen, false);
      }
      if (each.guard() != null) {
        all.expressions.evaluate(each.guard());
      }
      all.run(each.body());
      env = all.env();
      if (choice.falls()) {
        fallen = env.isDead() ? null : env;
      } else {
        after.join(env, false);
      }
    }
    all.leaveLoop();
    if (fallen != null) {
      after.join(fallen, false);
    }
    exits.forEach(exit -> after.join(exit, false));
    if (certain == -1 || (certain == -2 && !hasDefault)) {
      after.join(before, false);
    }
    all.env(after);
  }

  /// Which case a known subject takes, -1 for none, -2 when that is not certain.
  private int matching(Value subject, List<Stmt.Case> cases) {
    int otherwise = -1;
    for (int i = 0; i < cases.size(); i++) {
      Stmt.Case each = cases.get(i);
      if (each.guard() != null) {
        return -2;
      }
      if (each.labels().isEmpty()) {
        otherwise = i;
      }
      for (Expr label : each.labels()) {
        Value value = all.expressions.evaluate(label);
        if (!value.isConstant() || subject.single() == null) {
          return -2;
        }
        if (value.constants().contains(subject.single())) {
          return i;
        }
      }
    }
    return otherwise;
  }
}
