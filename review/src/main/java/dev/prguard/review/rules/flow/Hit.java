package dev.prguard.review.rules.flow;

import java.util.List;

/// A place that a rule objects to.
///
/// @param rule its position in the list that the model was made of
/// @param line of the sink, 1-based
/// @param endLine where the sink's call ends
/// @param path the lines from source to sink in order; empty when nothing flows
/// @param source what was read at the source, empty when nothing flows
/// @param suspect whether it is only likely: the value is not known to come from outside
public record Hit(
    int rule, int line, int endLine, List<Integer> path, String source, boolean suspect) {
  public Hit {
    path = List.copyOf(path);
  }
}
