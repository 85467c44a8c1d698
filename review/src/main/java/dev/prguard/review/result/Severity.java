package dev.prguard.review.result;

import java.util.Locale;

/// How bad a finding is, mildest first.
public enum Severity {
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  public boolean atLeast(Severity other) {
    return compareTo(other) >= 0;
  }

  /// The word used in every output: `low`, `medium`, `high`, `critical`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
