package dev.prguard.review.rules;

import java.util.List;

/// A mechanical fix: text steps over the finding's lines that keep the meaning but for the danger
/// (`verify=False` becomes `verify=True`).
///
/// @param steps applied in order, each until it changes nothing more
public record RuleFix(List<Step> steps) {

  /// @param find RE2 expression
  /// @param replacement with `$1` or `${1}` for groups 1 to 9
  public record Step(String find, String replacement) {}

  public RuleFix {
    steps = List.copyOf(steps);
  }
}
