package dev.prguard.review.rules;

import dev.prguard.review.result.Coverage;
import dev.prguard.review.result.Finding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the rules say about a change.
///
/// @param findings in the order of the diff's files, then by line
/// @param looks how the rules saw each file, by path, in the order of the diff; every file of the
///   diff and every gap of the change is there
/// @param notes what else the reader must know, one line each: findings that were left out because
///   somebody said so, commits that were not looked at
public record RuleScan(
    List<Finding> findings, Map<String, Coverage.Look> looks, List<String> notes) {
  public RuleScan {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
    looks = Collections.unmodifiableMap(new LinkedHashMap<>(looks));
  }
}
