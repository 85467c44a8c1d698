package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;

/// Names as they are written.
final class Names {

  private Names() {}

  /// `a.b().c`, with `?` for what has no name.
  static String dotted(Expr expression) {
    return switch (expression) {
      case Expr.Name(String name, int _) -> name;
      case Expr.Member(Expr object, String name, int _) -> dotted(object) + "." + name;
      case Expr.Call call -> dotted(call.callee()) + "()";
      case Expr.Cast(String _, Expr value, int _) -> dotted(value);
      default -> "?";
    };
  }
}
