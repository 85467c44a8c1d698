package dev.prguard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.prguard.testkit.GoldenCorpus;
import dev.prguard.testkit.GoldenCorpus.Query;
import dev.prguard.testkit.GoldenJudge;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.trace.query.TraceQueryException.Reason;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TempoClientTest {
  private static final Instant MIDNIGHT = Instant.parse("2026-11-20T00:00:00Z");
  private static final TimeRange DAY = days(1);

  private static TimeRange days(int count) {
    return new TimeRange(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(count)));
  }

  private static TempoClient client(TestHttpServer server) {
    return new TempoClient(
        server.uri(), Map.of("Authorization", "Basic canary-secret"), Duration.ofSeconds(20));
  }

  private static Answer text(int status, String text) {
    return Answer.bytes(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  private static TraceQueryException failure(TestHttpServer server) {
    try (TempoClient tempo = client(server)) {
      return catchThrowableOfType(
          TraceQueryException.class, () -> tempo.search(new Search("{ }", DAY, 20, 3)));
    }
  }

  @Test
  void everyRecordedAnswer_isReadAsItIs() {
    AtomicReference<Query> asked = new AtomicReference<>();
    List<String> wrong = new ArrayList<>();
    int count = 0;
    try (TestHttpServer server =
            TestHttpServer.start(request -> GoldenTempo.answer(asked.get(), request));
        TempoClient tempo = client(server)) {
      for (Query query : GoldenCorpus.queries()) {
        asked.set(query);
        count++;
        GoldenJudge.differences(query, tempo)
            .forEach(difference -> wrong.add(query.id() + ": " + difference));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(count).isEqualTo(665);
  }

  @Test
  void credentials_goWithTheRequest_andNowhereElse() {
    try (TestHttpServer elsewhere = TestHttpServer.start(_ -> Answer.json(200, "{}"));
        TestHttpServer server =
            TestHttpServer.start(
                _ -> Answer.json(302, "").header("location", elsewhere.uri() + "/api/search"))) {
      TraceQueryException redirected = failure(server);

      assertThat(server.requests().getFirst().headers())
          .containsEntry("authorization", "Basic canary-secret");
      assertThat(elsewhere.requests()).isEmpty();
      assertThat(redirected.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(redirected).hasMessageContainingAll(server.uri().getAuthority(), "HTTP 302");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, REFUSED, 'invalid TraceQL query: parse error at line 1, col 2'",
    "401, UNAVAILABLE, 'HTTP 401 (wrong or missing credentials for queries)'",
    "404, UNAVAILABLE, 'HTTP 404'",
    "429, UNAVAILABLE, 'HTTP 429: invalid TraceQL query: parse error at line 1, col 2'",
    "500, UNAVAILABLE, 'HTTP 500: invalid TraceQL query'",
    "503, UNAVAILABLE, 'HTTP 503'"
  })
  void refusals_keepTemposWords_inOneLineWithoutSecrets(int status, Reason reason, String said) {
    String body = "invalid TraceQL query: parse error at line 1, col 2\n\u001b[31mcanary-secret";
    try (TestHttpServer server = TestHttpServer.start(_ -> text(status, body))) {
      TraceQueryException refused = failure(server);

      assertThat(refused.reason()).isEqualTo(reason);
      assertThat(refused).hasMessageContaining(said);
      assertThat(refused.getMessage()).doesNotContain("canary-secret", "\n", "\u001b");
    }
  }

  @Test
  void whatIsNotTempo_isSaid() {
    for (Answer answer :
        List.of(
            Answer.json(200, "<html>log in</html>"),
            Answer.json(200, "[1]"),
            Answer.json(200, "{\"traces\":[{\"traceID\":\"1\",\"startTimeUnixNano\":\"soon\"}]}"),
            new Answer.Truncated(Answer.json(200, "{\"traces\":[]}"), 5),
            new Answer.Reset())) {
      try (TestHttpServer server = TestHttpServer.start(_ -> answer)) {
        assertThat(failure(server).reason()).isEqualTo(Reason.UNAVAILABLE);
      }
    }
    try (TempoClient nobody = new TempoClient(URI.create("http://127.0.0.1:9"), Map.of())) {
      TraceQueryException refused =
          catchThrowableOfType(
              TraceQueryException.class, () -> nobody.search(new Search("{ }", DAY, 20, 3)));
      assertThat(refused).hasMessage("Tempo 127.0.0.1:9: connection refused");
    }
  }

  @Test
  void anAnswerLargerThanTheLimit_isRefused() {
    byte[] large = new byte[TempoHttp.MAX_ANSWER_BYTES + 1];
    try (TestHttpServer server =
        TestHttpServer.start(_ -> Answer.bytes(200, "application/json", large))) {
      assertThat(failure(server).reason()).isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void patienceAndCancelling_endAQuery() throws InterruptedException {
    Answer late = new Answer.Delayed(Duration.ofSeconds(30), Answer.json(200, "{}"));
    try (TestHttpServer server = TestHttpServer.start(_ -> late);
        TempoClient hasty = new TempoClient(server.uri(), Map.of(), Duration.ofMillis(200));
        TempoClient patient = new TempoClient(server.uri(), Map.of())) {
      assertThat(
              catchThrowableOfType(
                  QueryTimeoutException.class, () -> hasty.search(new Search("{ }", DAY, 20, 3))))
          .hasMessageContaining(server.uri().getAuthority());

      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread asking =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  patient.search(new Search("{ }", DAY, 20, 3));
                } catch (QueryTimeoutException e) {
                  thrown.set(e);
                }
              });
      Thread.sleep(300);
      asking.interrupt();
      asking.join(Duration.ofSeconds(5));
      assertThat(thrown.get()).hasMessage("the query was cancelled");
    }
  }

  /// A Tempo that takes a day at most, and counts one span for each hour, in `by` of the day.
  private static Answer daily(Request request) {
    Map<String, String> got = GoldenTempo.parameters(request.target());
    long start = seconds(got, "start");
    long end = seconds(got, "end");
    if (request.path().equals("/api/metrics/query")) {
      return end - start > 86_400
          ? exceeds(start, end)
          : Answer.json(
              200, "{\"series\":[{\"labels\":[],\"value\":" + (end - start) / 3600 + "}]}");
    }
    start = start / 3600 * 3600;
    if (end - start > 86_400) {
      return exceeds(start, end);
    }
    StringBuilder samples = new StringBuilder();
    for (long at = start; at <= end; at += 3600) {
      // What lies before the start is not whole.
      int value = at == start ? 7 : 1;
      samples.append(samples.isEmpty() ? "" : ",");
      samples.append("{\"timestampMs\":\"" + at * 1000 + "\",\"value\":" + value + "}");
    }
    String label =
        "[{\"key\":\"day\",\"value\":{\"intValue\":\"" + (end - 1) / 86_400 % 2 + "\"}}]";
    return Answer.json(
        200, "{\"series\":[{\"labels\":" + label + ",\"samples\":[" + samples + "]}]}");
  }

  private static long seconds(Map<String, String> got, String name) {
    String time = got.getOrDefault(name, "");
    return time.length() > 10 ? Long.parseLong(time) / 1_000_000_000 : Long.parseLong(time);
  }

  private static Answer exceeds(long start, long end) {
    return text(
        400,
        "range specified by start and end (72h0m0s) exceeds 24h0m0s. received start="
            + start
            + " end="
            + end);
  }

  @Test
  void aRangeOverTheMaximum_isAskedByDays_andJoinedStepByStep() {
    try (TestHttpServer server = TestHttpServer.start(TempoClientTest::daily);
        TempoClient tempo = client(server)) {
      MetricsAnswer answer =
          tempo.range(
              new RangeQuery(
                  "{ name = \"a | topk(\" } | count_over_time() by (day) // topk(1)\n",
                  days(3),
                  Duration.ofHours(1),
                  0));

      assertThat(server.requests()).hasSize(4);
      assertThat(answer.series()).hasSize(2);
      Series even = answer.series().getFirst();
      assertThat(even.labels().getFirst().value()).isEqualTo(AttributeValue.of(0));
      assertThat(even.samples()).hasSize(73);
      // The whole range's first interval is in no other piece; those between days are counted once.
      assertThat(answer.series().stream().flatMap(of -> of.samples().stream()))
          .filteredOn(sample -> sample.value() != 0)
          .hasSize(73)
          .extracting(Sample::value)
          .containsOnly(1.0, 7.0);
      assertThat(sum(answer)).isEqualTo(72 + 7);

      tempo.range(new RangeQuery("{ } | sum_over_time(span.x)", days(2), Duration.ofHours(1), 0));
      // What it takes at most is known by now.
      assertThat(server.requests()).hasSize(6);
    }
  }

  @Test
  void anInstantOverTheMaximum_isAddedUp_orRefused() {
    try (TestHttpServer server = TestHttpServer.start(TempoClientTest::daily);
        TempoClient tempo = client(server)) {
      TimeRange range =
          new TimeRange(MIDNIGHT.plusSeconds(7200), MIDNIGHT.plus(Duration.ofHours(74)));
      assertThat(sum(tempo.instant(new InstantQuery("{ } | count_over_time()", range))))
          .isEqualTo(72);

      for (String query :
          List.of(
              "{ } | avg_over_time(span.x)",
              "{ } | quantile_over_time(span.x, .9)",
              "{ } | count_over_time() by (name) | topk(3)",
              "{ } | compare({ status = error })")) {
        assertThat(
                catchThrowableOfType(
                    TraceQueryException.class, () -> tempo.instant(new InstantQuery(query, range))))
            .as(query)
            .hasMessageContaining("at most 24h at once")
            .returns(Reason.REFUSED, TraceQueryException::reason);
      }
    }
  }

  private static double sum(MetricsAnswer answer) {
    return answer.series().stream()
        .flatMap(series -> series.samples().stream())
        .mapToDouble(Sample::value)
        .sum();
  }

  @Test
  void whatChoosesAmongSeries_isNotJoined_andAStepOverADayNeither() {
    try (TestHttpServer server = TestHttpServer.start(TempoClientTest::daily);
        TempoClient tempo = client(server)) {
      for (String query :
          List.of(
              "{ } | rate() by (name) | topk(3)",
              "{ } | rate() > 0.5",
              "({ } | rate()) / ({ } | rate())",
              "{ } | compare({ status = error })")) {
        assertThat(
                catchThrowableOfType(
                    TraceQueryException.class,
                    () -> tempo.range(new RangeQuery(query, days(3), Duration.ofHours(1), 0))))
            .as(query)
            .hasMessageContaining("ask for a shorter range");
      }
      assertThat(
              catchThrowableOfType(
                  TraceQueryException.class,
                  () ->
                      tempo.range(new RangeQuery("{ } | rate()", days(6), Duration.ofDays(2), 0))))
          .hasMessageContaining("a step of PT48H");
    }
  }

  @Test
  void aTempoThatCountsTheIntervalBeforeTheStart_isAskedForOneLess() {
    try (TestHttpServer server =
            TestHttpServer.start(request -> {
              Map<String, String> got = GoldenTempo.parameters(request.target());
              long start = seconds(got, "start") / 3600 * 3600 - 3600;
              long end = seconds(got, "end");
              return end - start > 86_400 ? exceeds(start, end) : daily(request);
            });
        TempoClient tempo = client(server)) {
      RangeQuery day = new RangeQuery("{ } | rate()", DAY, Duration.ofHours(1), 0);
      assertThat(sum(tempo.range(day))).isEqualTo(24 + 7);
      int asked = server.requests().size();
      assertThat(sum(tempo.range(day))).isEqualTo(24 + 7);
      assertThat(server.requests()).hasSizeLessThanOrEqualTo(asked + 3);
    }
  }

  @Test
  void aPartialAnswer_isNoAnswer() {
    String partial = "{\"series\":[],\"status\":\"PARTIAL\",\"message\":\"too many series\"}";
    try (TestHttpServer server = TestHttpServer.start(_ -> Answer.json(200, partial));
        TempoClient tempo = client(server)) {
      assertThat(
              catchThrowableOfType(
                  TraceQueryException.class,
                  () -> tempo.instant(new InstantQuery("{ } | rate()", DAY))))
          .hasMessageContainingAll("only in part", "too many series");
    }
  }

  @Test
  void allSpans_areAsManyAsTheServerGives() {
    try (TestHttpServer server =
            TestHttpServer.start(request ->
                request.target().contains("spss=0")
                    ? text(400, "spans per span set exceeds 100. received 0")
                    : Answer.json(200, "{}"));
        TempoClient tempo = client(server)) {
      assertThat(tempo.search(new Search("{ }", DAY, 20, 0)).traces()).isEmpty();
      assertThat(server.requests().getLast().target()).contains("spss=100");
    }
  }
}
