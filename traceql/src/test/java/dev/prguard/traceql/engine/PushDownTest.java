package dev.prguard.traceql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.testkit.GoldenCorpus;
import dev.prguard.testkit.StrictSpanSource;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.traceql.engine.TraceQlEngine.Options;
import dev.prguard.traceql.engine.TraceQlEngine.PushDown;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A source that leaves out all it may gives the answers of one that leaves out nothing.
class PushDownTest {
  private static final TimeRange RANGE =
      new TimeRange(Instant.parse("2026-11-22T12:00:00Z"), Instant.parse("2026-11-22T13:00:00Z"));

  private static final List<SpanRecord> SPANS = GoldenCorpus.spans();

  private final Map<QuantileMode, TraceQueries> strict = new EnumMap<>(QuantileMode.class);
  private final Map<QuantileMode, TraceQueries> plain = new EnumMap<>(QuantileMode.class);

  PushDownTest() {
    InMemorySpanStore memory = new InMemorySpanStore();
    memory.append(SPANS);
    for (QuantileMode mode : QuantileMode.values()) {
      strict.put(
          mode,
          new TraceQlEngine(
              new StrictSpanSource(SPANS),
              new Options(Duration.ofMinutes(5), mode, PushDown.ON),
              InstantSource.system()));
      plain.put(
          mode,
          new TraceQlEngine(
              memory,
              new Options(Duration.ofMinutes(5), mode, PushDown.OFF),
              InstantSource.system()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomQueries_strictSource_sameAnswers(long seed) {
    FilterTexts texts = new FilterTexts(new Random(seed));
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      QuantileMode mode = i % 2 == 0 ? QuantileMode.EXACT : QuantileMode.TEMPO_BUCKETS;
      check(
          i % 3 == 0 ? "search" : i % 3 == 1 ? "range" : "instant",
          i % 3 == 0 ? texts.search() : texts.metrics(),
          mode,
          wrong);
    }
    assertThat(wrong).isEmpty();
  }

  /// What a predicate by types alone would get wrong.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ span.amount > 10 && span.amount != nil } | count_over_time()",
        "{ span.amount < 10 && span.ratio > 0.1 } | rate() by (span.amount)",
        "{ span.ratio > 1 || span.flag = true } | sum_over_time(span.ratio)",
        "{ span.retry.count > 2 || span.flag = true } | sum_over_time(span.retry.count)",
        "{ span.tags != \"a\" && span.tags != nil } | count_over_time() by (span.tags)",
        "{ span.tags != \"a\" } | count_over_time() by (span.tags)",
        "{ span.tags = \"a\" } | count_over_time() by (span.tags)",
        "{ span.http.status_code != nil } | count_over_time() by (span.http.status_code)",
        "{ status = error } | count_over_time() by (span.http.status_code)",
        "{ status = error } | quantile_over_time(duration, .5) by (span.http.status_code)",
        "{ span.http.status_code >= 400 } | max_over_time(span.http.status_code)",
        "{ span.http.status_code = \"500\" } | count_over_time() by (span.http.method)",
        "{ resource.service.name != \"mailer\" } | count_over_time() by (resource.service.name)",
        "{ resource.service.name = \"\" } | count_over_time() by (resource.service.name)",
        "{ span.region = \"eu-west-1\" || span.flag = true } | rate() by (span.region)",
        "{ .region = \"eu-west-1\" } | rate() by (.region)",
        "{ span.nums > 5 && span.nums < 15 } | sum_over_time(span.nums)",
        "{ span.mix.val > 4 } | avg_over_time(span.mix.val) by (span.mix.val)",
        "{ duration > 1s && duration < 5s } | histogram_over_time(duration)",
        "{ status = error || kind = server } | rate() by (status, kind)",
        "{ span.cost.usd > 0.0 && span.operation.type != nil } | sum_over_time(span.cost.usd)",
      })
  void metrics_strictSource_sameAnswers(String query) {
    List<String> wrong = new ArrayList<>();
    for (QuantileMode mode : QuantileMode.values()) {
      check("range", query, mode, wrong);
      check("instant", query, mode, wrong);
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void goldenQueries_strictSource_sameAnswers(QuantileMode mode) {
    List<String> wrong = new ArrayList<>();
    for (GoldenCorpus.Query query : GoldenCorpus.queries()) {
      String text = query.text();
      if (text != null && List.of("search", "range", "instant").contains(query.kind())) {
        check(query.kind(), text, mode, wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void productQueries_strictSource_areAggregatedByIt() {
    // Else the tests above would say nothing of aggregates.
    StrictSpanSource source = new StrictSpanSource(SPANS);
    TraceQueries engine = new TraceQlEngine(source, Options.DEFAULT, InstantSource.system());
    engine.instant(
        new InstantQuery(
            "{ resource.service.name = \"secure-pr-guard\" && span.operation.type != nil }"
                + " | quantile_over_time(span.latency.ms, .95) by (span.operation.type)",
            RANGE));
    assertThat(source.aggregated()).isEqualTo(1);
  }

  private void check(String kind, String query, QuantileMode mode, List<String> wrong) {
    String want = answer(plain.get(mode), kind, query);
    String got = answer(strict.get(mode), kind, query);
    // A source need not hand out the span at which a query fails.
    if (!want.startsWith("FAILED") && !want.equals(got)) {
      wrong.add(
          kind + " " + query + "\n  " + difference(want, got) + "\n  " + difference(got, want));
    }
  }

  private static String difference(String one, String other) {
    List<String> lines = new ArrayList<>(one.lines().toList());
    lines.removeAll(other.lines().toList());
    return lines.isEmpty()
        ? ""
        : lines.getFirst().substring(0, Math.min(300, lines.getFirst().length()));
  }

  private static String answer(
      @org.jspecify.annotations.Nullable TraceQueries queries, String kind, String query) {
    TraceQueries engine = java.util.Objects.requireNonNull(queries);
    try {
      return switch (kind) {
        case "search" -> {
          List<String> lines = new ArrayList<>();
          engine
              .search(new Search(query, RANGE, 1000, 0))
              .traces()
              .forEach(trace -> lines.add(trace.toString()));
          // Of traces that start together either may come first.
          lines.sort(null);
          yield String.join("\n", lines);
        }
        case "range" ->
            series(engine.range(new RangeQuery(query, RANGE, Duration.ofMinutes(10), 0)));
        default -> series(engine.instant(new InstantQuery(query, RANGE)));
      };
    } catch (TraceQueryException e) {
      return e.reason() + " " + e.getMessage();
    }
  }

  /// Numbers to nine digits: sums may be added in another order. Series that print alike, as those
  /// of arrays do, are put together.
  private static String series(TraceQueries.MetricsAnswer answer) {
    List<String> lines = new ArrayList<>();
    for (TraceQueries.Series series : answer.series()) {
      StringBuilder line = new StringBuilder(series.labels().toString());
      for (TraceQueries.Sample sample : series.samples()) {
        line.append(
            String.format(
                java.util.Locale.ROOT, " %d=%.8e", sample.timestampMillis(), sample.value()));
      }
      lines.add(line.toString());
    }
    String[] sorted = lines.toArray(String[]::new);
    Arrays.sort(sorted);
    return String.join("\n", sorted);
  }
}
