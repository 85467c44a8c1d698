package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayList;
import java.util.List;

/// What a call that nobody knows hands on of its arguments. What is made with a secret is not the
/// secret: a client, a connection. What is found by an id is not what the caller wrote. What a
/// model answers is not what it was told.
final class HandedOn {

  private static final Pattern CONNECTS =
      Pattern.compile(
          "connect|connect_\\w+|(?:create|open|make)_?(?:[Ee]ngine|async_engine|[Pp]ool|[Cc]lient|[Cc]onnection|[Ss]ession)"
              + "|from_?[Uu]r[li]|configure|getConnection|signer|createTransport");

  private static final Pattern FINDS =
      Pattern.compile("(?:get|load|find|fetch|lookup|read|history|session|conversation)[\\w$]*");

  /// What a model answers is not what it was told.
  private static final Pattern ASKS =
      Pattern.compile(
          "a?invoke|a?create|a?parse|a?chat|a?complete|a?completion|a?generate\\w*|a?stream\\w*|run|ask\\w*|a?predict|call");

  private HandedOn() {}

  /// @param given of the arguments
  static List<Taint> of(List<Taint> given, CallSite site, Evaluator all) {
    FlowModel model = all.model;
    if (given.isEmpty()) {
      return given;
    }
    String method = site.method();
    boolean made =
        site.making()
            || (all.language != ParsedLanguage.GO
                && !method.isEmpty()
                && Character.isUpperCase(method.charAt(0)))
            || CONNECTS.matches(method);
    boolean found = FINDS.matches(method);
    boolean asked = ASKS.matches(method);
    if (!made && !found && !asked) {
      return given;
    }
    long dropped = (made ? model.label("secret") : 0) | (asked ? model.label("instructions") : 0);
    List<Taint> handed = new ArrayList<>(given.size());
    for (Taint each : given) {
      Taint kept = each.without(dropped);
      // One without a label only says what was cleared.
      if (kept.labels() != 0 || each.labels() == 0) {
        handed.add(found ? kept.cleared(model.kind("chat")) : kept);
      }
    }
    return handed;
  }
}
