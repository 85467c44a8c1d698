package dev.prguard.bench;

import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `pr-guard serve` as a process: how fast it takes spans, durably, and answers panels. Sender and
/// server share the machine.
public final class ServiceBenchmark {
  private static final int REVIEWS_A_REQUEST = 100;
  private static final int SENDERS = 6;
  private static final int CLIENTS = 8;
  static final int PANELS = 12;
  private static final Duration ASKING = Duration.ofSeconds(15);
  private static final Pattern PAGE = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/$");

  private ServiceBenchmark() {}

  /// @param args how many spans, 500,000 where it is missing; or `soak` and how many minutes
  public static void main(String[] args) throws Exception {
    if (args.length == 2 && args[0].equals("soak")) {
      Path home = Files.createTempDirectory("serve-soak");
      Process server = serve(home);
      try {
        new ServiceSoak(address(server), server, Integer.parseInt(args[1])).run();
      } finally {
        server.destroy();
        server.waitFor();
        new ProcessBuilder("rm", "-rf", home.toString()).start().waitFor();
      }
      return;
    }
    int spans = args.length == 0 ? 500_000 : Integer.parseInt(args[0]);
    Path home = Files.createTempDirectory("serve-bench");
    System.out.printf("load of the machine before: %s%n", load());
    long start = System.nanoTime();
    Process server = serve(home);
    URI base = address(server);
    System.out.printf(
        "start-up, until it listens: %,d ms%n", (System.nanoTime() - start) / 1_000_000);
    try {
      System.out.printf("resident, idle: %d MB%n", kilobytes(server, "VmRSS") / 1024);
      send(base, 50_000, spans + 50_000, 0);
      double cpu = cpuSeconds(server);
      double seconds = send(base, spans, spans + 50_000, 50_000 / 5);
      System.out.printf(
          "%,d spans in %.1f s, each request on the disk when answered: %,.0f spans/s%n",
          spans, seconds, spans / seconds);
      System.out.printf(
          "CPU of the server meanwhile, compaction included: %.1f s%n", cpuSeconds(server) - cpu);
      System.out.printf("resident, peak so far: %d MB%n", kilobytes(server, "VmHWM") / 1024);
      awaitCompaction(base);
      ask(base);
      System.out.printf(
          "resident: %d MB, peak %d MB%n",
          kilobytes(server, "VmRSS") / 1024, kilobytes(server, "VmHWM") / 1024);
      System.out.printf("load of the machine after: %s%n", load());
    } finally {
      long stop = System.nanoTime();
      server.destroy();
      server.waitFor();
      System.out.printf("stop: %,d ms%n", (System.nanoTime() - stop) / 1_000_000);
      new ProcessBuilder("rm", "-rf", home.toString()).start().waitFor();
    }
  }

  private static double cpuSeconds(Process process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).strip();
  }

  private static Process serve(Path home) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "./pr-guard", "serve", "--port", "0", "--otlp-grpc", "0", "--otlp-http", "0");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PR_GUARD_HOME", home.toString());
    builder.environment().remove("PR_GUARD_TOKEN");
    return builder.start();
  }

  private static URI address(Process server) throws IOException {
    BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher page = PAGE.matcher(line);
      if (page.find()) {
        return URI.create("http://127.0.0.1:" + page.group(1));
      }
    }
    throw new IOException("pr-guard serve did not start");
  }

  static long kilobytes(Process server, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + server.pid() + "/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return 0;
  }

  /// @return seconds
  private static double send(URI base, int spans, int all, int first) throws Exception {
    List<byte[]> bodies = new ArrayList<>();
    for (int review = first; review < first + spans / 5; review += REVIEWS_A_REQUEST) {
      List<SpanRecord> batch = new ArrayList<>();
      for (int i = 0; i < REVIEWS_A_REQUEST; i++) {
        batch.addAll(ReviewSpans.trace(review + i, all / 5));
      }
      bodies.add(OtlpSpans.encode(batch));
    }
    AtomicInteger next = new AtomicInteger();
    AtomicInteger putOff = new AtomicInteger();
    long start = System.nanoTime();
    try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        running.add(
            senders.submit(() -> {
              for (int n = next.getAndIncrement(); n < bodies.size(); n = next.getAndIncrement()) {
                while (post(client, base, bodies.get(n)) == 429) {
                  putOff.incrementAndGet();
                  Thread.sleep(50);
                }
              }
              return null;
            }));
      }
      for (Future<?> sender : running) {
        sender.get();
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("requests put off: %d of %d%n", putOff.get(), bodies.size());
    return seconds;
  }

  static int post(HttpClient client, URI base, byte[] body)
      throws IOException, InterruptedException {
    int status =
        client
            .send(
                HttpRequest.newBuilder(base.resolve("/v1/traces"))
                    .header("content-type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build(),
                HttpResponse.BodyHandlers.discarding())
            .statusCode();
    if (status != 200 && status != 429) {
      throw new IOException("HTTP " + status);
    }
    return status;
  }

  /// Compactions are over when their number stands still.
  static void awaitCompaction(URI base) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      String before = "";
      for (int i = 0; i < 24; i++) {
        Thread.sleep(5_000);
        String now =
            client
                .send(
                    HttpRequest.newBuilder(base.resolve("/metrics")).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body()
                .replaceAll("(?s).*pr_guard_compactions_total ([0-9]+).*", "$1");
        int ready =
            client
                .send(
                    HttpRequest.newBuilder(base.resolve("/ready")).build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode();
        if (now.equals(before) && ready == 200) {
          System.out.println("compactions: " + now);
          return;
        }
        before = now;
      }
    }
  }

  private static void ask(URI base) throws Exception {
    long from = ReviewSpans.FROM.getEpochSecond();
    List<Double> millis = Collections.synchronizedList(new ArrayList<>());
    double[][] byPanel = new double[PANELS][];
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int panel = 0; panel < PANELS; panel++) {
        double[] times = new double[4];
        for (int i = 0; i < times.length; i++) {
          times[i] = panel(client, base, panel, from);
        }
        byPanel[panel] = times;
      }
      long end = System.nanoTime() + ASKING.toNanos();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int own = i;
        running.add(
            clients.submit(() -> {
              for (int n = own; System.nanoTime() < end; n++) {
                millis.add(panel(client, base, n % PANELS, from));
              }
              return null;
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    for (int panel = 0; panel < PANELS; panel++) {
      System.out.printf(
          "panel %d alone: first %.0f ms, then %.0f ms%n",
          panel, byPanel[panel][0], Arrays.stream(byPanel[panel]).skip(1).min().orElse(Double.NaN));
    }
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf(
        "%d answers to %d clients: median %.0f ms, P95 %.0f ms, P99 %.0f ms%n",
        sorted.length,
        CLIENTS,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.95)],
        sorted[(int) (sorted.length * 0.99)]);
  }

  /// A panel over a day.
  static HttpResponse<byte[]> askPanel(HttpClient client, URI base, int panel, long from)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(
                base.resolve(
                    "/page/api/panel?id=%d&start=%d&end=%d".formatted(panel, from, from + 86_400)))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static double panel(HttpClient client, URI base, int panel, long from)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<byte[]> answer = askPanel(client, base, panel, from);
    if (answer.statusCode() != 200) {
      throw new IOException(
          "panel " + panel + ": " + new String(answer.body(), StandardCharsets.UTF_8));
    }
    return (System.nanoTime() - start) / 1e6;
  }
}
