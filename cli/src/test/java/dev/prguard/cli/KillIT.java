package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reviews killed with SIGKILL at seeded moments: every span that had ended is in the store, and
/// with the next run at the receiver.
final class KillIT {
  private static final int KILLS = 200;
  private static final int WORKERS = 2;

  @TempDir Path folder;

  /// Keeps spans as a tracing backend does: one of the same ids is the same span.
  private final InMemorySpanStore received = new InMemorySpanStore();

  private Answer take(Request request) {
    try {
      received.append(OtlpSpans.decode(request.body()).spans());
    } catch (InvalidProtocolBufferException e) {
      return Answer.bytes(400, "text/plain", new byte[0]);
    }
    return new Answer.Delayed(
        Duration.ofMillis(10), Answer.bytes(200, "application/x-protobuf", new byte[0]));
  }

  @Test
  void killedAtAnyMoment_noEndedSpanIsLost() throws Exception {
    Path diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);
    List<SpanRecord> stored = new ArrayList<>();
    int truncated = 0;
    try (TestHttpServer receiver = TestHttpServer.start(this::take);
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<Integer>> running = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        int seed = worker;
        running.add(workers.submit(() -> killRuns(seed, diff, receiver)));
      }
      for (Future<Integer> worker : running) {
        truncated += worker.get();
      }
      for (int worker = 0; worker < WORKERS; worker++) {
        Result flushed = guard(worker, receiver).run("telemetry", "flush");
        assertThat(flushed.exitCode()).as(flushed.out() + flushed.err()).isZero();
        assertThat(guard(worker, receiver).run("telemetry", "status").out())
            .contains("owed       0 spans of 0 runs");
        stored.addAll(storedSpans(home(worker).resolve("data")));
      }
    }
    List<SpanRecord> arrived =
        received.latestTraceIds(Integer.MAX_VALUE).stream()
            .flatMap(id -> received.trace(id).stream())
            .toList();
    assertThat(truncated).as("reviews that a kill cut short").isGreaterThan(KILLS / 4);
    assertThat(stored).as("spans of them").hasSizeGreaterThan(KILLS / 4);
    assertThat(arrived).containsExactlyInAnyOrderElementsOf(stored);
  }

  /// @return how many kills found the review still running
  private int killRuns(int seed, Path diff, TestHttpServer receiver) throws Exception {
    Random random = new Random(seed);
    GuardProcess guard = guard(seed, receiver);
    // Made now, so that its making is not taken for the length of a review.
    var _ = StartUpCache.options();
    long start = System.nanoTime();
    guard.run("review", diff.toString(), "--fail-on", "none");
    long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    int truncated = 0;
    for (int i = 0; i < KILLS / WORKERS; i++) {
      long began = System.nanoTime();
      Process process = guard.start("review", diff.toString(), "--fail-on", "none", "--quiet");
      // Most of a run is the start of the JVM; spans end in its last part.
      long moment = whole / 3 + random.nextLong(whole);
      if (!process.waitFor(moment, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        process.waitFor();
        truncated++;
      } else {
        // The first one may have run beside other load: the moments keep to what a review takes.
        whole = Math.min(whole, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
      }
    }
    return truncated;
  }

  private GuardProcess guard(int worker, TestHttpServer receiver) {
    return new GuardProcess(home(worker))
        .in(folder)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.uri().toString());
  }

  private Path home(int worker) {
    return folder.resolve("home-" + worker);
  }

  private static List<SpanRecord> storedSpans(Path data) {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data)) {
      return store.latestTraceIds(Integer.MAX_VALUE).stream()
          .flatMap(id -> store.trace(id).stream())
          .toList();
    }
  }
}
