package dev.prguard.telemetry;

import static dev.prguard.telemetry.OtlpTestReceiver.accept;
import static dev.prguard.telemetry.OtlpTestReceiver.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.telemetry.FlushResult.Earlier;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a receiver cannot take never holds up what comes after it, and is never dropped unsaid.
class RefusalTest {
  private static final Duration FLUSH = Duration.ofSeconds(5);

  @TempDir private Path data;
  private final DurableTestStore store = new DurableTestStore();
  private final AtomicReference<Function<Request, Answer>> behaviour =
      new AtomicReference<>(r -> accept());

  private OtlpTestReceiver receiver() {
    return OtlpTestReceiver.answering(request -> behaviour.get().apply(request));
  }

  /// Each name is a span; each call a run of its own.
  private FlushResult run(OtlpTestReceiver receiver, String... names) {
    store.newRun();
    Telemetry telemetry = Telemetry.start(config(receiver), store, data);
    for (String name : names) {
      telemetry.tracer().spanBuilder(name).startSpan().end();
    }
    return telemetry.close(FLUSH);
  }

  private Earlier sendEarlier(OtlpTestReceiver receiver) {
    return Telemetry.sendEarlier(config(receiver), store, data, FLUSH).earlier();
  }

  private static TelemetryConfig config(OtlpTestReceiver receiver) {
    return TelemetryConfig.from(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url()), "1.2.3");
  }

  private DestinationStatus destination() throws IOException {
    return DestinationStatus.of(data, store).getFirst();
  }

  private static Function<Request, Answer> refusingPoison(int status) {
    return request -> names(request).contains("poison") ? status(status) : accept();
  }

  private static List<String> names(Request request) {
    return OtlpTestReceiver.spans(request).stream().map(SpanRecord::name).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422})
  void refusedForItself_isSetAsideAtOnceWithItsReason_andTheOthersArrive(int status)
      throws IOException {
    behaviour.set(refusingPoison(status));
    try (OtlpTestReceiver receiver = receiver()) {
      FlushResult result = run(receiver, "a", "b", "poison", "c", "d", "e");

      assertThat(result.delivered()).isEqualTo(5);
      assertThat(result.line()).endsWith("rejected 1, kept 0 (HTTP " + status + ")");
      assertThat(destination().owed()).isZero();
      assertThat(destination().refused())
          .singleElement()
          .asString()
          .endsWith("\trun-2\t2\t3\t1\tHTTP " + status);
      int sent = receiver.requests().size();
      assertThat(sendEarlier(receiver)).isEqualTo(Earlier.NONE);
      assertThat(receiver.requests()).hasSize(sent);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 500, 501, 505, 520})
  void receiverFailsOnOneSpan_isKept_andSetAsideWhenItFailsAgainAndTakesTheOthers(int status)
      throws IOException {
    behaviour.set(refusingPoison(status));
    try (OtlpTestReceiver receiver = receiver()) {
      FlushResult first = run(receiver, "a", "b", "poison", "c", "d", "e");
      assertThat(first.delivered()).isEqualTo(2);
      assertThat(first.line())
          .endsWith("rejected 0, kept 4 (HTTP " + status + "), will be sent next time");

      FlushResult second = run(receiver, "next");
      assertThat(second.delivered()).isEqualTo(1);
      assertThat(second.earlier()).isEqualTo(new Earlier(3, 1, 0));
      assertThat(second.line()).contains("(HTTP " + status + ")");
      assertThat(destination().owed()).isZero();
      assertThat(destination().refused()).singleElement().asString().endsWith("HTTP " + status);
      assertThat(sendEarlier(receiver)).isEqualTo(Earlier.NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 422, 408, 500, 501})
  void poisonedLog_neverBlocksOthers(int status) throws IOException {
    behaviour.set(r -> status(401));
    try (OtlpTestReceiver receiver = receiver()) {
      run(receiver, "poison");
      run(receiver, "poison");
      run(receiver, "old");
      behaviour.set(refusingPoison(status));

      FlushResult result = run(receiver, "poison");

      assertThat(result.delivered()).isZero();
      assertThat(result.rejected() + result.kept()).isEqualTo(1);
      assertThat(result.earlier().delivered()).isEqualTo(1);
      assertThat(result.earlier().rejected() + result.earlier().kept()).isEqualTo(2);
      assertThat(receiver.requests().stream().filter(r -> names(r).contains("old"))).hasSize(2);
    }
  }

  @Test
  void manySpansBehindOneInAnEarlierLog_areReached() {
    behaviour.set(r -> status(401));
    try (OtlpTestReceiver receiver = receiver()) {
      String[] names = new String[1_200];
      for (int i = 0; i < names.length; i++) {
        names[i] = i == 511 ? "poison" : "span-" + i; // the last one of its batch
      }
      run(receiver, names);
      behaviour.set(refusingPoison(500));

      assertThat(sendEarlier(receiver)).isEqualTo(new Earlier(1_199, 1, 0));
    }
  }

  @Test
  void receiverFailsOnEverything_isAskedBoundedlyOften_andNothingIsGivenUp() throws IOException {
    behaviour.set(r -> status(500));
    try (OtlpTestReceiver receiver = receiver()) {
      for (int i = 0; i < 6; i++) {
        run(receiver, "a", "b", "c", "d", "e", "f", "g", "h");
      }
      int before = receiver.requests().size();
      FlushResult broken = run(receiver, "i");
      assertThat(receiver.requests().size() - before).isLessThanOrEqualTo(48);
      assertThat(broken.line())
          .endsWith(
              "kept 1 (HTTP 500); of earlier runs: delivered 0, kept 48, will be sent next time");
      assertThat(destination().refused()).isEmpty();

      behaviour.set(r -> accept());
      assertThat(run(receiver, "j").earlier()).isEqualTo(new Earlier(49, 0, 0));
    }
  }

  @Test
  void refusedBatch_isHalvedToFindTheSpansAtFault() {
    behaviour.set(r -> status(400));
    try (OtlpTestReceiver receiver = receiver()) {
      FlushResult result = run(receiver, "a", "b", "c", "d");

      assertThat(result)
          .isEqualTo(
              new FlushResult(4, 0, 4, 0, 0, Earlier.NONE, receiver.host(), "HTTP 400", null));
      assertThat(receiver.requests()).hasSize(7);
    }
  }
}
