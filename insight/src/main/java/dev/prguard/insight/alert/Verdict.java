package dev.prguard.insight.alert;

import dev.prguard.trace.query.TraceQueries.TimeRange;
import java.time.Duration;
import java.util.List;

/// What a check found out about one rule.
///
/// @param window over which the numbers were taken
/// @param readings one for each series; empty where there is nothing to judge
/// @param worst the traces to look at, the worst first; only of a breach
public record Verdict(
    AlertRule rule, State state, TimeRange window, List<Reading> readings, List<Worst> worst) {
  public Verdict {
    readings = List.copyOf(readings);
    worst = List.copyOf(worst);
  }

  /// How it stands.
  public enum State {
    FINE,
    BREACHED,
    /// Nothing to judge, which is fine.
    NO_DATA
  }

  /// One number.
  ///
  /// @param series what it belongs to, `patch` for an operation; empty for everything together
  public record Reading(String series, double value, boolean breached) {}

  /// A trace to look at.
  ///
  /// @param what the span's operation and the value that counts, for people
  public record Worst(String traceId, String what) {}

  public Duration length() {
    return Duration.between(window.start(), window.end());
  }
}
