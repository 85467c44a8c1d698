package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A review that is told to stop while a model is asked: it ends soon, its trace is whole, and what
/// was spent is on it.
final class SignalIT {
  private static final String COST = "gen_ai.usage.cost";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void signal_endsTheReview_andItsTraceSaysWhatWasSpent(String signal, int exitCode)
      throws Exception {
    Path diff = Files.writeString(folder.resolve("large.diff"), twoGroups());
    AtomicInteger calls = new AtomicInteger();
    try (TestHttpServer model =
            TestHttpServer.start(_ ->
                calls.incrementAndGet() == 1
                    ? ModelReviewIT.completion("{\"findings\":[],\"count\":0}")
                    : new Answer.Delayed(
                        Duration.ofSeconds(60), ModelReviewIT.completion("{\"findings\":[]}")));
        TestHttpServer receiver =
            TestHttpServer.start(_ -> Answer.bytes(503, "text/plain", new byte[0]))) {
      Process process =
          new GuardProcess(folder.resolve("home"))
              .in(folder)
              .env("OPENAI_API_KEY", "sk-canary")
              .env("OPENAI_BASE_URL", model.uri() + "/v1")
              .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.uri().toString())
              .start(
                  "review",
                  diff.toString(),
                  "--llm",
                  "openai/gpt-4o-mini",
                  "--flush-timeout",
                  "1s");
      awaitBookedCall();
      long start = System.nanoTime();
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();

      assertThat(process.waitFor(15, TimeUnit.SECONDS)).as("ends").isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(process.exitValue()).isEqualTo(exitCode);
    }
    List<SpanRecord> spans = all();
    SpanRecord root =
        spans.stream().filter(s -> s.parentSpanId() == null).findFirst().orElseThrow();
    assertThat(root.attributes().get("workflow.status"))
        .isIn(AttributeValue.of("partial"), AttributeValue.of("not_reviewed"));
    assertThat(root.status()).isEqualTo(SpanRecord.Status.ERROR);
    assertThat(spans).extracting(SpanRecord::name).contains("nitpicker.analyze", "rules.scan");
    // What was answered is on its span; the call that was broken off may be billed or not, so no
    // sum
    // is claimed.
    assertThat(sum(spans, COST)).isEqualByComparingTo("0.0006663");
    assertThat(spans)
        .filteredOn(span -> span.name().equals("nitpicker.analyze") || span.parentSpanId() == null)
        .hasSize(2)
        .allSatisfy(span ->
            assertThat(span.attributes())
                .containsEntry("cost.priced", AttributeValue.of(false))
                .doesNotContainKeys("cost.usd", "cost.total_usd"));
  }

  @Test
  void receiverDown_reviewEndsWithinTheFlushTimeout_andKeepsItsSpans() throws IOException {
    Path diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);
    try (TestHttpServer receiver =
        TestHttpServer.start(_ ->
            new Answer.Delayed(
                Duration.ofSeconds(60), Answer.bytes(200, "text/plain", new byte[0])))) {
      long start = System.nanoTime();
      GuardProcess.Result result =
          new GuardProcess(folder.resolve("home"))
              .in(folder)
              .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.uri().toString())
              .run("review", diff.toString(), "--fail-on", "none", "--flush-timeout", "1s");
      assertThat(result.exitCode()).isZero();
      assertThat(result.err()).contains("not delivered within 1000 ms", "will be sent next time");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }
    assertThat(all()).extracting(SpanRecord::name).contains("pr_review.workflow");
  }

  /// Until the first answer is on the disk: the span of a call is forced there as it ends.
  private void awaitBookedCall() throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      if (Files.exists(folder.resolve("home/data/format")) && sum(all(), COST).signum() > 0) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("no call was booked");
  }

  /// More than one call's worth of code.
  private static String twoGroups() {
    return dev.prguard.testkit.LargePullRequest.diff(20, 2_000, 5);
  }

  private List<SpanRecord> all() {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder.resolve("home/data"))) {
      return store.latestTraceIds(1).stream().flatMap(id -> store.trace(id).stream()).toList();
    }
  }

  private static BigDecimal sum(List<SpanRecord> spans, String key) {
    return spans.stream()
        .map(span -> span.attributes().get(key))
        .filter(DoubleValue.class::isInstance)
        .map(value -> BigDecimal.valueOf(((DoubleValue) value).value()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
