package dev.prguard.bench.detection;

import dev.prguard.review.result.Finding;
import java.util.Set;

/// A file that is vulnerable in one known way, or only looks so.
///
/// @param category as the table names it
/// @param cwes findings with one of these are about the category; or [#ANY], or [#SECRET]
/// @param line where the weakness is, 1-based: then a finding counts that is there, whatever its
///   CWE; 0 when anywhere in the file will do
/// @param from first line where a finding may begin for that
/// @param to last line where one may begin
record LabelledCase(
    String category,
    Set<String> cwes,
    String path,
    String text,
    boolean vulnerable,
    int line,
    int from,
    int to) {
  /// Every security finding counts.
  static final String ANY = "any";

  /// Findings of the rules for secrets count.
  static final String SECRET = "secret";

  /// How many lines a statement may begin before or end after the line of its label.
  private static final int NEAR = 2;

  LabelledCase {
    cwes = Set.copyOf(cwes);
  }

  LabelledCase(String category, Set<String> cwes, String path, String text, boolean vulnerable) {
    this(category, cwes, path, text, vulnerable, 0);
  }

  LabelledCase(
      String category, Set<String> cwes, String path, String text, boolean vulnerable, int line) {
    this(category, cwes, path, text, vulnerable, line, line - NEAR, line + NEAR);
  }

  /// Whether a finding says of this file what its label says; of a safe file: what it should not.
  boolean isToldBy(Finding finding) {
    if (finding.category() != Finding.Category.SECURITY) {
      return false;
    }
    if (line > 0) {
      return (finding.line() <= line && line <= finding.endLine())
          || (from <= finding.line() && finding.line() <= to)
          || (from <= finding.endLine() && finding.endLine() <= to);
    }
    return cwes.contains(ANY)
        || cwes.contains(finding.cwe())
        || (cwes.contains(SECRET) && finding.rule().startsWith("secret."));
  }
}
