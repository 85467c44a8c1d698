package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.ClassCode;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Stmt;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Fields of Go's structs that hold something of a library: `pool *pgxpool.Pool`. What is called on
/// them goes by that type, behind the name of the field.
final class StructFields {

  private static final String DECLARATION = "declaration:";
  private static final int MAX_TYPE = 80;

  /// A pointer, or an interface that is named for what it does: others are data.
  private static final Pattern SERVICE =
      Pattern.compile(
          "\\*\\w+\\.[A-Z]\\w*"
              + "|\\w+\\.(?:[A-Z]\\w*)?(?i:client|conn|db|pool|tx|store|session|logger|collection|engine|cmdable|request|responsewriter)");

  private final Map<String, String> types = new HashMap<>();

  void collect(ClassCode code) {
    for (Stmt field : code.fields()) {
      if (field instanceof Stmt.Evaluate(Expr.Other(String kind, List<Expr> target, int _))
          && kind.startsWith(DECLARATION)
          && target.getFirst() instanceof Expr.Name(String name, int _)) {
        String type = kind.substring(DECLARATION.length());
        if (type.length() <= MAX_TYPE && SERVICE.matches(type)) {
          types.putIfAbsent(
              code.name() + '.' + name, type.substring(type.charAt(0) == '*' ? 1 : 0));
        }
      }
    }
  }

  /// The name of a field with its type, where that is known: `API.pool.pgxpool.Pool`.
  String typed(String owner, String field) {
    String name = owner + '.' + field;
    if (types.isEmpty()) {
      return name;
    }
    String type = types.get(owner.substring(owner.lastIndexOf('.') + 1) + '.' + field);
    return type == null ? name : name + '.' + type;
  }
}
