package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Function;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;

/// The functions that are gone through, the innermost first: what else they speak of. That a
/// function which keeps a text also keeps whose it is, or compares its digest, can be far from the
/// call that a rule objects to.
final class Surroundings {

  private final Deque<Function> functions = new ArrayDeque<>();
  private final IdentityHashMap<Function, String> mentions = new IdentityHashMap<>();

  void enter(Function function) {
    functions.push(function);
  }

  void leave() {
    functions.pop();
  }

  /// Whether one of them has a name or constant that matches.
  boolean mention(Expression pattern) {
    for (Function function : functions) {
      String text = mentions.computeIfAbsent(function, each -> Mentions.of(each.body()));
      if (pattern.find(text)) {
        return true;
      }
    }
    return false;
  }
}
