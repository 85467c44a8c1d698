package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
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

  /// What a condition has shown of a value holds for the member that it was read from as well:
  /// `hdr.Linkname` behind a check of `filepath.Join(dir, hdr.Linkname)`.
  void cleared(Value examined, long kinds) {
    for (Taint taint : examined.taints()) {
      if (PLAIN.matcher(taint.source()).matches()) {
        any = true;
        Value member = Value.named(taint.source()).withTaint(taint.cleared(kinds));
        all.env().set(TOLD + taint.source(), member);
      }
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
