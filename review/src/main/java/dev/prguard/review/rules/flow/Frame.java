package dev.prguard.review.rules.flow;

import org.jspecify.annotations.Nullable;

/// A function that is being gone through.
final class Frame {
  final String marks;
  final Env exits;
  @Nullable Value result;

  /// The answer after whose proof is asked, null for none.
  @Nullable Boolean wanted;

  Frame(String marks, Effort effort) {
    this.marks = marks;
    exits = new Env(effort);
    exits.die();
  }
}
