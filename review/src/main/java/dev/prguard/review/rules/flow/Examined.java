package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a condition is about: `path` in `str(path).strip()`.
final class Examined {

  private final Evaluator all;

  Examined(Evaluator all) {
    this.all = all;
  }

  /// `input("sure?")` of `input("sure?").strip().lower()`.
  static Expr asWritten(Expr expression) {
    Expr written = expression;
    while (written instanceof Expr.Call call
        && call.args().isEmpty()
        && call.callee() instanceof Expr.Member(Expr object, String name, int _)
        && CASE.contains(name)
        && object instanceof Expr.Call) {
      written = object;
    }
    return written;
  }

  private static final Set<String> CASE = Set.of("lower", "upper", "strip", "casefold", "trim");

  /// The parts of a list, or of a text: `name` in `f"Delete {name}?"`.
  static List<Expr> parts(Expr expression) {
    return switch (expression) {
      case Expr.Items(List<Expr> items, int _) -> items;
      case Expr.Text(List<Expr> parts, int _) -> parts;
      default -> List.of(expression);
    };
  }

  /// What was taken apart: `url` in `urlparse(url).hostname`.
  static Expr origin(Expr expression) {
    return switch (expression) {
      case Expr.Member(Expr object, String _, int _) -> origin(object);
      case Expr.Call call when !call.args().isEmpty() -> origin(call.args().getFirst().value());
      case Expr.Call call -> origin(call.callee());
      default -> expression;
    };
  }

  /// `parsed.hostname`, `uri.getHost()`, `u.Hostname()`.
  static boolean isHost(Expr expression) {
    return switch (expression) {
      case Expr.Member(Expr _, String name, int _) -> HOSTS.contains(name);
      case Expr.Call call -> call.args().isEmpty() && isHost(call.callee());
      default -> false;
    };
  }

  private static final Set<String> HOSTS =
      Set.of("hostname", "netloc", "host", "origin", "Host", "Hostname", "getHost", "getAuthority");

  /// The variable, null where it is none.
  @Nullable String variable(Expr expression) {
    return switch (expression) {
      case Expr.Name(String name, int _) -> name;
      case Expr.Member(Expr.Name(String owner, int _), String name, int _)
          when owner.equals("this") || owner.equals("self") ->
          "this." + name;
      case Expr.Call call
          when call.callee() instanceof Expr.Member(Expr object, String name, int _)
              && name.equals("resolveActivity") ->
          variable(object);
      case Expr.Member member
          when member.object() instanceof Expr.Member || isItself(member.object()) ->
          all.expressions.members.keep(all.expressions.member(member, true));
      case Expr.Member(Expr.Name(String owner, int _), String field, int _)
          when all.definitions.script() ->
          all.expressions.members.keep(
              owner, field, all.expressions.member((Expr.Member) expression, true));
      // str(path), filepath.Clean(path), path.toString()
      case Expr.Call call
          when call.args().size() == 1
              && !(call.callee() instanceof Expr.Member m
                  && !Character.isLowerCase(m.name().charAt(0))) ->
          variable(call.args().getFirst().value());
      case Expr.Call call
          when call.args().isEmpty()
              && call.callee() instanceof Expr.Member(Expr object, String name, int _)
              && KEEPS.contains(name) ->
          variable(object);
      case Expr.Call call
          when call.args().isEmpty()
              && all.language == ParsedLanguage.JAVA
              && call.callee() instanceof Expr.Member(Expr object, String name, int _)
              && object instanceof Expr.Name(String owner, int _) ->
          all.expressions.members.keep(
              owner, name + "()", all.expressions.members.told(call, given(object)));
      case Expr.Cast(String _, Expr value, int _) -> variable(value);
      // All but the quotes around it.
      case Expr.Slice(Expr object, Expr from, Expr to, int _) when isOne(from) && isLast(to) ->
          variable(object);
      default -> null;
    };
  }

  /// A parameter: what is told of `order.column` must not be taken for that of another object that
  /// came from the same call.
  private boolean isItself(Expr object) {
    return object instanceof Expr.Name(String name, int _)
        && all.expressions.quietly(object).name().equals(name);
  }

  /// What a method of an object gives that is from outside.
  private Value given(Expr object) {
    return Value.UNKNOWN.withTaints(all.expressions.quietly(object).taints());
  }

  private static boolean isOne(@Nullable Expr from) {
    return from instanceof Expr.Literal(Object value, int _) && Long.valueOf(1).equals(value);
  }

  private static boolean isLast(@Nullable Expr to) {
    return to instanceof Expr.Unary(String operator, Expr one, int _)
        && operator.equals("-")
        && isOne(one);
  }

  private static final Set<String> KEEPS =
      Set.of(
          "toString",
          "resolve",
          "normalize",
          "getCanonicalPath",
          "trim",
          "strip",
          "lower",
          "upper",
          "toLowerCase",
          "toUpperCase",
          "getPath",
          "toPath",
          "toFile",
          "toRealPath",
          "getCanonicalFile",
          "getAbsoluteFile",
          "getAbsolutePath",
          "toAbsolutePath",
          "getComponent",
          "getPackageName",
          "getPackage");
}
