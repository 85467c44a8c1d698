package dev.prguard.bench.detection;

import java.util.Set;

/// A file that is vulnerable in one known way, or only looks so.
///
/// @param category as the table names it
/// @param cwes findings with one of these are about the category
record LabelledCase(
    String category, Set<String> cwes, String path, String text, boolean vulnerable) {
  LabelledCase {
    cwes = Set.copyOf(cwes);
  }
}
