package dev.prguard.bench;

import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// `pr-guard serve` for a while at a steady pace, asked meanwhile: whether its memory stays flat,
/// and whether all that it acknowledged is there at the end.
final class ServiceSoak {
  private static final int SPANS_A_SECOND = 5_000;
  private static final int REVIEWS_A_REQUEST = 100;
  private static final int REQUESTS_A_SECOND = SPANS_A_SECOND / (5 * REVIEWS_A_REQUEST);

  private final URI base;
  private final Process server;
  private final int minutes;
  private final int reviews;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong putOff = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean over;

  ServiceSoak(URI base, Process server, int minutes) {
    this.base = base;
    this.server = server;
    this.minutes = minutes;
    this.reviews = minutes * 60 * SPANS_A_SECOND / 5;
  }

  void run() throws Exception {
    System.out.println(
        "| minute | spans | put off | answers | median | P99 | 503 | resident |\n|---|---|---|---|---|---|---|---|");
    Thread asking = Thread.ofPlatform().daemon().start(this::ask);
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      long start = System.nanoTime();
      int review = 0;
      for (int second = 0; second < minutes * 60; second++) {
        for (int i = 0; i < REQUESTS_A_SECOND; i++) {
          send(client, review);
          review += REVIEWS_A_REQUEST;
        }
        long wait = start + (second + 1) * 1_000_000_000L - System.nanoTime();
        if (wait > 0) {
          Thread.sleep(Duration.ofNanos(wait));
        }
        if ((second + 1) % 60 == 0) {
          minute((second + 1) / 60);
        }
      }
      over = true;
      asking.join();
      ServiceBenchmark.awaitCompaction(base);
      System.out.printf(
          "acknowledged: %,d spans; counted by a query: %s%n", acknowledged.get(), counted(client));
    }
  }

  private void minute(int minute) throws IOException {
    List<Double> sorted = new ArrayList<>(millis);
    millis.clear();
    Collections.sort(sorted);
    int size = sorted.size();
    System.out.printf(
        "| %d | %,d | %d | %d | %.0f ms | %.0f ms | %d | %d MB |%n",
        minute,
        acknowledged.get(),
        putOff.get(),
        size,
        size == 0 ? Double.NaN : sorted.get(size / 2),
        size == 0 ? Double.NaN : sorted.get((int) (size * 0.99)),
        unanswered.get(),
        ServiceBenchmark.kilobytes(server, "VmRSS") / 1024);
  }

  private void send(HttpClient client, int first) throws IOException, InterruptedException {
    List<SpanRecord> batch = new ArrayList<>();
    for (int i = 0; i < REVIEWS_A_REQUEST; i++) {
      batch.addAll(ReviewSpans.trace(first + i, reviews));
    }
    byte[] body = OtlpSpans.encode(batch);
    while (ServiceBenchmark.post(client, base, body) == 429) {
      putOff.incrementAndGet();
      Thread.sleep(50);
    }
    acknowledged.addAndGet(batch.size());
  }

  /// One reader who looks at a panel every quarter of a second.
  private void ask() {
    long from = ReviewSpans.FROM.getEpochSecond();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int n = 0; !over; n++) {
        long start = System.nanoTime();
        HttpResponse<byte[]> answer =
            ServiceBenchmark.askPanel(client, base, n % ServiceBenchmark.PANELS, from);
        if (answer.statusCode() == 200) {
          millis.add((System.nanoTime() - start) / 1e6);
        } else {
          unanswered.incrementAndGet();
        }
        Thread.sleep(250);
      }
    } catch (IOException | InterruptedException e) {
      System.out.println("asking ended: " + e);
    }
  }

  private String counted(HttpClient client) throws IOException, InterruptedException {
    long from = ReviewSpans.FROM.getEpochSecond();
    return client
        .send(
            HttpRequest.newBuilder(
                    base.resolve(
                        "/api/metrics/query?q=%%7B%%7D%%7Ccount_over_time()&start=%d&end=%d"
                            .formatted(from - 1, from + 90_000)))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
