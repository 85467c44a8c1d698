package dev.prguard.review.cost;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// How much a review may cost. A call reserves the most that it can cost before it goes out and
/// settles with what it did cost, so parallel callers cannot overshoot together. Thread-safe.
public final class Budget {
  private final OptionalLong limit;
  // Guarded by this: what was spent, and what calls on the way may yet cost.
  private long spent;
  private long reserved;

  private Budget(OptionalLong limit) {
    this.limit = limit;
  }

  public static Budget unlimited() {
    return new Budget(OptionalLong.empty());
  }

  /// @param nanoUsd nano-dollars, 0 or more
  public static Budget ofNanoUsd(long nanoUsd) {
    if (nanoUsd < 0) {
      throw new IllegalArgumentException("nanoUsd: " + nanoUsd + " (expected: 0 or more)");
    }
    return new Budget(OptionalLong.of(nanoUsd));
  }

  public boolean limited() {
    return limit.isPresent();
  }

  /// Nano-dollars of the limit; empty when there is none.
  public OptionalLong limitNanoUsd() {
    return limit;
  }

  /// Nano-dollars spent by settled calls; a call whose cost stayed unknown counts with the most
  /// that it could cost.
  public synchronized long spentNanoUsd() {
    return spent;
  }

  /// Sets money aside for a call; empty when it could go over the limit.
  public synchronized Optional<Reservation> reserve(long worstCaseNanoUsd) {
    if (worstCaseNanoUsd < 0) {
      throw new IllegalArgumentException(
          "worstCaseNanoUsd: " + worstCaseNanoUsd + " (expected: 0 or more)");
    }
    if (limit.isPresent() && worstCaseNanoUsd > limit.getAsLong() - spent - reserved) {
      return Optional.empty();
    }
    reserved = Math.addExact(reserved, worstCaseNanoUsd);
    return Optional.of(new Reservation(worstCaseNanoUsd));
  }

  /// As [#reserve(long)]; an unknown price is refused when there is a limit, because nothing could
  /// hold it.
  public Optional<Reservation> reserve(OptionalLong worstCaseNanoUsd) {
    if (worstCaseNanoUsd.isEmpty() && limited()) {
      return Optional.empty();
    }
    return reserve(worstCaseNanoUsd.orElse(0));
  }

  /// As [#reserve(OptionalLong)], but when only the reservations of other calls stand in the way it
  /// waits for them to be settled: most calls cost far less than they might.
  ///
  /// @param patience how long to wait at most
  public synchronized Optional<Reservation> reserveWhenFree(
      OptionalLong worstCaseNanoUsd, Duration patience) throws InterruptedException {
    long start = System.nanoTime();
    while (true) {
      Optional<Reservation> reservation = reserve(worstCaseNanoUsd);
      boolean hopeless =
          worstCaseNanoUsd.isEmpty() || worstCaseNanoUsd.getAsLong() > remainingNanoUsd();
      if (reservation.isPresent() || hopeless) {
        return reservation;
      }
      long leftMs = patience.minusNanos(System.nanoTime() - start).toMillis();
      if (leftMs <= 0) {
        return Optional.empty();
      }
      wait(leftMs);
    }
  }

  /// Nano-dollars not yet spent, reservations not counted; Long.MAX_VALUE without a limit.
  public synchronized long remainingNanoUsd() {
    return limit.isPresent() ? Math.max(0, limit.getAsLong() - spent) : Long.MAX_VALUE;
  }

  /// Money set aside for one call.
  public final class Reservation {
    private final long worstCase;
    private boolean settled;

    private Reservation(long worstCase) {
      this.worstCase = worstCase;
    }

    /// Replaces what was set aside by the real cost. An unknown cost is booked as the worst case.
    /// Settling again changes nothing.
    public void settle(Cost cost) {
      long real =
          switch (cost) {
            case Cost.Known(long nanoUsd) -> nanoUsd;
            case Cost.Unknown(long known) -> Math.max(known, worstCase);
          };
      synchronized (Budget.this) {
        if (!settled) {
          settled = true;
          reserved -= worstCase;
          spent = Math.addExact(spent, real);
          Budget.this.notifyAll();
        }
      }
    }
  }
}
