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
import java.nio.file.Files;
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
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that appends, compacts and removes segments as fast as it can, killed with SIGKILL at
/// seeded moments: whatever it had acknowledged is there, once.
final class StoreKillIT {
  private static final int KILLS = 200;
  private static final int WORKERS = 2;

  @TempDir Path folder;

  private List<String> startUpCache = List.of();

  @Test
  void killedAtAnyMoment_everyAcknowledgedSpanIsThereOnce() throws Exception {
    startUpCache = makeStartUpCache();
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

  private Process start(Path home, long seed) throws IOException {
    return start(startUpCache, home.toString(), Long.toString(seed));
  }

  private Process start(List<String> options, String... arguments) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(options);
    words.addAll(
        List.of(
            "-Xmx200m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            // Only the packaged libraries, with DuckDB's unpacked beside them, and the writer.
            String.join(
                File.pathSeparator,
                "target/app/lib/*",
                jar(StoreWriterProcess.class).toString(),
                jar(Spans.class).toString()),
            StoreWriterProcess.class.getName()));
    words.addAll(List.of(arguments));
    return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /// Two hundred starts take half the time with one. Empty where none could be made.
  private List<String> makeStartUpCache() throws IOException, InterruptedException {
    Path cache = folder.resolve("writer.aot");
    Process training =
        start(
            List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:disable"),
            folder.resolve("training").toString(),
            "1",
            "12");
    training.getInputStream().readAllBytes();
    training.waitFor();
    return Files.exists(cache)
        ? List.of("-XX:AOTCache=" + cache, "-Xlog:disable", "-Xlog:all=error:stderr")
        : List.of();
  }

  /// Where a class is from, as a jar: nothing else is kept in a start-up cache.
  private Path jar(Class<?> of) throws IOException {
    Path place =
        Path.of(URI.create(of.getProtectionDomain().getCodeSource().getLocation().toString()));
    if (Files.isRegularFile(place)) {
      return place;
    }
    Path jar = folder.resolve(of.getSimpleName() + ".jar");
    if (Files.notExists(jar)) {
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
          Stream<Path> files = Files.walk(place)) {
        for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
          out.putNextEntry(new JarEntry(place.relativize(file).toString()));
          Files.copy(file, out);
          out.closeEntry();
        }
      }
    }
    return jar;
  }
}
