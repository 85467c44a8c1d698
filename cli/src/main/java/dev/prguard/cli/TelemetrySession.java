package dev.prguard.cli;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.telemetry.FlushResult;
import dev.prguard.telemetry.Telemetry;
import dev.prguard.telemetry.TelemetryConfig;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanStore;
import io.opentelemetry.api.trace.Tracer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Telemetry for the time of one command: spans go to the embedded store, and by OTLP when an
/// endpoint is set. On every way out, signals included, what runs is interrupted so that its spans
/// end, and they are flushed, bounded.
final class TelemetrySession implements AutoCloseable {
  /// How long a signal waits for the interrupted review to end its spans.
  private static final Duration ABORT_PATIENCE = Duration.ofMillis(1_500);

  private final Telemetry telemetry;
  private final SpanStore store;
  private final Duration flushTimeout;
  private final PrintStream err;
  private final boolean remote;
  private final CountDownLatch ended = new CountDownLatch(1);

  private TelemetrySession(
      Telemetry telemetry,
      SpanStore store,
      Duration flushTimeout,
      PrintStream err,
      boolean remote) {
    this.telemetry = telemetry;
    this.store = store;
    this.flushTimeout = flushTimeout;
    this.err = err;
    this.remote = remote;
  }

  /// Starts telemetry. An unwritable data folder does not stop a review: its trace is then kept in
  /// memory only, and the user is told.
  ///
  /// @throws CommandException when a variable of OpenTelemetry is malformed
  static TelemetrySession start(Map<String, String> env, Duration flushTimeout, PrintStream err) {
    TelemetryConfig config;
    try {
      config = TelemetryConfig.from(env, Version.read());
    } catch (IllegalArgumentException e) {
      throw CommandException.wrongInput(String.valueOf(e.getMessage()), e);
    }
    Path folder = DataFolder.of(env);
    SpanStore store;
    try {
      store = EmbeddedSpanStore.open(folder);
    } catch (RuntimeException e) {
      err.println("pr-guard: warning: the trace is not kept: " + e.getMessage());
      store = new InMemorySpanStore();
    }
    TelemetrySession session =
        new TelemetrySession(
            Telemetry.start(config, store, store.durable() ? folder : null),
            store,
            flushTimeout,
            err,
            config.endpoint() != null);
    Thread owner = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().name("flush").unstarted(() -> session.interrupted(owner)));
    return session;
  }

  Tracer tracer() {
    return telemetry.tracer();
  }

  /// Whether, by the time it was closed, every span had reached where it should.
  boolean complete() {
    return telemetry.close(flushTimeout).complete();
  }

  /// Runs at the end of the process. After [#close] there is nothing left to do.
  private void interrupted(Thread owner) {
    if (ended.getCount() == 0) {
      return;
    }
    owner.interrupt();
    try {
      boolean _ = ended.await(ABORT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Flush at once then.
    }
    flush();
  }

  @Override
  public void close() {
    flush();
    ended.countDown();
    store.close();
  }

  private synchronized void flush() {
    if (ended.getCount() == 0) {
      return;
    }
    FlushResult result = telemetry.close(flushTimeout);
    if (remote || !result.complete()) {
      err.println(result.line());
    }
    String metrics = telemetry.metricsLine();
    if (metrics != null) {
      err.println(metrics);
    }
  }
}
