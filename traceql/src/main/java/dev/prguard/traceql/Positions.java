package dev.prguard.traceql;

import dev.prguard.traceql.tree.FieldExpr;
import java.util.IdentityHashMap;

/// Where the parts of a tree stand in the text: a tree is equal to that of the same query with other
/// blanks, so it does not know.
final class Positions {
  private final IdentityHashMap<FieldExpr, Integer> offsets = new IdentityHashMap<>();

  <E extends FieldExpr> E mark(E expr, Token token) {
    offsets.put(expr, token.offset());
    return expr;
  }

  /// In characters of the query; 0 where it is not known.
  int of(FieldExpr expr) {
    return offsets.getOrDefault(expr, 0);
  }
}
