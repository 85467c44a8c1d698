package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.testkit.ReviewTrace;
import dev.prguard.testkit.SelfSigned;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pr-guard serve` as a process.
final class ServeIT {
  private static final Pattern PAGE = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/$");
  private static final int SENDERS = 4;
  private static final int KILLS = 4;

  @TempDir Path folder;

  /// A server on free ports, once it has said where it listens.
  private record Running(Process process, URI base) {
    static Running start(GuardProcess guard) throws IOException {
      Process process = guard.start("serve", "--port", "0", "--otlp-grpc", "0", "--otlp-http", "0");
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher page = PAGE.matcher(line);
        if (page.find()) {
          return new Running(process, URI.create("http://127.0.0.1:" + page.group(1)));
        }
      }
      throw new AssertionError(
          new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static List<SpanRecord> review(int number) {
    return new ReviewTrace(number, "acme/payments", Instant.now())
        .operation("fetch", 10)
        .modelOperation("nitpicker", 900, "gpt-4o-mini", 4000, 600, 0, 960_000L)
        .spans();
  }

  private static int post(HttpClient client, URI base, List<SpanRecord> spans)
      throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(base.resolve("/v1/traces"))
                .header("content-type", "application/x-protobuf")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofByteArray(OtlpSpans.encode(spans)))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /// Sends review after review until the server is gone.
  private static void send(URI base, AtomicInteger numbers, Queue<List<SpanRecord>> acknowledged) {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (true) {
        List<SpanRecord> spans = review(numbers.incrementAndGet());
        if (post(client, base, spans) == 200) {
          acknowledged.add(spans);
        }
      }
    } catch (IOException e) {
      // Killed, as it should be.
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void killedUnderLoad_nothingAcknowledgedIsLost() throws Exception {
    GuardProcess guard = new GuardProcess(folder);
    AtomicInteger numbers = new AtomicInteger();
    Queue<List<SpanRecord>> acknowledged = new ConcurrentLinkedQueue<>();
    for (int kill = 0; kill < KILLS; kill++) {
      Running server = Running.start(guard);
      int before = acknowledged.size();
      try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
        for (int i = 0; i < SENDERS; i++) {
          senders.execute(() -> send(server.base(), numbers, acknowledged));
        }
        while (acknowledged.size() < before + 50) {
          Thread.sleep(5);
        }
        Thread.sleep(kill * 37L);
        server.process().destroyForcibly().waitFor();
      }
    }
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder.resolve("data"))) {
      assertThat(acknowledged).hasSizeGreaterThan(KILLS * 50 - 1);
      for (List<SpanRecord> spans : acknowledged) {
        assertThat(store.trace(spans.getFirst().traceId()))
            .containsExactlyInAnyOrderElementsOf(spans);
      }
    }
  }

  @Test
  void sigterm_endsItWithinFiveSeconds_withWhatItTookInKept() throws Exception {
    Running server = Running.start(new GuardProcess(folder));
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(post(client, server.base(), review(1))).isEqualTo(200);
    }
    long start = System.nanoTime();
    server.process().destroy();
    assertThat(server.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder.resolve("data"))) {
      assertThat(store.trace(review(1).getFirst().traceId())).hasSize(review(1).size());
    }
  }

  @Test
  void anyOtherAddress_withoutAToken_isRefusedInALine() {
    Result result = new GuardProcess(folder).run("serve", "--bind", "0.0.0.0", "--port", "0");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("set PR_GUARD_TOKEN").hasLineCount(1);
    Result weak =
        new GuardProcess(folder)
            .env("PR_GUARD_TOKEN", "short")
            .run("serve", "--bind", "0.0.0.0", "--port", "0");
    assertThat(weak.exitCode()).isEqualTo(2);
    assertThat(weak.err()).doesNotContain("short\n").contains("too short");
  }

  @Test
  void aPortThatIsTaken_isNamed() throws Exception {
    Running server = Running.start(new GuardProcess(folder));
    try {
      Result second =
          new GuardProcess(folder.resolve("other"))
              .run("serve", "--port", Integer.toString(server.base().getPort()));
      assertThat(second.exitCode()).isEqualTo(3);
      assertThat(second.err()).contains("cannot listen").doesNotContain("\tat ");
    } finally {
      server.process().destroyForcibly();
    }
  }

  @Test
  void tls_isSpoken_andAWrongKeyIsNamedInALine() throws Exception {
    SelfSigned one = SelfSigned.in(folder, "one", "RSA");
    SelfSigned other = SelfSigned.in(folder, "other", "RSA");
    Result wrong =
        new GuardProcess(folder)
            .run(
                "serve",
                "--port",
                "0",
                "--tls-cert",
                one.certificate().toString(),
                "--tls-key",
                other.key().toString());
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err())
        .hasLineCount(1)
        .contains(other.key() + " is not the key of the certificate in " + one.certificate());
    Result alone =
        new GuardProcess(folder).run("serve", "--tls-key", one.key().toString(), "--port", "0");
    assertThat(alone.exitCode()).isEqualTo(2);
    assertThat(alone.err()).contains("go together").hasLineCount(1);

    Process process =
        new GuardProcess(folder)
            .env("PR_GUARD_TOKEN", "correct horse battery staple")
            .start(
                "serve",
                "--port",
                "0",
                "--otlp-grpc",
                "0",
                "--otlp-http",
                "0",
                "--bind",
                "0.0.0.0",
                "--tls-cert",
                one.certificate().toString(),
                "--tls-key",
                one.key().toString());
    try (HttpClient client = HttpClient.newBuilder().sslContext(one.trusting()).build()) {
      String line = String.valueOf(process.inputReader(StandardCharsets.UTF_8).readLine());
      Matcher port = Pattern.compile("https://0\\.0\\.0\\.0:(\\d+)/$").matcher(line);
      assertThat(port.find()).as(line).isTrue();
      URI base = URI.create("https://localhost:" + port.group(1));
      assertThat(post(client, base, review(1))).as("without the token").isEqualTo(401);
      assertThat(
              client
                  .send(
                      HttpRequest.newBuilder(base.resolve("/api/echo"))
                          .header("authorization", "Bearer correct horse battery staple")
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body())
          .isEqualTo("echo");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
