package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.syntax.ParsedLanguage;
import org.jspecify.annotations.Nullable;

/// What conditions tell of values that are read from an object each time and never put into a
/// variable: `if (!OK.test(req.query.name)) return;`.
final class ToldMembers {

  /// No name of a program has a blank in it.
  private static final String TOLD = "told ";

  /// Names with brackets may stand for several values.
  private static final Pattern PLAIN = Pattern.compile("[\\w$]+(?:\\.[\\w$]+)+");

  private final Evaluator all;
  private boolean any;

  ToldMembers(Evaluator all) {
    this.all = all;
  }

  /// What is known of a member, by its whole name; null for nothing more than what is read.
  @Nullable Value known(String name) {
    return any ? all.env().get(TOLD + name) : null;
  }

  /// The same for what a method without arguments gives each time: `order.title()` of a record.
  @Nullable String keep(String variable, String method, Value owner) {
    if (owner.taints().isEmpty()) {
      return null;
    }
    any = true;
    String name = TOLD + given(variable, method);
    if (all.env().get(name) == null) {
      all.env().set(name, Value.UNKNOWN.withTaints(owner.taints()));
    }
    return name;
  }

  /// What a call gives, or what is known of that by now.
  Value told(Expr.Call call, Value given) {
    if (any
        && !given.taints().isEmpty()
        && call.args().isEmpty()
        && all.language == ParsedLanguage.JAVA
        && call.callee() instanceof Expr.Member(Expr object, String method, int _)
        && object instanceof Expr.Name(String variable, int _)) {
      Value told = known(given(variable, method));
      return told == null ? given : told;
    }
    return given;
  }

  private static String given(String variable, String method) {
    return variable + '.' + method + "()";
  }

  /// A variable holds something else now.
  void forget(String variable) {
    if (any) {
      all.env().drop(TOLD + variable + '.');
    }
  }

  /// The name under which it is kept in the state; null when it is not from outside.
  @Nullable String keep(Value member) {
    if (member.taints().isEmpty()
        || member.shape() != 0
        || !PLAIN.matcher(member.name()).matches()) {
      return null;
    }
    any = true;
    String name = TOLD + member.name();
    if (all.env().get(name) == null) {
      all.env().set(name, member);
    }
    return name;
  }
}
