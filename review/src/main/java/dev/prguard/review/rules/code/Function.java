package dev.prguard.review.rules.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function, method or lambda.
///
/// @param name empty for a lambda
/// @param marks its annotations or decorators
/// @param givenTo of a lambda what it is an argument of, as written: `app.get`; else empty
/// @param receiver what a method of Go calls the object, with its type; null where that is `this`
///   or there is none
public record Function(
    String name,
    List<Param> params,
    Stmt body,
    List<Expr> marks,
    String givenTo,
    int line,
    int endLine,
    @Nullable Param receiver) {

  public Function(
      String name, List<Param> params, Stmt body, List<Expr> marks, int line, int endLine) {
    this(name, params, body, marks, "", line, endLine, null);
  }

  Function givenTo(String callee) {
    return new Function(name, params, body, marks, callee, line, endLine, receiver);
  }

  Function method(Param of) {
    return new Function(name, params, body, marks, givenTo, line, endLine, of);
  }

  /// @param type as written, without package and type arguments; empty when there is none
  public record Param(
      String name, String type, List<Expr> marks, @Nullable Expr otherwise, int line) {
    /// Type of a parameter of Python that takes all arguments by name which no other one does.
    public static final String OTHERS = "**";

    public Param {
      marks = List.copyOf(marks);
    }
  }

  public Function {
    params = List.copyOf(params);
    marks = List.copyOf(marks);
  }
}
