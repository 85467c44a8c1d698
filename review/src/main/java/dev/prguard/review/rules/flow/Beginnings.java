package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.code.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a known beginning of a text proves of it.
final class Beginnings {

  /// How an address begins that may lead anywhere.
  private static final Pattern ANYWHERE =
      Pattern.compile("(?i)/|\\\\|https?(:/{0,2})?|ftp(:/{0,2})?|[a-z]+://[^/?#]*");

  private final Evaluator all;
  private final Guards guards;

  Beginnings(Evaluator all, Guards guards) {
    this.all = all;
    this.guards = guards;
  }

  static final Set<String> STARTS = Set.of("startswith", "startsWith", "HasPrefix", "hasPrefix");

  /// What a known beginning proves: `/srv/data` is also that of `/srv/data-private`, `/` that of
  /// `//other.example`, and `https://a.example` that of `https://a.example.org`.
  void starts(List<Expr> examined, long kinds, boolean truth) {
    List<String> texts = texts(examined.getLast());
    boolean doubled = texts.stream().anyMatch(text -> text.equals("//") || text.equals("/\\"));
    if (!truth) {
      if (doubled) {
        guards.clear(examined.getFirst(), all.model.kind("redirect"));
      }
      if (texts.stream().anyMatch(text -> text.startsWith(".."))
          && all.expressions.quietly(examined.getFirst()).name().endsWith("relative()")) {
        // path.relative(root, path) that does not lead up.
        guards.clear(examined.getFirst(), all.model.kind("path"));
      }
      return;
    }
    long open = 0;
    for (String text : texts) {
      if (text.startsWith("/") && text.length() > 1 && !text.endsWith("/")) {
        open |= all.model.kind("path");
      }
      if (ANYWHERE.matches(text)) {
        open |= all.model.kind("url") | all.model.kind("redirect");
      }
    }
    long proven = kinds & ~open;
    examined.forEach(each -> guards.clear(each, proven));
  }

  /// What an expression, or one of several in a list, is known to be.
  private List<String> texts(Expr expression) {
    List<String> texts = new ArrayList<>();
    for (Expr each : Examined.parts(expression)) {
      for (Object constant : all.expressions.quietly(each).constants()) {
        if (constant instanceof String text) {
          texts.add(text);
        }
      }
    }
    return texts;
  }
}
