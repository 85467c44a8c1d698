package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
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

  ToldMembers(Evaluator all) {
    this.all = all;
  }

  /// What is known of a member, by its whole name; null for nothing more than what is read.
  @Nullable Value known(String name) {
    return any ? all.env().get(TOLD + name) : null;
  }

  /// The name under which it is kept in the state; null when it is known already.
  @Nullable String keep(Value member) {
    if (member.isConstant() || member.shape() != 0 || !PLAIN.matcher(member.name()).matches()) {
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
