package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
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
  static boolean mentions(Function function, Pattern pattern) {
    return pattern.matcher(function.body().toString()).find();
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
