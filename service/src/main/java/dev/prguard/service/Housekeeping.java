package dev.prguard.service;

import dev.prguard.store.EmbeddedSpanStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/// One thread that puts segments into blocks when enough stands in them.
final class Housekeeping implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final EmbeddedSpanStore store;
  private final Predicate<String> owed;
  private final LongConsumer backlog;
  private final Consumer<String> log;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicLong compactions = new AtomicLong();
  private final Thread thread;

  /// @param backlog takes how many bytes stand in no block
  /// @param log takes a line for people
  Housekeeping(
      EmbeddedSpanStore store, Predicate<String> owed, LongConsumer backlog, Consumer<String> log) {
    this.store = store;
    this.backlog = backlog;
    this.owed = owed;
    this.log = log;
    this.thread = Thread.ofPlatform().daemon().name("compaction").start(this::run);
  }

  private void run() {
    String told = "";
    try {
      while (!stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          backlog.accept(store.status().uncompactedBytes());
          if (store.compactIfDue(owed).isPresent()) {
            compactions.incrementAndGet();
            backlog.accept(store.status().uncompactedBytes());
          }
          told = "";
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
          String message = "compaction failed, nothing is lost: " + e.getMessage();
          // A full disk would say the same twice a second.
          if (stop.getCount() > 0 && !message.equals(told)) {
            log.accept(message);
            told = message;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  long compactions() {
    return compactions.get();
  }

  /// A compaction that is under way goes on in the background; a kill of it loses nothing.
  @Override
  public void close() {
    stop.countDown();
    thread.interrupt();
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
