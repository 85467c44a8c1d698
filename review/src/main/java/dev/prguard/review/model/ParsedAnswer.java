package dev.prguard.review.model;

import java.util.List;

/// What could be read from a model's answer.
///
/// @param findings those that were whole, in order
/// @param truncated whether the text ends before its structure does
/// @param dropped findings that were begun or broken and could not be read, or were announced and
///   are not there
/// @param problems one line each
public record ParsedAnswer(
    List<ModelFinding> findings, boolean truncated, int dropped, List<String> problems) {

  public ParsedAnswer {
    findings = List.copyOf(findings);
    problems = List.copyOf(problems);
  }

  /// Whether the text was an answer at all: a list of findings, an empty one included.
  public boolean readable() {
    return !findings.isEmpty() || problems.isEmpty();
  }
}
