package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.testkit.Spans;
import dev.prguard.trace.SpanRecord;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that appends, compacts and removes segments as fast as it can, killed with SIGKILL at
/// seeded moments: whatever it had acknowledged is there, once.
final class StoreKillIT {
  private static final int KILLS = 200;
  private static final int WORKERS = 2;

  @TempDir Path folder;

  @Test
  void killedAtAnyMoment_everyAcknowledgedSpanIsThereOnce() throws Exception {
    try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<Integer>> running = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        int number = worker;
        running.add(workers.submit(() -> killRuns(number)));
      }
      int compacted = 0;
      for (Future<Integer> worker : running) {
        compacted += worker.get();
      }
      assertThat(compacted).as("spans that were in blocks by then").isGreaterThan(KILLS / 2);
    }
  }

  /// @return spans in blocks at the end
  private int killRuns(int worker) throws Exception {
    Path home = folder.resolve("store-" + worker);
    Random random = new Random(worker);
    Set<String> acknowledged = new HashSet<>();
    for (int kill = 0; kill < KILLS / WORKERS; kill++) {
      Process process = start(home, worker * 1_000L + kill);
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        // The moment counts in what the process has done: a busy machine is slow to start one.
        int compactions = random.nextInt(4) - 1;
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          note(line, acknowledged);
          compactions -= line.equals("compacted") ? 1 : 0;
          if (compactions < 0) {
            break;
          }
        }
        TimeUnit.MICROSECONDS.sleep(random.nextInt(120_000));
        // Not the process itself, which would close what is still to be read.
        assertThat(process.toHandle().destroyForcibly()).isTrue();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          note(line, acknowledged);
        }
      }
      process.waitFor();
      if (kill % 20 == 19) {
        requireAll(home, acknowledged, worker, kill);
      }
    }
    return requireAll(home, acknowledged, worker, KILLS);
  }

  private static void note(String line, Set<String> acknowledged) {
    // The last line may be cut.
    if (line.matches("kept [0-9a-f]{48}")) {
      acknowledged.add(line.substring(5));
    }
  }

  private static int requireAll(Path home, Set<String> acknowledged, int worker, int kill)
      throws IOException {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(home)) {
      Set<String> stored = new HashSet<>();
      for (String traceId : store.latestTraceIds(Integer.MAX_VALUE)) {
        for (SpanRecord span : store.trace(traceId)) {
          assertThat(stored.add(traceId + span.spanId())).as("once: %s", span).isTrue();
        }
      }
      assertThat(stored).as("worker %d after kill %d", worker, kill).containsAll(acknowledged);
      assertThat(store.check().problems()).isEmpty();
      return (int) store.status().blockSpans();
    }
  }

  private static Process start(Path home, long seed) throws IOException {
    // Only the packaged libraries, with DuckDB's unpacked beside them, and what the writer is of.
    String classPath =
        String.join(
            File.pathSeparator,
            "target/app/lib/*",
            place(StoreWriterProcess.class),
            place(Spans.class));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx200m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath,
            StoreWriterProcess.class.getName(),
            home.toString(),
            Long.toString(seed))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String place(Class<?> of) {
    return Path.of(URI.create(of.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }
}
