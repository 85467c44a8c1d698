package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Conditions on a value that should not decide by itself: a model's yes or no.
final class Decisions {

  /// Of what is done then no more is looked at.
  private static final int MAX_TEXT = 4_000;

  private final Evaluator all;

  Decisions(Evaluator all) {
    this.all = all;
  }

  /// `decides=(0=what is tested, 1=what is done then or otherwise)`.
  void by(Expr test, Object then, @Nullable Object otherwise) {
    long labels = all.model.deciding();
    if (labels == 0) {
      return;
    }
    Value tested = tested(test);
    if (tested.taints().stream().noneMatch(taint -> (taint.labels() & labels) != 0)) {
      return;
    }
    all.spend(MAX_TEXT / 100);
    String done = cut(then) + cut(otherwise);
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

  /// The text of the small form has the names of all that is called, and all constants.
  private static String cut(@Nullable Object code) {
    String text = String.valueOf(code);
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
  }

  /// What a condition looks at; its calls are not made again.
  private Value tested(Expr test) {
    return switch (test) {
      case Expr.Binary(String _, Expr left, Expr right, int _) -> join(tested(left), tested(right));
      case Expr.Unary(String _, Expr operand, int _) -> tested(operand);
      case Expr.Index(Expr object, Expr _, int _) -> tested(object);
      case Expr.Cast(String _, Expr value, int _) -> tested(value);
      case Expr.Member(Expr object, String _, int _) ->
          join(tested(object), all.expressions.quietly(test));
      case Expr.Call call -> {
        Value result = call.callee() instanceof Expr.Member ? tested(call.callee()) : Value.UNKNOWN;
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
}
