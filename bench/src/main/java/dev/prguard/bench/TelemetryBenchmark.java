package dev.prguard.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.telemetry.FlushResult;
import dev.prguard.telemetry.Telemetry;
import dev.prguard.telemetry.TelemetryConfig;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// What telemetry costs: a burst of spans through the local append to a loopback receiver, beside
/// the OpenTelemetry SDK's own batch processor and exporter in the same run; and what it adds to
/// one review.
public final class TelemetryBenchmark {
  private static final int SPANS = 100_000;
  private static final int PROCESSES = 21;
  private static final Command REVIEW =
      new Command(
          List.of(
              "./pr-guard",
              "review",
              "examples/payments-api.diff",
              "--llm",
              "none",
              "--fail-on",
              "none"),
          Map.of());
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private TelemetryBenchmark() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    System.out.println("| what | spans delivered | spans/s | bytes/span on disk |");
    System.out.println("|---|---|---|---|");
    try (Receiver receiver = new Receiver()) {
      for (int round = 0; round < 2; round++) {
        // The first round warms the JVM up for both.
        burst(receiver, round > 0);
        sdkBurst(receiver, round > 0);
      }
      System.out.println();
      System.out.println("| one review of 12 spans, 6 of them forced to disk | median of 50 |");
      System.out.println("|---|---|");
      review(receiver);
      System.out.println();
      processes(receiver);
    }
  }

  /// The shortest review, as whole processes: interleaved, so that other load hits all alike.
  private static void processes(Receiver receiver) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("pr-guard-bench");
    Map<String, Map<String, String>> ways = new LinkedHashMap<>();
    ways.put("telemetry off", Map.of("OTEL_SDK_DISABLED", "true"));
    ways.put("spans kept on the disk", Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", ""));
    ways.put(
        "spans sent to a receiver on loopback too",
        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url()));
    Map<String, double[]> times = new LinkedHashMap<>();
    ways.keySet().forEach(way -> times.put(way, new double[PROCESSES]));
    for (int run = -1; run < PROCESSES; run++) {
      for (Map.Entry<String, Map<String, String>> way : ways.entrySet()) {
        Map<String, String> env = new HashMap<>(way.getValue());
        env.put("PR_GUARD_HOME", folder.resolve("home").toString());
        Command.Run ended = REVIEW.with(env).run(folder.resolve("output"));
        if (ended.exitCode() != 0) {
          throw new IllegalStateException(Files.readString(folder.resolve("output")));
        }
        if (run >= 0) {
          Objects.requireNonNull(times.get(way.getKey()))[run] = ended.millis();
        }
      }
    }
    System.out.println("| rules-only review, whole process | median of " + PROCESSES + " | best |");
    System.out.println("|---|---|---|");
    times.forEach((way, millis) -> {
      Arrays.sort(millis);
      System.out.printf(
          Locale.ROOT, "| %s | %.0f ms | %.0f ms |%n", way, millis[PROCESSES / 2], millis[0]);
    });
  }

  private static void burst(Receiver receiver, boolean shown) throws IOException {
    receiver.spans.set(0);
    Path folder = Files.createTempDirectory("pr-guard-bench");
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      Telemetry telemetry = telemetry(receiver, store, folder);
      long start = System.nanoTime();
      end(telemetry.tracer());
      FlushResult result = telemetry.close(PATIENCE);
      double seconds = (System.nanoTime() - start) / 1e9;
      if (result.delivered() != receiver.spans.get()) {
        throw new IllegalStateException("claimed " + result.delivered());
      }
      if (shown) {
        row("pr-guard: every span to disk, then sent", receiver.spans.get(), seconds, size(folder));
      }
    }
  }

  private static void sdkBurst(Receiver receiver, boolean shown) {
    receiver.spans.set(0);
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        OtlpHttpSpanExporter.builder()
                            .setEndpoint(receiver.url() + "/v1/traces")
                            .build())
                    .build())
            .build();
    long start = System.nanoTime();
    end(provider.get("bench"));
    provider.forceFlush().join(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - start) / 1e9;
    provider.shutdown().join(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (shown) {
      row("SDK: BatchSpanProcessor, OtlpHttpSpanExporter", receiver.spans.get(), seconds, 0);
    }
  }

  private static void end(Tracer tracer) {
    Span root = tracer.spanBuilder("pr_review.workflow").startSpan();
    Context parent = Context.root().with(root);
    for (int i = 1; i < SPANS; i++) {
      attributes(tracer.spanBuilder("rules.scan").setParent(parent), i).startSpan().end();
    }
    root.end();
  }

  private static io.opentelemetry.api.trace.SpanBuilder attributes(
      io.opentelemetry.api.trace.SpanBuilder span, int i) {
    return span.setAttribute("pr.url", "https://github.com/acme/payments/pull/" + i % 500)
        .setAttribute("pr.repository", "acme/payments")
        .setAttribute("pr.owner", "acme")
        .setAttribute("pr.repo", "payments")
        .setAttribute("pr.number", (long) i % 500)
        .setAttribute("pr.author", "octocat")
        .setAttribute("pr.head_sha", "0123456789abcdef0123456789abcdef01234567")
        .setAttribute("latency.ms", (long) i % 3000)
        .setAttribute("issues.found", (long) i % 9);
  }

  private static void review(Receiver receiver) throws IOException {
    Path folder = Files.createTempDirectory("pr-guard-bench");
    double[] ends = new double[50];
    double[] closes = new double[50];
    for (int run = 0; run < 60; run++) {
      try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
        Telemetry telemetry = telemetry(receiver, store, folder);
        Tracer tracer = telemetry.tracer();
        long start = System.nanoTime();
        for (int i = 0; i < 12; i++) {
          Span span =
              i % 2 == 0
                  ? attributes(tracer.spanBuilder("op"), i)
                      .setAttribute("operation.type", "fetch")
                      .startSpan()
                  : attributes(tracer.spanBuilder("step"), i).startSpan();
          span.end();
        }
        long ended = System.nanoTime();
        if (!telemetry.close(PATIENCE).complete()) {
          throw new IllegalStateException("not delivered");
        }
        long closed = System.nanoTime();
        if (run >= 10) {
          ends[run - 10] = (ended - start) / 1e6;
          closes[run - 10] = (closed - ended) / 1e6;
        }
      }
    }
    Arrays.sort(ends);
    Arrays.sort(closes);
    System.out.printf(
        Locale.ROOT, "| while it runs: 12 spans ended and on disk | %.2f ms |%n", ends[25]);
    System.out.printf(
        Locale.ROOT, "| at exit: all delivered and acknowledged | %.2f ms |%n", closes[25]);
  }

  private static Telemetry telemetry(Receiver receiver, EmbeddedSpanStore store, Path folder) {
    return Telemetry.start(
        TelemetryConfig.from(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url()), "bench"),
        store,
        folder);
  }

  private static void row(String what, long delivered, double seconds, long bytes) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %,d of %,d | %,.0f | %s |%n",
        what,
        delivered,
        SPANS,
        delivered / seconds,
        bytes == 0 ? "-" : Long.toString(bytes / SPANS));
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /// Counts spans and says yes.
  private static final class Receiver implements AutoCloseable {
    private final AtomicLong spans = new AtomicLong();
    private final HttpServer server;

    Receiver() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/v1/traces", this::take);
      server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
      try (exchange) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        ExportTraceServiceRequest.parseFrom(body)
            .getResourceSpansList()
            .forEach(resource ->
                resource
                    .getScopeSpansList()
                    .forEach(scope -> spans.addAndGet(scope.getSpansCount())));
        exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
      }
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
