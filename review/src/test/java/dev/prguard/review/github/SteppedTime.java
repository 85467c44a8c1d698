package dev.prguard.review.github;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// A clock that moves only when somebody pauses on it.
final class SteppedTime extends Clock {
  static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private Instant now = START;
  private final List<Duration> pauses = new ArrayList<>();

  synchronized void pause(Duration duration) {
    pauses.add(duration);
    now = now.plus(duration);
  }

  synchronized List<Duration> pauses() {
    return List.copyOf(pauses);
  }

  Duration paused() {
    return Duration.between(START, instant());
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
