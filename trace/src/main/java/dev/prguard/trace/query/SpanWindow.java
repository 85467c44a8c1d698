package dev.prguard.trace.query;

/// A span of time, in ns since the epoch.
public sealed interface SpanWindow {
  long fromNanos();

  long toNanos();

  /// Spans whose start lies in (from, to]. Metrics count by this.
  record Starts(long fromNanos, long toNanos) implements SpanWindow {}

  /// All spans of traces that overlap [from, to]: the trace's earliest start is at most `to`, its
  /// latest end at least `from`. Searches keep whole traces by this.
  record Overlaps(long fromNanos, long toNanos) implements SpanWindow {}
}
