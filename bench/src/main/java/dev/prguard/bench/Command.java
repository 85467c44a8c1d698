package dev.prguard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// One command, run as a process until it ends.
record Command(List<String> words, Map<String, String> env) {

  /// @param millis wall-clock time, process start included
  /// @param peakKilobytes the largest resident set that was seen
  record Run(int exitCode, double millis, long peakKilobytes) {}

  Command with(Map<String, String> otherEnv) {
    return new Command(words, otherEnv);
  }

  Run run(Path output) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    builder.environment().putAll(env);
    long start = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close();
    Thread.Builder sampler = Thread.ofPlatform().daemon();
    long[] peak = new long[1];
    Thread sampling =
        sampler.start(() -> {
          while (process.isAlive()) {
            peak[0] = Math.max(peak[0], peakKilobytes(process.pid()));
            try {
              Thread.sleep(5);
            } catch (InterruptedException e) {
              return;
            }
          }
        });
    int exitCode = process.waitFor();
    double millis = (System.nanoTime() - start) / 1e6;
    sampling.join();
    return new Run(exitCode, millis, peak[0]);
  }

  /// The median of `times` runs by time, after one that warms the disk cache.
  Run median(int times, Path output) throws IOException, InterruptedException {
    run(output);
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      runs.add(run(output));
    }
    Run[] sorted = runs.toArray(Run[]::new);
    Arrays.sort(sorted, (a, b) -> Double.compare(a.millis(), b.millis()));
    return sorted[times / 2];
  }

  /// VmHWM of Linux: the peak of the process itself, which `exec` keeps from the launcher to Java.
  /// 0 elsewhere.
  private static long peakKilobytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      // The process has ended, or this is not Linux.
    }
    return 0;
  }
}
