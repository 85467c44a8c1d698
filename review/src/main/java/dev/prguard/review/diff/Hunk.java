package dev.prguard.review.diff;

import java.util.List;

/// One hunk. Line numbers are 1-based; a start of 0 goes with a count of 0, as git writes it.
///
/// @param section the text after the second `@@` (git's function context), may be empty; hostile
///   text
public record Hunk(
    int oldStart, int oldCount, int newStart, int newCount, String section, List<DiffLine> lines) {

  public Hunk {
    lines = List.copyOf(lines);
  }
}
