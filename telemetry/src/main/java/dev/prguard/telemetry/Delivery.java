package dev.prguard.telemetry;

import dev.prguard.telemetry.OtlpHttpSender.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Sends ended spans in the background, on one daemon thread that starts with the first span.
/// Nothing here is the only copy of a span: the store has it already, so whatever is not sent is
/// kept, and told so.
final class Delivery {
  /// Far over the spans of one review. What comes on top is kept in the store.
  private static final int MAX_QUEUE = 20_000;

  private static final int MAX_BATCH = 512;

  /// How long the first span of a batch waits for company.
  private static final Duration LINGER = Duration.ofMillis(200);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /// Attempts at the end of the process while there is no receiver: waiting for one that is down
  /// would hold up every review by the whole flush timeout.
  private static final int LAST_ATTEMPTS = 3;

  /// How long a thread that was told to stop may take to do so.
  private static final Duration GRACE = Duration.ofMillis(100);

  private final OtlpEndpoint endpoint;
  private final Tally tally;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Batch.Item> queue = new ArrayDeque<>();
  private @Nullable Thread thread;
  private boolean stopped;
  private boolean closing;

  /// Of System.nanoTime, once closing.
  private long deadline;

  Delivery(OtlpEndpoint endpoint, Tally tally) {
    this.endpoint = endpoint;
    this.tally = tally;
  }

  /// Never blocks on the network.
  void offer(Batch.Item item) {
    lock.lock();
    try {
      if (stopped || closing) {
        return;
      }
      if (queue.size() >= MAX_QUEUE) {
        tally.waiting("more than " + MAX_QUEUE + " spans waited");
        return;
      }
      queue.add(item);
      if (thread == null) {
        thread = Thread.ofPlatform().daemon().name("telemetry-delivery").start(this::run);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Returns when all is settled, or at the latest after the timeout and a moment's grace. An
  /// interrupted caller waits all the same: it is bounded, and the flush is what it came for.
  void close(Duration timeout) {
    Thread sender;
    lock.lock();
    try {
      closing = true;
      deadline = System.nanoTime() + timeout.toNanos();
      sender = thread;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (sender == null) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      if (!sender.join(timeout)) {
        tally.waiting("not delivered within " + timeout.toMillis() + " ms");
        sender.interrupt();
        sender.join(GRACE);
      }
    } catch (InterruptedException e) {
      tally.waiting("interrupted");
      sender.interrupt();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (OtlpHttpSender sender = new OtlpHttpSender(endpoint, InstantSource.system())) {
      boolean goOn = true;
      while (goOn) {
        Batch batch = next();
        goOn = batch.size() > 0 && deliver(sender, batch);
      }
    } catch (InterruptedException e) {
      // close() ran out of time and has said so.
    } catch (RuntimeException e) {
      // A daemon's stack trace helps no user; that these spans wait is what matters.
      tally.waiting("delivery failed: " + Variables.shown(e.toString()));
    } finally {
      stop();
    }
  }

  private void stop() {
    lock.lock();
    try {
      stopped = true;
      queue.clear();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for spans; an empty batch is the end.
  private Batch next() throws InterruptedException {
    lock.lock();
    try {
      while (queue.isEmpty() && !closing) {
        changed.await();
      }
      long linger = LINGER.toNanos();
      while (!closing && queue.size() < MAX_BATCH && linger > 0) {
        linger = changed.awaitNanos(linger);
      }
      List<Batch.Item> items = new ArrayList<>();
      while (!queue.isEmpty() && items.size() < MAX_BATCH) {
        items.add(queue.remove());
      }
      return new Batch(items);
    } finally {
      lock.unlock();
    }
  }

  /// @return false when no other batch has a chance either
  private boolean deliver(OtlpHttpSender sender, Batch batch) throws InterruptedException {
    int attempts = 0;
    int lastAttempts = 0;
    while (true) {
      attempts++;
      Duration patience = patience();
      if (patience.isZero()) {
        return false;
      }
      switch (sender.send(batch.spans(), patience)) {
        case Outcome.Acknowledged(long rejected, String message) -> {
          tally.acknowledged(batch, rejected, message);
          return true;
        }
        case Outcome.Refused(String reason) -> {
          tally.acknowledged(batch, batch.size(), reason);
          return true;
        }
        case Outcome.TooLarge() -> {
          int half = batch.size() / 2;
          if (half == 0) {
            tally.acknowledged(batch, 1, "HTTP 413");
            return true;
          }
          return deliver(sender, batch.part(0, half))
              && deliver(sender, batch.part(half, batch.size()));
        }
        case Outcome.Unwelcome(String reason) -> {
          tally.waiting(reason);
          return false;
        }
        case Outcome.Unavailable(String reason, Duration retryAfter, boolean reached) -> {
          tally.waiting(reason);
          if (isClosing() && !reached && ++lastAttempts >= LAST_ATTEMPTS) {
            return false;
          }
          boolean again =
              retryAfter == null
                  ? pause(backoff(lastAttempts > 0 ? lastAttempts : attempts), true)
                  : pause(retryAfter, false);
          if (!again) {
            return false;
          }
        }
      }
    }
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /// How long the next request may take; zero when there is no time left.
  private Duration patience() {
    lock.lock();
    try {
      if (!closing) {
        return endpoint.timeout();
      }
      // At least a millisecond, which is what the sender counts in.
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      return left <= 0
          ? Duration.ZERO
          : Duration.ofMillis(Math.min(left, endpoint.timeout().toMillis()));
    } finally {
      lock.unlock();
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
