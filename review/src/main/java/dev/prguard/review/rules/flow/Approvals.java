package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;

/// A person who is asked before something is done. What a model has said up to then may be done
/// when the answer is yes, whether or not the question named all of it.
final class Approvals {

  private final Evaluator all;
  private final long kinds;

  Approvals(Evaluator all) {
    this.all = all;
    kinds = all.model.kind("act") | all.model.kind("agency");
  }

  /// Whether a check that proves these kinds is such a question.
  boolean isQuestion(long proven) {
    return kinds != 0 && proven != FlowModel.ALL && (proven & kinds) == kinds;
  }

  /// `confirm(order)`.
  boolean asks(Expr.Call call) {
    return isQuestion(all.model.guard(all.expressions.site(call), all.env()));
  }

  /// Takes over into the state that something is true: `approved = ask_operator(plan)`, `if
  /// approved`.
  void answered(Expr answer, boolean truth) {
    if (truth
        && all.expressions.quietly(answer).taints().stream()
            .anyMatch(taint -> isQuestion(taint.cleared()))) {
      given();
    }
  }

  void given() {
    all.env().replaceAll(value -> Heap.cleared(value, kinds, all));
  }
}
