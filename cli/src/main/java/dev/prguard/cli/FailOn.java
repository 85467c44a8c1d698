package dev.prguard.cli;

import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// From which severity on findings fail the run.
///
/// @param severity null for never
record FailOn(@Nullable Severity severity) {
  static final FailOn NEVER = new FailOn(null);
  static final FailOn HIGH = new FailOn(Severity.HIGH);

  /// `low`, `medium`, `high`, `critical` or `none`; empty for any other word.
  static Optional<FailOn> parse(String word) {
    if (word.equalsIgnoreCase("none")) {
      return Optional.of(NEVER);
    }
    for (Severity severity : Severity.values()) {
      if (severity.word().equals(word.toLowerCase(Locale.ROOT))) {
        return Optional.of(new FailOn(severity));
      }
    }
    return Optional.empty();
  }

  boolean failsOn(List<Finding> findings) {
    Severity threshold = severity;
    return threshold != null
        && findings.stream().anyMatch(finding -> finding.severity().atLeast(threshold));
  }
}
