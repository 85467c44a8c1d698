package dev.prguard.review.rules.code;

import java.util.List;

/// A class.
///
/// @param bases what it extends and implements
/// @param fields their declarations, as assignments
public record ClassCode(
    String name,
    List<String> bases,
    List<Stmt> fields,
    List<Function> methods,
    List<ClassCode> inner,
    List<Expr> marks,
    int line) {
  public ClassCode {
    bases = List.copyOf(bases);
    fields = List.copyOf(fields);
    methods = List.copyOf(methods);
    inner = List.copyOf(inner);
    marks = List.copyOf(marks);
  }
}
