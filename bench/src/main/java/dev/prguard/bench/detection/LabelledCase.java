package dev.prguard.bench.detection;

import java.util.Set;

/// A file that is vulnerable in one known way, or only looks so.
///
/// @param category as the table names it
/// @param cwes findings with one of these are about the category; or [#ANY], or [#SECRET]
record LabelledCase(
    String category, Set<String> cwes, String path, String text, boolean vulnerable) {
  /// Every security finding counts.
  static final String ANY = "any";

  /// Findings of the rules for secrets count.
  static final String SECRET = "secret";

  LabelledCase {
    cwes = Set.copyOf(cwes);
  }
}
