package dev.prguard.bench;

import dev.prguard.store.CompactionResult;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.Retention;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.traceql.engine.TraceQlEngine;
import dev.prguard.traceql.engine.TraceQlEngine.Options;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The embedded store beside a real Tempo 3.0.3, whose figures were measured on the same kind of
/// machine (issue of the store) with as many spans of the same kind.
///
///     StoreBenchmark fill FOLDER SPANS     writes them as runs do, and compacts
///     StoreBenchmark ask FOLDER            asks the queries in this process, first and warm
///     StoreBenchmark csv FILE SPANS        writes the same operations as the prototype's log
///     StoreBenchmark small FOLDER RUNS     one segment for each run, nothing compacted
public final class StoreBenchmark {
  private static final int ROUNDS = 15;
  private static final String S = "resource.service.name = \"secure-pr-guard\"";

  private StoreBenchmark() {}

  /// @param tempoMillis what Tempo took
  private record Question(String name, String query, double tempoMillis) {
    boolean isMetrics() {
      return query.contains("_over_time") || query.contains("rate()");
    }
  }

  private static final List<Question> QUESTIONS =
      List.of(
          new Question(
              "quantile by operation",
              "{ "
                  + S
                  + " && span.operation.type != nil }"
                  + " | quantile_over_time(span.latency.ms, .95) by (span.operation.type)",
              390),
          new Question(
              "cost by model over a day, 10 min steps",
              "{ "
                  + S
                  + " && span.cost.usd != nil } | sum_over_time(span.cost.usd)"
                  + " by (span.cost.model)",
              360),
          new Question(
              "error rate by repository",
              "{ " + S + " && status = error } | rate() by (span.pr.repository)",
              220),
          new Question(
              "structural, siblings",
              "{ span.operation.type = \"nitpicker\" && span.issues.critical > 2 }"
                  + " ~ { span.operation.type = \"patch\" && status = error }",
              120),
          new Question(
              "grouped count filter",
              "{ " + S + " && status = error } | by(span.pr.repository) | count() > 1",
              160),
          new Question(
              "selective search",
              "{ span.pr.url = \"https://github.com/acme/repo-17/pull/77777\" }",
              20));

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    switch (args[0]) {
      case "fill" -> fill(folder, Integer.parseInt(args[2]));
      case "small" -> small(folder, Integer.parseInt(args[2]));
      case "csv" -> csv(folder, Integer.parseInt(args[2]));
      case "ask" -> ask(folder);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void fill(Path folder, int spans) throws IOException {
    double cpu = cpuSeconds();
    long start = System.nanoTime();
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      for (int trace = 0; trace < spans / 5; trace++) {
        store.append(ReviewSpans.trace(trace, spans / 5));
      }
      store.force();
    }
    double appended = cpuSeconds();
    long segments = size(folder);
    row("append", spans, (System.nanoTime() - start) / 1e9, appended - cpu, segments);
    start = System.nanoTime();
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      CompactionResult result =
          store.compact(new Retention(null, null, _ -> false, Duration.ZERO)).orElseThrow();
      if (result.spans() != spans) {
        throw new IllegalStateException("compacted " + result.spans());
      }
    }
    row(
        "compaction",
        spans,
        (System.nanoTime() - start) / 1e9,
        cpuSeconds() - appended,
        size(folder));
  }

  private static void small(Path folder, int runs) throws IOException {
    for (int run = 0; run < runs; run++) {
      try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
        store.append(ReviewSpans.trace(run, runs));
      }
    }
  }

  private static void csv(Path file, int spans) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(
          "timestamp,pr_url,operation,model,prompt_tokens,completion_tokens,total_tokens,cost_usd,"
              + "latency_ms\n");
      for (int trace = 0; trace < spans / 5; trace++) {
        for (SpanRecord span : ReviewSpans.trace(trace, spans / 5)) {
          if (span.parentSpanId() != null) {
            out.write(
                Stream.of(
                        "pr.url",
                        "operation.type",
                        "cost.model",
                        "cost.tokens.prompt",
                        "cost.tokens.completion",
                        "cost.tokens.total",
                        "cost.usd",
                        "latency.ms")
                    .map(key -> text(span.attributes().get(key)))
                    .collect(
                        Collectors.joining(
                            ",", Instant.ofEpochSecond(0, span.startNanos()) + ",", "\n")));
          }
        }
      }
    }
  }

  private static String text(@Nullable AttributeValue value) {
    return switch (value) {
      case AttributeValue.StringValue(String text) -> text;
      case AttributeValue.LongValue(long number) -> Long.toString(number);
      case AttributeValue.DoubleValue(double number) -> Double.toString(number);
      case null, default -> "";
    };
  }

  private static void ask(Path folder) throws IOException {
    System.out.println("| query | Tempo 3.0.3 | first | warm, median of 15 | ratio |");
    System.out.println("|---|---|---|---|---|");
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      Options options =
          new Options(
              Duration.ofMinutes(2), Options.DEFAULT.quantiles(), Options.DEFAULT.pushDown());
      TraceQueries queries = new TraceQlEngine(store, options, InstantSource.system());
      for (Question question : QUESTIONS) {
        double first = millis(queries, question);
        double[] warm = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
          warm[i] = millis(queries, question);
        }
        Arrays.sort(warm);
        double median = warm[ROUNDS / 2];
        System.out.printf(
            Locale.ROOT,
            "| %s | %.0f ms | %.0f ms | %.1f ms | %.1f× faster |%n",
            question.name(),
            question.tempoMillis(),
            first,
            median,
            question.tempoMillis() / median);
      }
    }
    System.out.printf(Locale.ROOT, "%nPeak memory: %d MB%n", peakMegabytes());
  }

  private static double millis(TraceQueries queries, Question question) {
    TimeRange day = new TimeRange(ReviewSpans.FROM, ReviewSpans.FROM.plus(Duration.ofDays(1)));
    long start = System.nanoTime();
    int answers =
        question.isMetrics()
            ? queries
                .range(new RangeQuery(question.query(), day, Duration.ofMinutes(10), 0))
                .series()
                .size()
            : queries.search(new Search(question.query(), day, 20, 3)).traces().size();
    double millis = (System.nanoTime() - start) / 1e6;
    if (answers == 0) {
      throw new IllegalStateException("no answer: " + question.query());
    }
    return millis;
  }

  private static void row(String what, int spans, double seconds, double cpu, long bytes) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.0f spans/s | %.1f CPU-s | %.1f bytes/span on disk |%n",
        what,
        spans / seconds,
        cpu,
        (double) bytes / spans);
  }

  private static double cpuSeconds() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }

  private static long peakMegabytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElse(-1);
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
