package dev.prguard.telemetry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// When the delivery sends, waits, tries again and gives up. Thread-safe.
final class Pace {
  /// How long the first span of a batch waits for company.
  private static final Duration LINGER = Duration.ofMillis(200);

  /// For the very first one only so long: its request makes the connection, and loads the code for
  /// it, while the review is still busy with other things.
  private static final Duration FIRST_LINGER = Duration.ofMillis(20);

  /// A batch of so many entries waits no longer.
  private static final int ENOUGH = 256;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /// Attempts at the end of the process while there is no receiver: waiting for one that is down
  /// would hold up every review by the whole flush timeout.
  private static final int LAST_ATTEMPTS = 3;

  private final Duration requestTimeout;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean signalled;
  private boolean closing;
  private boolean lingered;

  /// Of System.nanoTime, once closing.
  private long deadline;

  Pace(Duration requestTimeout) {
    this.requestTimeout = requestTimeout;
  }

  void signal() {
    lock.lock();
    try {
      signalled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void close(Duration timeout) {
    lock.lock();
    try {
      closing = true;
      deadline = System.nanoTime() + timeout.toNanos();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a signal, or takes one that has come already.
  ///
  /// @return false when it is over: all was sent, and no more will come
  boolean await() throws InterruptedException {
    lock.lock();
    try {
      while (!signalled && !closing) {
        changed.await();
      }
      boolean more = signalled;
      signalled = false;
      return more;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for company, unless there is enough of it or the end has come.
  ///
  /// @return whether it waited
  boolean linger(int entries) throws InterruptedException {
    lock.lock();
    try {
      if (closing || entries >= ENOUGH) {
        return false;
      }
      long left = (lingered ? LINGER : FIRST_LINGER).toNanos();
      lingered = true;
      while (!closing && left > 0) {
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// How long the next request may take; zero when there is no time left.
  Duration patience() {
    lock.lock();
    try {
      if (!closing) {
        return requestTimeout;
      }
      // At least a millisecond, which is what the sender counts in.
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      return left <= 0
          ? Duration.ZERO
          : Duration.ofMillis(Math.min(left, requestTimeout.toMillis()));
    } finally {
      lock.unlock();
    }
  }

  Attempts attempts() {
    return new Attempts();
  }

  /// The attempts at one batch.
  final class Attempts {
    private int failed;
    private int failedLast;

    /// Waits after a failed attempt.
    ///
    /// @param retryAfter what the receiver asked for, null when nothing
    /// @param reached whether there is a receiver at all
    /// @return whether to try again
    boolean again(@Nullable Duration retryAfter, boolean reached) throws InterruptedException {
      failed++;
      if (isClosing() && !reached && ++failedLast >= LAST_ATTEMPTS) {
        return false;
      }
      return retryAfter == null
          ? pause(backoff(failedLast > 0 ? failedLast : failed), true)
          : pause(retryAfter, false);
    }
  }

  /// Exponential with a fifth of jitter, as OTLP asks.
  private static Duration backoff(int attempts) {
    long base = FIRST_PAUSE.toMillis() << Math.min(attempts - 1, 10);
    long bounded = Math.min(base, LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(
        bounded + ThreadLocalRandom.current().nextLong(-bounded / 5, bounded / 5 + 1));
  }

  /// Waits before the next attempt.
  ///
  /// @param ends whether the beginning of close() ends the wait
  /// @return false when the next attempt would come after the deadline
  private boolean pause(Duration wait, boolean ends) throws InterruptedException {
    lock.lock();
    try {
      long until = System.nanoTime() + wait.toNanos();
      boolean wasClosing = closing;
      while (true) {
        if (closing && !wasClosing && ends) {
          return true;
        }
        if (closing && until - deadline >= 0) {
          return false;
        }
        long left = until - System.nanoTime();
        if (left <= 0) {
          return true;
        }
        changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
