package dev.prguard.traceql.engine;

import dev.prguard.trace.query.QueryTimeoutException;
import java.time.Duration;
import java.time.Instant;

/// When a query has to have ended.
final class Deadline {
  private final Instant at;
  private final Duration timeout;
  private final long nanoTime;

  Deadline(Instant now, Duration timeout) {
    this.at = now.plus(timeout);
    this.timeout = timeout;
    this.nanoTime = System.nanoTime() + timeout.toNanos();
  }

  Instant at() {
    return at;
  }

  /// @throws QueryTimeoutException when it is over, or the thread was told to stop
  void check() {
    if (System.nanoTime() - nanoTime > 0) {
      throw new QueryTimeoutException(
          "the query took longer than " + timeout.toMillis() + " ms: narrow its range or filter");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new QueryTimeoutException("the query was cancelled");
    }
  }
}
