package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Stmt;
import java.util.List;

/// What the whole of a function's body comes down to.
final class Bodies {

  private Bodies() {}

  static boolean saysYes(Function function) {
    return only(function.body()) instanceof Stmt.Return(Expr.Literal(Object value, int _), int _)
        && Boolean.TRUE.equals(value);
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
