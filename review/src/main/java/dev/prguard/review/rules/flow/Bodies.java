package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Stmt;
import java.util.List;

/// What the whole of a function's body comes down to.
final class Bodies {

  private Bodies() {}

  static boolean saysYes(Function function) {
    return switch (only(function.body())) {
      case Stmt.Return(Expr.Literal(Object value, int _), int _) -> Boolean.TRUE.equals(value);
      case Stmt.Return(Expr.Call call, int _) -> tellsYes(call);
      case Stmt.Evaluate(Expr.Call call) -> tellsYes(call);
      case null, default -> false;
    };
  }

  /// `callback(null, true)`
  private static boolean tellsYes(Expr.Call call) {
    return call.callee() instanceof Expr.Name
        && call.args().size() == 2
        && call.args().get(0).value() instanceof Expr.Literal(Object error, int _)
        && (error == null || error.equals(Value.NULL))
        && call.args().get(1).value() instanceof Expr.Literal(Object answer, int _)
        && Boolean.TRUE.equals(answer);
  }

  /// Whether it is empty or only gives back nothing.
  static boolean doesNothing(Function function) {
    return isEmpty(function)
        || (only(function.body()) instanceof Stmt.Return(Expr value, int _)
            && (value == null
                || (value instanceof Expr.Literal(Object nothing, int _)
                    && (nothing == null || nothing.equals(Value.NULL)))
                || (value instanceof Expr.Name(String name, int _) && name.equals("undefined"))));
  }

  /// Whether a name or text in it matches: records print all that they hold.
  static boolean mentions(Function function, Expression pattern) {
    return pattern.find(function.body().toString());
  }

  static boolean isEmpty(Function function) {
    return function.body() instanceof Stmt.Block(List<Stmt> statements) && statements.isEmpty();
  }

  private static Stmt only(Stmt body) {
    Stmt stmt = body;
    while (stmt instanceof Stmt.Block(List<Stmt> statements) && statements.size() == 1) {
      stmt = statements.getFirst();
    }
    return stmt;
  }

  /// The function in a word: `True` for one that only says so, `empty`, else nothing known.
  static Value summary(Function function) {
    if (saysYes(function)) {
      return Value.constant(true);
    }
    return isEmpty(function) ? Value.constant("empty") : Value.UNKNOWN;
  }
}
