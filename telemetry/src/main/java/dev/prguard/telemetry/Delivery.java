package dev.prguard.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.telemetry.Outbox.Origin;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sends ended spans in the background, on one daemon thread: first those of this run, from the
/// store's own log, then what earlier runs had to keep. A log is sent in order, and its cursor
/// moves on when the receiver has answered, so that nothing is sent again that was acknowledged.
final class Delivery {
  /// Spans that only memory has, because the store failed; what comes on top is lost.
  private static final int MAX_EXPOSED = 20_000;

  /// A receiver may refuse all of a batch for one span in it. So many requests find that one.
  private static final int MAX_REFUSALS = 16;

  /// So many failures in a row, of whatever logs, and the receiver itself is broken.
  private static final int MAX_FAILURES = 3 * MAX_REFUSALS;

  /// How long a thread that was told to stop may take to do so.
  private static final Duration GRACE = Duration.ofMillis(100);

  private final OtlpEndpoint endpoint;
  private final Tally tally;
  private final SpanStore store;
  private final Spool spool;
  private final long maxSpoolBytes;
  private final Pace pace;

  /// Spans that could not be appended to the store.
  private final InMemorySpanStore exposedSpans = new InMemorySpanStore();

  /// Of this run, in the order in which they were begun. Guarded by itself.
  private final List<Outbox> own = new ArrayList<>();

  /// Of earlier runs, the oldest first. The delivery thread's, and close()'s after it.
  private final Deque<Outbox> earlier = new ArrayDeque<>();

  /// Logs that this run leaves alone, because the receiver failed on them. The delivery thread's.
  private final Set<Cursor> held = new HashSet<>();

  /// Since the receiver last took something. The delivery thread's.
  private int failures;

  private int exposed;
  private @Nullable Thread thread;

  /// What follows from the answer to a batch.
  private enum Then {
    GO_ON,
    /// Nothing more of its log in this run; others may be taken.
    HOLD_LOG,
    /// No other batch has a chance either.
    STOP
  }

  /// @param maxSpoolBytes how much of earlier runs is owed at most
  Delivery(OtlpEndpoint endpoint, Tally tally, SpanStore store, Spool spool, long maxSpoolBytes) {
    this.endpoint = endpoint;
    this.tally = tally;
    this.store = store;
    this.spool = spool;
    this.maxSpoolBytes = maxSpoolBytes;
    this.pace = new Pace(endpoint.timeout());
  }

  /// Notes that a log is owed to the receiver, before the first span of it is appended.
  void begin(String log) {
    synchronized (own) {
      if (own.stream().anyMatch(outbox -> outbox.cursor().log().equals(log))) {
        return;
      }
      Cursor cursor;
      try {
        cursor = spool.begin(log);
      } catch (IOException e) {
        tally.waiting("delivery is not remembered: " + Variables.shown(String.valueOf(e)));
        cursor = Cursor.inMemory(log);
      }
      own.add(new Outbox(store, cursor, store.durable() ? Origin.RECORDED : Origin.EXPOSED));
    }
  }

  /// Takes a span that the store failed to keep.
  void expose(SpanRecord span) {
    synchronized (own) {
      if (exposed++ == 0) {
        own.add(new Outbox(exposedSpans, Cursor.inMemory(exposedSpans.log()), Origin.EXPOSED));
      }
      if (exposed <= MAX_EXPOSED) {
        exposedSpans.append(List.of(span));
      }
    }
  }

  /// Says that there are spans to send. Never blocks on the network.
  void signal() {
    synchronized (own) {
      if (thread == null) {
        thread = Thread.ofPlatform().daemon().name("telemetry-delivery").start(this::run);
      }
    }
    pace.signal();
  }

