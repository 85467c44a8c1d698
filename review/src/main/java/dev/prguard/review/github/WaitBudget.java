package dev.prguard.review.github;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/// How long all requests of one client may wait for rate limits, together. A limit told to one
/// request holds the others too, and is charged once.
final class WaitBudget {
  private final Clock clock;
  private final Consumer<Duration> pause;
  private Duration left;
  private Instant blockedUntil = Instant.MIN;

  WaitBudget(Clock clock, Consumer<Duration> pause, Duration max) {
    this.clock = clock;
    this.pause = pause;
    this.left = max;
  }

  /// Lets nobody pass before `until`.
  ///
  /// @return false when the budget does not reach that far; nothing is blocked then
  synchronized boolean block(Instant until) {
    Instant from = clock.instant();
    if (blockedUntil.isAfter(from)) {
      from = blockedUntil;
    }
    if (!until.isAfter(from)) {
      return true;
    }
    Duration more = Duration.between(from, until);
    if (more.compareTo(left) > 0) {
      return false;
    }
    left = left.minus(more);
    blockedUntil = until;
    return true;
  }

  /// Waits as long as a limit holds.
  void await() {
    Duration wait;
    synchronized (this) {
      Instant now = clock.instant();
      wait = blockedUntil.isAfter(now) ? Duration.between(now, blockedUntil) : Duration.ZERO;
    }
    if (wait.isPositive()) {
      pause.accept(wait);
    }
  }
}
