package dev.prguard.review.model;

import dev.prguard.review.result.Coverage;
import dev.prguard.review.result.Finding;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a model said about a change.
///
/// @param findings those that stand: each quotes a line that is really there
/// @param looks how the model saw each hunk that was asked for
/// @param problems one line each, for the user; secrets redacted
/// @param failed hunks that got no usable answer and may be asked of another model
/// @param phantoms findings thrown away because the line that they quote does not exist
public record ModelReview(
    List<Finding> findings,
    Map<HunkKey, Coverage.Look> looks,
    List<String> problems,
    Set<HunkKey> failed,
    int phantoms) {

  public ModelReview {
    findings = List.copyOf(findings);
    SortedMap<HunkKey, Coverage.Look> sortedLooks = new TreeMap<>(looks);
    looks = Collections.unmodifiableSortedMap(sortedLooks);
    problems = List.copyOf(problems);
    SortedSet<HunkKey> sortedFailed = new TreeSet<>(failed);
    failed = Collections.unmodifiableSortedSet(sortedFailed);
  }
}