  /// Returns when all is settled, or at the latest after the timeout and a moment's grace. An
  /// interrupted caller waits all the same: it is bounded, and the flush is what it came for.
  void close(Duration timeout) {
    Thread sender;
    pace.close(timeout);
    synchronized (own) {
      sender = thread;
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
    if (!sender.isAlive()) {
      settle();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (OtlpSender sender = OtlpSender.to(endpoint, Signal.TRACES)) {
      boolean claimed = false;
      boolean goOn = true;
      while (goOn) {
        Batch batch = nextOwn();
        if (batch == null && !claimed) {
          claimed = true;
          claimEarlier();
        }
        if (batch == null) {
          batch = nextEarlier();
        }
        if (batch != null) {
          Then then = deliver(sender, batch);
          if (then == Then.HOLD_LOG) {
            held.add(batch.from().cursor());
          }
          goOn = then != Then.STOP;
        } else {
          goOn = pace.await();
        }
      }
    } catch (InterruptedException e) {
      // close() ran out of time and has said so.
    } catch (IOException | RuntimeException e) {
      // A daemon's stack trace helps no user; that these spans wait is what matters.
      tally.waiting("delivery failed: " + Variables.shown(String.valueOf(e.getMessage())));
    }
  }

  private @Nullable Batch nextOwn() throws IOException, InterruptedException {
    for (Outbox outbox : own()) {
      Batch batch = held.contains(outbox.cursor()) ? null : outbox.next();
      if (batch != null) {
        // Company makes a smaller and rarer request.
        return pace.linger(batch.entries().size()) ? outbox.next() : batch;
      }
    }
    return null;
  }

  private List<Outbox> own() {
    synchronized (own) {
      return List.copyOf(own);
    }
  }

  /// The newest debts up to the bound of the spool are sent, the oldest first. What is older is
  /// owed no more, and said: a receiver that has been away for months must not fill the disk.
  private void claimEarlier() throws IOException {
    long bytes = 0;
    for (Cursor cursor : spool.claimDebts().reversed()) {
      Outbox outbox = new Outbox(store, cursor, Origin.EARLIER);
      Outbox.Owed owed = outbox.owed();
      tally.owed(owed.spans());
      bytes += owed.bytes();
      if (bytes <= maxSpoolBytes) {
        earlier.addFirst(outbox);
      } else {
        giveUp(outbox, owed);
      }
    }
  }

  /// The spans stay in the store.
  private void giveUp(Outbox outbox, Outbox.Owed owed) throws IOException {
    String reason = "the spool is over its " + (maxSpoolBytes >> 20) + " MB";
    spool.setAside(
        outbox.cursor().log(), outbox.cursor().offset(), owed.end(), owed.spans(), reason);
    tally.givenUp(owed.spans(), reason);
    outbox.cursor().settle();
  }

  /// The next batch of the oldest log, dropping those that are settled.
  private @Nullable Batch nextEarlier() throws IOException {
    for (Outbox outbox : List.copyOf(earlier)) {
      if (held.contains(outbox.cursor())) {
        continue;
      }
      try {
        Batch batch = outbox.next();
        if (batch != null) {
          return batch;
        }
        // Its process has ended, so nobody will write the rest of it.
        String tail = outbox.tail();
        if (tail != null) {
          damaged(outbox.cursor(), tail);
        }
      } catch (IOException e) {
        damaged(outbox.cursor(), Variables.shown(String.valueOf(e.getMessage())));
      }
      earlier.remove(outbox);
      outbox.cursor().settle();
    }
    return null;
  }

  /// The intact part was sent; the rest stays in the store for whoever can read it.
  private void damaged(Cursor cursor, String reason) throws IOException {
    spool.setAside(cursor.log(), cursor.offset(), -1, 0, reason);
    tally.damaged(reason.startsWith(cursor.log()) ? reason : cursor.log() + ": " + reason);
  }

  private Then deliver(OtlpSender sender, Batch batch) throws IOException, InterruptedException {
    Outbox outbox = batch.from();
    Deque<Batch> parts = new ArrayDeque<>(List.of(batch));
    Deque<Doubtful> doubtful = new ArrayDeque<>();
    int refusals = 0;
    int inDoubt = 0;
    while (!parts.isEmpty()) {
      Batch part = parts.pop();
      switch (sent(sender, part)) {
        case Outcome.Acknowledged(long rejected, String message) -> {
          failures = 0;
          inDoubt = 0;
          setAside(doubtful);
          if (rejected > 0) {
            spool.setAside(part.from().cursor().log(), part.begin(), part.end(), rejected, message);
          }
          acknowledged(part, rejected, message);
        }
        case Outcome.Refused(String reason) -> {
          if (part.divisible() && ++refusals < MAX_REFUSALS) {
            split(part, parts);
          } else if (doubtful.isEmpty()) {
            refused(part, reason);
          } else {
            doubtful.add(new Doubtful(part, reason));
          }
        }
        case Outcome.TooLarge() -> {
          if (part.divisible()) {
            split(part, parts);
          } else if (doubtful.isEmpty()) {
            refused(part, "HTTP 413");
          } else {
            doubtful.add(new Doubtful(part, "HTTP 413"));
          }
        }
        case Outcome.Failed(String reason) -> {
          tally.waiting(reason);
          if (++failures >= MAX_FAILURES) {
            return Then.STOP;
          }
          if (++inDoubt >= MAX_REFUSALS) {
            return Then.HOLD_LOG;
          }
          if (part.divisible()) {
            split(part, parts);
          } else if (outbox.origin() != Origin.EARLIER) {
            // Its fault or the receiver's: the next run will see. Not given up in the first one.
            return Then.HOLD_LOG;
          } else {
            doubtful.add(new Doubtful(part, reason));
            Batch more = parts.isEmpty() ? outbox.readable(part.end()) : null;
            if (more != null) {
              parts.push(more);
            }
          }
        }
        case Outcome.Unwelcome _, Outcome.Unavailable _ -> {
          return Then.STOP;
        }
      }
    }
    return doubtful.isEmpty() ? Then.GO_ON : Then.HOLD_LOG;
  }

  /// A part on which the receiver failed, and that is not yet known to be the cause.
  private record Doubtful(Batch part, String reason) {}

  /// The receiver took what comes after them in the same log, so it is them that it cannot take.
  private void setAside(Deque<Doubtful> doubtful) throws IOException {
    for (Doubtful each : doubtful) {
      refused(each.part(), each.reason());
    }
    doubtful.clear();
  }

  private static void split(Batch part, Deque<Batch> parts) throws InvalidProtocolBufferException {
    parts.push(part.secondHalf());
    parts.push(part.firstHalf());
  }

  private void refused(Batch part, String reason) throws IOException {
    spool.setAside(part.from().cursor().log(), part.begin(), part.end(), part.spans(), reason);
    acknowledged(part, part.spans(), reason);
  }

  private void acknowledged(Batch part, long rejected, String message) throws IOException {
    part.from().cursor().advance(part.end());
    tally.acknowledged(part, rejected, message);
  }

  /// Sends until there is an answer that settles, or no hope: [Outcome.Unwelcome] or
  /// [Outcome.Unavailable].
  private Outcome sent(OtlpSender sender, Batch batch) throws InterruptedException {
    Pace.Attempts attempts = pace.attempts();
    while (true) {
      Duration patience = pace.patience();
      if (patience.isZero()) {
        return new Outcome.Unavailable("no time left", null, true);
      }
      Outcome outcome = sender.send(batch.body(), batch.spans(), patience);
      switch (outcome) {
        case Outcome.Unwelcome(String reason) -> {
          tally.waiting(reason);
          return outcome;
        }
        case Outcome.Unavailable unavailable -> {
          tally.waiting(unavailable.reason());
          if (!attempts.again(unavailable.retryAfter(), unavailable.reached())) {
            return outcome;
          }
        }
        case Outcome.Acknowledged _, Outcome.Refused _, Outcome.TooLarge _, Outcome.Failed _ -> {
          return outcome;
        }
      }
    }
  }

  /// At the end: what is settled whole is owed no more, the rest is left to the next run.
  private void settle() {
    for (Outbox outbox : own()) {
      settle(outbox);
    }
    earlier.forEach(this::settle);
    try {
      spool.lastError(tally.waitingReason());
    } catch (IOException e) {
      // It is only for `telemetry status`.
    }
  }

  private void settle(Outbox outbox) {
    try (Cursor cursor = outbox.cursor()) {
      if (outbox.next() == null) {
        cursor.settle();
      }
    } catch (IOException e) {
      tally.waiting("delivery is not remembered: " + Variables.shown(String.valueOf(e)));
    }
  }
}
