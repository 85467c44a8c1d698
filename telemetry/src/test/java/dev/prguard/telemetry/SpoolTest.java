package dev.prguard.telemetry;

import static dev.prguard.telemetry.OtlpTestReceiver.accept;
import static dev.prguard.telemetry.OtlpTestReceiver.partial;
import static dev.prguard.telemetry.OtlpTestReceiver.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.telemetry.FlushResult.Earlier;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.trace.SpanRecord;
import io.opentelemetry.api.trace.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What one run could not deliver goes out with a later one, once.
class SpoolTest {
  private static final Duration FLUSH = Duration.ofSeconds(5);

  @TempDir private Path data;
  private final DurableTestStore store = new DurableTestStore();

  private FlushResult run(String url, String... names) {
    return run(url, Map.of(), names);
  }

  private FlushResult run(String url, Map<String, String> more, String... names) {
    store.newRun();
    Map<String, String> env = new java.util.HashMap<>(more);
    env.put("OTEL_EXPORTER_OTLP_ENDPOINT", url);
    Telemetry telemetry = Telemetry.start(TelemetryConfig.from(env, "1.2.3"), store, data);
    Tracer tracer = telemetry.tracer();
    for (String name : names) {
      tracer.spanBuilder(name).startSpan().end();
    }
    return telemetry.close(FLUSH);
  }

  private FlushResult sendEarlier(String url) {
    TelemetryConfig config =
        TelemetryConfig.from(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", url), "1.2.3");
    return Telemetry.sendEarlier(config, store, data, FLUSH);
  }

  private List<DestinationStatus> statuses() throws IOException {
    return DestinationStatus.of(data, store);
  }

  private static List<String> names(OtlpTestReceiver receiver) {
    return receiver.received().stream().map(SpanRecord::name).toList();
  }

  /// A receiver whose behaviour a test changes.
  private static OtlpTestReceiver receiver(AtomicReference<Function<Request, Answer>> behaviour) {
    return OtlpTestReceiver.answering(request -> behaviour.get().apply(request));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 500, 503})
  void keptSpans_goOutWithTheNextRun_once(int status) throws IOException {
    AtomicReference<Function<Request, Answer>> behaviour =
        new AtomicReference<>(r -> status(status));
    try (OtlpTestReceiver receiver = receiver(behaviour)) {
      store.newRun();
      FlushResult first = run(receiver.url(), "a", "b");
      assertThat(first.kept()).isEqualTo(2);
      assertThat(first.line()).contains("kept 2 (HTTP " + status + "), will be sent next time");
      assertThat(statuses())
          .singleElement()
          .satisfies(s -> {
            assertThat(s.address()).isEqualTo(receiver.url() + "/v1/traces");
            assertThat(s.owed()).isEqualTo(2);
            assertThat(s.lastError()).endsWith("HTTP " + status);
          });

      int before = receiver.requests().size();
      behaviour.set(r -> accept());
      FlushResult second = run(receiver.url(), "c");

      assertThat(second.delivered()).isEqualTo(1);
      assertThat(second.earlier()).isEqualTo(new Earlier(2, 0, 0));
      assertThat(second.line()).endsWith("; of earlier runs: delivered 2, kept 0");
      assertThat(
              receiver.requests().stream()
                  .skip(before)
                  .flatMap(r -> OtlpTestReceiver.spans(r).stream())
                  .map(SpanRecord::name))
          .containsExactlyInAnyOrder("a", "b", "c");
      assertThat(statuses())
          .singleElement()
          .satisfies(s -> {
            assertThat(s.owed()).isZero();
            assertThat(s.logs()).isZero();
            assertThat(s.lastError()).isEmpty();
          });
      int sent = receiver.requests().size();
      assertThat(sendEarlier(receiver.url()).earlier()).isEqualTo(Earlier.NONE);
      assertThat(receiver.requests()).hasSize(sent);
    }
  }

  @Test
  void keptSpans_areOwedToTheirOwnReceiverOnly() throws IOException {
    try (OtlpTestReceiver down = OtlpTestReceiver.start(n -> status(503));
        OtlpTestReceiver other = OtlpTestReceiver.start(n -> accept())) {
      run(down.url(), Map.of("OTEL_EXPORTER_OTLP_TIMEOUT", "50"), "a");
      run(down.url(), Map.of("OTEL_EXPORTER_OTLP_TIMEOUT", "50"), "b");
      run(other.url(), "c");

      assertThat(names(other)).containsExactly("c");
      assertThat(statuses()).extracting(DestinationStatus::owed).containsExactlyInAnyOrder(2L, 0L);
    }
  }

