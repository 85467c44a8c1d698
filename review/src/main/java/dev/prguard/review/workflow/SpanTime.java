package dev.prguard.review.workflow;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// The time of one review: read once for a span's end and for its `latency.ms`, so that the two
/// agree however slow the machine is between them.
///
/// @param epochNanos the wall clock at the start of the review
/// @param nanoTime `System.nanoTime()` at that moment
record SpanTime(long epochNanos, long nanoTime) {

  static SpanTime start() {
    // The machine's clock, as OpenTelemetry takes it for the spans below.
    Instant now = Instant.now();
    return new SpanTime(
        TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano(), System.nanoTime());
  }

  /// ns since the epoch.
  ///
  /// @param at a later `System.nanoTime()`
  long epochNanos(long at) {
    return epochNanos + at - nanoTime;
  }
}
