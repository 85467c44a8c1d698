package dev.prguard.telemetry;

import static dev.prguard.telemetry.OtlpTestReceiver.accept;
import static dev.prguard.telemetry.OtlpTestReceiver.partial;
import static dev.prguard.telemetry.OtlpTestReceiver.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.telemetry.FlushResult.Earlier;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.trace.SpanRecord;
import io.opentelemetry.api.trace.Tracer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryDeliveryTest {
  private static final Duration FLUSH = Duration.ofSeconds(5);

  private final DurableTestStore store = new DurableTestStore();

  private Telemetry telemetry(String url, Map<String, String> more) {
    Map<String, String> env = new HashMap<>(more);
    env.put("OTEL_EXPORTER_OTLP_ENDPOINT", url);
    return Telemetry.start(TelemetryConfig.from(env, "1.2.3"), store, null);
  }

  private static void end(Telemetry telemetry, int spans) {
    Tracer tracer = telemetry.tracer();
    for (int i = 0; i < spans; i++) {
      tracer.spanBuilder("span-" + i).setAttribute("number", (long) i).startSpan().end();
    }
  }

  @Test
  void close_receiverHealthy_everySpanArrivesOnceAsStored() {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> accept())) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 12);

      FlushResult result = telemetry.close(FLUSH);

      assertThat(result.line())
          .isEqualTo(
              "telemetry: recorded 12, delivered 12 to "
                  + receiver.host()
                  + ", rejected 0, kept 0");
      assertThat(result.complete()).isTrue();
      assertThat(receiver.received()).containsExactlyInAnyOrderElementsOf(store.spans());
      assertThat(receiver.requests())
          .allSatisfy(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.target()).isEqualTo("/v1/traces");
            assertThat(request.headers().get("content-type")).isEqualTo("application/x-protobuf");
          });
    }
  }

  @Test
  void close_fiveThousandSpansAtOnce_noneIsDropped() {
    try (OtlpTestReceiver receiver =
        OtlpTestReceiver.start(n -> new Answer.Delayed(Duration.ofMillis(50), accept()))) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 5_000);

      assertThat(telemetry.close(FLUSH).delivered()).isEqualTo(5_000);
      assertThat(receiver.received().stream().map(SpanRecord::spanId).distinct().count())
          .isEqualTo(5_000);
    }
  }

  @Test
  void close_gzipAndHeadersAsked_areSent() {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> accept())) {
      Telemetry telemetry =
          telemetry(
              receiver.url(),
              Map.of(
                  "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
                  "OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Basic%20a+b=,x-scope=team"));
      end(telemetry, 3);

      assertThat(telemetry.close(FLUSH).delivered()).isEqualTo(3);
      assertThat(receiver.received()).hasSize(3);
      assertThat(receiver.requests().getFirst().headers())
          .containsEntry("content-encoding", "gzip")
          .containsEntry("authorization", "Basic a+b=")
          .containsEntry("x-scope", "team");
    }
  }

  @Test
  void close_partialSuccess_countsAndQuotesTheRejected() {
    try (OtlpTestReceiver receiver =
        OtlpTestReceiver.start(n -> partial(2, "too\nold\u001b[31m"))) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 5);

      FlushResult result = telemetry.close(FLUSH);

      assertThat(result)
          .isEqualTo(
              new FlushResult(5, 3, 2, 0, 0, Earlier.NONE, receiver.host(), "too old [31m", null));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 401, 403, 404, 405, 415})
  void close_receiverSaysNo_keepsEverySpanAndAsksOnce(int status) {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> status(status))) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 4);

      FlushResult result = telemetry.close(FLUSH);

      assertThat(result)
          .isEqualTo(
              new FlushResult(
                  4, 0, 0, 4, 0, Earlier.NONE, receiver.host(), "HTTP " + status, null));
      assertThat(receiver.requests()).hasSize(1);
      assertThat(store.spans()).hasSize(4);
    }
  }

  @Test
  void close_answerIsNoOtlp_isNoAcknowledgement() {
    Answer page = Answer.bytes(200, "text/html", "<html>".getBytes(StandardCharsets.UTF_8));
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> page)) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 2);

      FlushResult result = telemetry.close(FLUSH);

      assertThat(result.kept()).isEqualTo(2);
      assertThat(result.error()).isEqualTo("HTTP 200 but not from an OTLP receiver: text/html");
    }
  }

  @Test
  void close_emptyJsonWithoutItsType_isAnAcknowledgement() {
    Answer simple = Answer.bytes(200, "text/plain", "{}\n".getBytes(StandardCharsets.UTF_8));
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> simple)) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 2);

      assertThat(telemetry.close(FLUSH).delivered()).isEqualTo(2);
      assertThat(receiver.requests().getFirst().headers())
          .containsEntry("user-agent", OtlpHttpSender.USER_AGENT);
    }
  }

  @ParameterizedTest
  @CsvSource({"-31536000, 3600", "31536000, 0", "0, 60"})
  void send_retryAfterIsADateAndTheClockJumped_waitIsBounded(long jumpSeconds, long waitSeconds)
      throws InterruptedException {
    Instant now = Instant.parse("2026-11-26T12:00:00Z");
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(now.plusSeconds(60).atZone(ZoneOffset.UTC));
    try (OtlpTestReceiver receiver =
            OtlpTestReceiver.start(
                n -> Answer.bytes(429, "text/plain", new byte[0]).header("retry-after", date));
        OtlpHttpSender sender =
            new OtlpHttpSender(
                endpoint(receiver.url()), InstantSource.fixed(now.plusSeconds(jumpSeconds)))) {
      assertThat(sender.send(new byte[0], 0, FLUSH))
          .isEqualTo(new Outcome.Unavailable("HTTP 429", Duration.ofSeconds(waitSeconds), true));
    }
  }

  private static OtlpEndpoint endpoint(String url) {
    TelemetryConfig config =
        TelemetryConfig.from(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", url), "1.2.3");
    return Objects.requireNonNull(config.endpoint());
  }

  @Test
  void close_batchTooLarge_isSentInParts() {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> n == 0 ? status(413) : accept())) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 5);

      assertThat(telemetry.close(FLUSH).delivered()).isEqualTo(5);
      assertThat(receiver.requests())
          .extracting(r -> OtlpTestReceiver.spans(r).size())
          .containsExactly(5, 2, 3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void close_unavailableTwice_isDeliveredByRetry(int status) {
    try (OtlpTestReceiver receiver =
        OtlpTestReceiver.start(n -> n < 2 ? status(status) : accept())) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 3);

      FlushResult result = telemetry.close(FLUSH);

      assertThat(result)
          .isEqualTo(new FlushResult(3, 3, 0, 0, 0, Earlier.NONE, receiver.host(), null, null));
      assertThat(receiver.requests()).hasSize(3);
    }
  }

  @Test
  void close_retryAfterWithinTheTimeout_isHonoured() {
    try (OtlpTestReceiver receiver =
        OtlpTestReceiver.start(
            n -> n == 0 ? Answer.json(503, "{}").header("retry-after", "1") : accept())) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 1);

      long start = System.nanoTime();
      FlushResult result = telemetry.close(FLUSH);

      assertThat(result.delivered()).isEqualTo(1);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
    }
  }

  @Test
  void close_retryAfterBeyondTheTimeout_givesUpAtOnce() {
    try (OtlpTestReceiver receiver =
        OtlpTestReceiver.start(n -> Answer.json(429, "{}").header("retry-after", "60"))) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 1);

      long start = System.nanoTime();
      FlushResult result = telemetry.close(FLUSH);

      assertThat(result)
          .isEqualTo(
              new FlushResult(1, 0, 0, 1, 0, Earlier.NONE, receiver.host(), "HTTP 429", null));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @Test
  void close_connectionReset_isRetried() {
    try (OtlpTestReceiver receiver =
        OtlpTestReceiver.start(n -> n == 0 ? new Answer.Reset() : accept())) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 3);

      assertThat(telemetry.close(FLUSH).delivered()).isEqualTo(3);
    }
  }

  @Test
  void close_receiverDown_keepsEverySpanSoonAndSaysWhy() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Telemetry telemetry = telemetry("http://127.0.0.1:" + port, Map.of());
    end(telemetry, 12);

    long start = System.nanoTime();
    FlushResult result = telemetry.close(FLUSH);

    assertThat(result.line())
        .isEqualTo(
            "telemetry: recorded 12, delivered 0 to 127.0.0.1:%d, rejected 0, kept 12 (connection refused), will be sent next time"
                .formatted(port));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void close_hostUnknown_keepsEverySpanAndSaysWhy() {
    Telemetry telemetry = telemetry("http://no-such-host.invalid", Map.of());
    end(telemetry, 1);

    FlushResult result = telemetry.close(FLUSH);

    assertThat(result)
        .isEqualTo(
            new FlushResult(
                1, 0, 0, 1, 0, Earlier.NONE, "no-such-host.invalid", "host not found", null));
  }

  @Test
  void close_receiverHangs_isBoundedByTheTimeout() {
    try (OtlpTestReceiver receiver =
        OtlpTestReceiver.start(n -> new Answer.Delayed(Duration.ofSeconds(60), accept()))) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 3);

      long start = System.nanoTime();
      FlushResult result = telemetry.close(Duration.ofSeconds(1));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      assertThat(result.kept()).isEqualTo(3);
      assertThat(result.error()).contains("within");
    }
  }

  @Test
  void close_answerCutOff_isNoAcknowledgement() {
    try (OtlpTestReceiver receiver =
        OtlpTestReceiver.start(n -> {
          Answer.Reply whole = Answer.bytes(200, "application/x-protobuf", new byte[10]);
          return new Answer.Truncated(whole, 2);
        })) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 3);

      FlushResult result = telemetry.close(Duration.ofSeconds(1));

      assertThat(result.delivered()).isZero();
      assertThat(result.kept()).isEqualTo(3);
    }
  }

  @Test
  void close_callerInterrupted_flushesAndKeepsTheFlag() {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> accept())) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      Thread.currentThread().interrupt();
      end(telemetry, 3);

      FlushResult result = telemetry.close(FLUSH);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(result.delivered()).isEqualTo(3);
    }
  }

  @Test
  void close_storeFails_spanIsDeliveredOrCountedLost() {
    store.failWith("no space left");
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> accept())) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 2);
      assertThat(telemetry.close(FLUSH))
          .isEqualTo(new FlushResult(0, 2, 0, 0, 0, Earlier.NONE, receiver.host(), null, null));
    }
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> status(401))) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 2);
      assertThat(telemetry.close(FLUSH))
          .isEqualTo(
              new FlushResult(
                  0, 0, 0, 0, 2, Earlier.NONE, receiver.host(), "HTTP 401; no space left", null));
    }
  }

  @Test
  void end_receiverHangs_reviewIsNotHeldUp() {
    try (OtlpTestReceiver receiver =
        OtlpTestReceiver.start(n -> new Answer.Delayed(Duration.ofSeconds(60), accept()))) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      long start = System.nanoTime();
      end(telemetry, 1_000);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      assertThat(telemetry.close(Duration.ZERO).kept()).isEqualTo(1_000);
    }
  }

  @Test
  void close_manySpans_eachArrivesOnce() {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> accept())) {
      Telemetry telemetry = telemetry(receiver.url(), Map.of());
      end(telemetry, 600);
      telemetry.close(FLUSH);
      Map<String, Integer> times = new LinkedHashMap<>();
      receiver.received().forEach(span -> times.merge(span.name(), 1, Integer::sum));
      List<String> expected = IntStream.range(0, 600).mapToObj(i -> "span-" + i).toList();
      assertThat(times).containsOnlyKeys(expected);
      assertThat(times.values()).containsOnly(1);
    }
  }
}
