package dev.prguard.service;

import dev.prguard.insight.prometheus.SpanMetrics;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.trace.SpanRecord;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Takes spans in: requests are read on a few platform threads, which append to the store, and one
/// more thread forces what all of them appended to the disk with one fsync (group commit). A
/// request is answered after that, so what is acknowledged survives the machine.
final class SpanIntake implements AutoCloseable {
  /// A segment that nobody writes to any more can be removed once it is in a block.
  private static final long SEGMENT_BYTES = 32L << 20;

  private static final int WAITING_COMMITS = 1024;

  private final EmbeddedSpanStore store;
  private final SpanMetrics metrics;
  private final ExecutorService readers;
  private final Thread committer;
  private final BlockingQueue<Commit> waiting = new ArrayBlockingQueue<>(WAITING_COMMITS);

  /// Bytes of requests that are being received, read or committed.
  private final AtomicLong bytesInFlight = new AtomicLong();

  private final long maxBytesInFlight;

  /// Bytes that stand in segments and in no block, about: each query holds all of them in memory.
  private final AtomicLong backlog = new AtomicLong();

  /// So much may wait for the compactor in a burst, on the disk; then senders have to. It is about
  /// what a query waits for ([QueryPool]) on two cores.
  private static final long MAX_BACKLOG = 320L << 20;

  /// So much of it fits into memory beside a query: spans take about as much there.
  private final long maxQueried = Math.max(14L << 20, Runtime.getRuntime().maxMemory() / 8);

  private final AtomicLong received = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong refusedRequests = new AtomicLong();

  /// Guarded by the committer's thread.
  private long segmentBytes;

  private volatile boolean closed;

  /// @param rejected how many spans were not taken
  /// @param reason why; no text for nothing
  record Outcome(int rejected, String reason) {
    static final Outcome ALL = new Outcome(0, "");
  }

  private record Commit(long bytes, CompletableFuture<Outcome> done, Outcome outcome) {}

  /// The store cannot take more now; the sender should come again.
  static final class OverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OverloadedException(String message) {
      super(message, null, false, false);
    }
  }

  SpanIntake(EmbeddedSpanStore store, SpanMetrics metrics, long maxBytesInFlight) {
    this.store = store;
    this.metrics = metrics;
    this.maxBytesInFlight = maxBytesInFlight;
    this.readers =
        Executors.newFixedThreadPool(
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8),
            Thread.ofPlatform().daemon().name("intake-", 0).factory());
    this.committer = Thread.ofPlatform().daemon().name("commit").start(this::commit);
  }

  /// Room for a request, to be given back; or none, so that the sender has to wait. One request is
  /// always let in, whatever its size.
  boolean reserve(long bytes) {
    long before = bytesInFlight.getAndAdd(bytes);
    if (closed
        || backlog.get() > MAX_BACKLOG
        || (before > 0 && before + bytes > maxBytesInFlight)) {
      bytesInFlight.addAndGet(-bytes);
      refusedRequests.incrementAndGet();
      return false;
    }
    return true;
  }

  void release(long bytes) {
    bytesInFlight.addAndGet(-bytes);
  }

  /// Reads, appends and forces. The future fails with what `arrival` threw, with
  /// [UncheckedIOException] where the store failed, and with [OverloadedException].
  ///
  /// @param bytes about how much is appended
  CompletableFuture<Outcome> take(long bytes, Supplier<IngestRules.Arrival> arrival) {
    CompletableFuture<Outcome> done = new CompletableFuture<>();
    try {
      readers.execute(() -> {
        try {
          append(bytes, arrival.get(), done);
        } catch (RuntimeException | Error e) {
          done.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(new OverloadedException("the server is stopping"));
    }
    return done;
  }

  private void append(long bytes, IngestRules.Arrival arrival, CompletableFuture<Outcome> done) {
    Outcome outcome =
        arrival.rejected() == 0
            ? Outcome.ALL
            : new Outcome(
                arrival.rejected(),
                arrival.rejected() + " spans have no valid trace, span or parent id");
    rejected.addAndGet(arrival.rejected());
    if (arrival.asSent().isPresent()) {
      store.append(arrival.batches().getFirst(), arrival.asSent().get());
    } else {
      arrival.batches().forEach(store::append);
    }
    backlog.addAndGet(bytes);
    for (List<SpanRecord> batch : arrival.batches()) {
      batch.forEach(metrics::count);
    }
    received.addAndGet(arrival.spans());
    try {
      waiting.put(new Commit(bytes, done, outcome));
    } catch (InterruptedException e) {
      done.completeExceptionally(new OverloadedException("the server is stopping"));
    }
  }

  private void commit() {
    List<Commit> batch = new ArrayList<>();
    while (!closed || !waiting.isEmpty()) {
      try {
        Commit first = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        waiting.drainTo(batch);
        force(batch);
      } catch (InterruptedException e) {
        closed = true;
      } finally {
        batch.clear();
      }
    }
  }

  private void force(List<Commit> batch) {
    try {
      store.force();
      // They are safe now, whatever becomes of a new segment.
      batch.forEach(commit -> commit.done().complete(commit.outcome()));
      segmentBytes += batch.stream().mapToLong(Commit::bytes).sum();
      if (segmentBytes > SEGMENT_BYTES) {
        store.beginSegment();
        segmentBytes = 0;
      }
    } catch (UncheckedIOException e) {
      batch.forEach(commit -> commit.done().completeExceptionally(e));
    }
  }

  /// Told by whoever puts segments into blocks.
  void backlog(long bytes) {
    backlog.set(bytes);
  }

  /// Whether so much waits for the compactor, of a burst or from earlier runs, that a query would
  /// not fit into memory.
  boolean isTooFarBehind() {
    return backlog.get() > maxQueried;
  }

  long received() {
    return received.get();
  }

  long rejected() {
    return rejected.get();
  }

  long refusedRequests() {
    return refusedRequests.get();
  }

  long bytesInFlight() {
    return bytesInFlight.get();
  }

  /// Ends after what was taken in is committed.
  @Override
  public void close() {
    readers.shutdown();
    try {
      if (!readers.awaitTermination(3, TimeUnit.SECONDS)) {
        readers.shutdownNow();
      }
      closed = true;
      committer.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
