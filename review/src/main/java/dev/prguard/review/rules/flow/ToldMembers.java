package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What conditions tell of values that are read from an object each time and never put into a
/// variable: `if (!OK.test(req.query.name)) return;`, `if order.column not in COLUMNS: raise`.
final class ToldMembers {

  /// No name of a program has a blank in it.
  private static final String TOLD = "told ";

  /// Names with brackets may stand for several values.
  private static final Pattern PLAIN = Pattern.compile("[\\w$]+(?:\\.[\\w$]+)+");

  private final Evaluator all;
  private boolean any;

  /// Variables of whose members something was told.
  private final Set<String> of = new HashSet<>();

  ToldMembers(Evaluator all) {
    this.all = all;
  }

  static boolean isTold(String name) {
    return name.startsWith(TOLD);
  }

  /// What is known of a member, by its whole name; null for nothing more than what is read.
  @Nullable Value known(String name) {
    return any ? all.env().get(TOLD + name) : null;
  }

  /// The same of `job.repo`, where `job` is a variable: until that gets another value.
  @Nullable Value known(String variable, String field, Value member) {
    Value told = of.contains(variable) ? all.env().get(TOLD + variable + ' ' + field) : null;
    return told != null
            && member.shape() == 0
            && member.taints().size() == told.taints().size()
            && member.taints().stream()
                .allMatch(each -> told.taints().stream().anyMatch(each::sameSource))
        ? told
        : null;
  }

  /// The same of what a call without arguments gives each time, `order.title()` of a record; else
  /// what it gives.
  Value told(Expr.Call call, Value given) {
    if (all.language == ParsedLanguage.JAVA
        && call.args().isEmpty()
        && call.callee() instanceof Expr.Member(Expr object, String method, int _)
        && object instanceof Expr.Name(String variable, int _)) {
      Value told = known(variable, method + "()", given);
      return told == null ? given : told;
    }
    return given;
  }

  /// The name under which that is kept.
  @Nullable String keep(String variable, String field, Value member) {
    if (member.taints().isEmpty() || member.shape() != 0) {
      return null;
    }
    of.add(variable);
    String name = TOLD + variable + ' ' + field;
    all.env().tell(name, member);
    return name;
  }

  /// The variable gets another value.
  void forget(String variable) {
    if (of.contains(variable)) {
      all.env().drop(TOLD + variable + ' ');
    }
  }

  /// What a condition has shown of a value holds for the member that it was read from as well:
  /// `hdr.Linkname` behind a check of `filepath.Join(dir, hdr.Linkname)`.
  void cleared(Value examined, long kinds) {
    for (Taint taint : examined.taints()) {
      if (PLAIN.matcher(taint.source()).matches()) {
        any = true;
        Value member = Value.named(taint.source()).withTaint(taint.cleared(kinds));
        all.env().tell(TOLD + taint.source(), member);
      }
    }
  }

  /// The name under which it is kept in the state; null when it is known already.
  @Nullable String keep(Value member) {
    if (member.isConstant() || member.shape() != 0 || !PLAIN.matcher(member.name()).matches()) {
      return null;
    }
    any = true;
    String name = TOLD + member.name();
    if (all.env().get(name) == null) {
      all.env().tell(name, member);
    }
    return name;
  }
}