  @Test
  void debtsOverTheBound_areGivenUpOldestFirst_andSaid() throws IOException {
    String longName = "x".repeat(700_000);
    AtomicReference<Function<Request, Answer>> behaviour = new AtomicReference<>(r -> status(401));
    try (OtlpTestReceiver receiver = receiver(behaviour)) {
      for (String name : List.of("1", "2", "3")) {
        store.newRun();
        assertThat(run(receiver.url(), name + longName).kept()).isEqualTo(1);
      }
      behaviour.set(r -> accept());
      store.newRun();
      FlushResult last = run(receiver.url(), Map.of("PR_GUARD_SPOOL_MB", "1"), "new");

      assertThat(last.delivered()).isEqualTo(1);
      assertThat(last.earlier()).isEqualTo(new Earlier(1, 2, 0));
      assertThat(last.line()).contains("the spool is over its 1 MB");
      assertThat(names(receiver).stream().skip(3)).containsExactlyInAnyOrder("new", "3" + longName);
      assertThat(statuses())
          .singleElement()
          .satisfies(status -> {
            assertThat(status.owed()).isZero();
            assertThat(status.refused()).hasSize(2).allMatch(line -> line.contains("1 MB"));
          });
    }
  }

  @Test
  void partialSuccess_isNoted_andNotSentAgain() throws IOException {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> partial(1, "too old"))) {
      run(receiver.url(), "a", "b");

      assertThat(statuses())
          .singleElement()
          .satisfies(s -> {
            assertThat(s.owed()).isZero();
            assertThat(s.refused()).singleElement().asString().endsWith("\t1\ttoo old");
          });
    }
  }

  @Test
  void acknowledgedBatch_isNotSentAgain_whenALaterOneFails() throws IOException {
    AtomicReference<Function<Request, Answer>> behaviour =
        new AtomicReference<>(request ->
            OtlpTestReceiver.spans(request).stream().anyMatch(s -> s.name().equals("600"))
                ? status(401)
                : accept());
    try (OtlpTestReceiver receiver = receiver(behaviour)) {
      String[] names = new String[700];
      for (int i = 0; i < names.length; i++) {
        names[i] = String.valueOf(i);
      }
      FlushResult first = run(receiver.url(), names);
      assertThat(first.delivered()).isPositive();
      assertThat(first.kept()).isPositive();

      behaviour.set(r -> accept());
      List<String> refused =
          receiver.requests().stream()
              .map(OtlpTestReceiver::spans)
              .filter(spans -> spans.stream().anyMatch(s -> s.name().equals("600")))
              .flatMap(spans -> spans.stream().map(SpanRecord::name))
              .toList();
      assertThat(sendEarlier(receiver.url()).earlier().kept()).isZero();

      List<String> accepted = new java.util.ArrayList<>(names(receiver));
      refused.forEach(accepted::remove);
      assertThat(accepted).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void tornCursorLine_costsNothing_andAGarbledOneNoSpan() throws IOException {
    AtomicReference<Function<Request, Answer>> behaviour = new AtomicReference<>(r -> status(401));
    try (OtlpTestReceiver receiver = receiver(behaviour)) {
      run(receiver.url(), "a", "b");
      Path cursor = cursors().getFirst();
      Files.writeString(cursor, "acked 1\n\u0000garbage\nacked 2", StandardOpenOption.APPEND);

      behaviour.set(r -> accept());
      sendEarlier(receiver.url());

      assertThat(names(receiver)).endsWith("b").doesNotContainSequence("a", "b", "a");
      assertThat(cursors()).isEmpty();
    }
  }

  @Test
  void tenants_ofOneAddress_areApart_andNoKeyIsWritten() throws IOException {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(n -> status(401))) {
      for (String tenant : List.of("one", "two")) {
        store.newRun();
        Map<String, String> env =
            Map.of(
                "OTLP_ENDPOINT", receiver.url(), "OTLP_USERNAME", tenant, "OTLP_API_KEY", "canary");
        Telemetry telemetry = Telemetry.start(TelemetryConfig.from(env, "1"), store, data);
        telemetry.tracer().spanBuilder("a").startSpan().end();
        telemetry.close(FLUSH);
      }

      assertThat(statuses())
          .extracting(DestinationStatus::address)
          .containsExactlyInAnyOrder(
              receiver.url() + "/v1/traces one", receiver.url() + "/v1/traces two");
      try (var files = Files.walk(data)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file)).doesNotContain("canary", "Y2FuYXJ5");
        }
      }
    }
  }

  private List<Path> cursors() throws IOException {
    try (var files = Files.walk(data)) {
      return files.filter(f -> f.toString().endsWith(".cursor")).toList();
    }
  }
}
