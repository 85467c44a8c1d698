package dev.prguard.traceql.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.testkit.GoldenCorpus;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.query.TraceQueries.Exemplar;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.traceql.engine.TraceQlEngine.Options;
import dev.prguard.traceql.engine.TraceQlEngine.PushDown;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// SEMANTICS.md, 14.8 and 8.1: what the recorded answers leave out, because Tempo chooses at random
/// or because no query of the corpus shows it.
class ExemplarTest {
  private static final TimeRange HOUR =
      new TimeRange(Instant.ofEpochSecond(1_795_348_800), Instant.ofEpochSecond(1_795_352_400));

  private static TraceQlEngine engine(PushDown pushDown) {
    InMemorySpanStore store = new InMemorySpanStore();
    store.append(GoldenCorpus.spans());
    Options options = new Options(Duration.ofMinutes(1), QuantileMode.TEMPO_BUCKETS, pushDown);
    return new TraceQlEngine(store, options, InstantSource.system());
  }

  @ParameterizedTest
  @EnumSource
  void whereSpansAreCounted_exemplarsCarryTheSampleOfTheirInterval(PushDown pushDown) {
    for (String query :
        List.of(
            "{ kind = server } | rate()",
            "{ kind = server } | count_over_time() by (status)",
            "{ kind = server } | histogram_over_time(duration)")) {
      MetricsAnswer answer =
          engine(pushDown).range(new RangeQuery(query, HOUR, Duration.ofMinutes(10), 20));
      int count = 0;
      for (Series series : answer.series()) {
        for (Exemplar exemplar : series.exemplars()) {
          count++;
          assertThat(exemplar.value()).as(query).isEqualTo(sampleOf(exemplar, series).value());
          assertThat(exemplar.value()).isPositive();
          assertThat(exemplar.labels()).extracting("key").contains("trace:id");
        }
      }
      assertThat(count).as(query).isBetween(5, 20);
    }
  }

  private static Sample sampleOf(Exemplar exemplar, Series series) {
    return series.samples().stream()
        .filter(sample -> sample.timestampMillis() >= exemplar.timestampMillis())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whereAValueIsAskedFor_exemplarsCarryTheirSpans() {
    MetricsAnswer answer =
        engine(PushDown.ON)
            .range(
                new RangeQuery(
                    "{ span.latency.ms != nil } | max_over_time(span.latency.ms)",
                    HOUR,
                    Duration.ofMinutes(10),
                    20));
    Series series = answer.series().getFirst();
    assertThat(series.exemplars()).isNotEmpty();
    series
        .exemplars()
        .forEach(exemplar ->
            assertThat(exemplar.value()).isBetween(1.0, sampleOf(exemplar, series).value()));
  }

  @Test
  void labelsNameConstantsAsTheyAreWorkedOut() {
    assertThat(label("{ span.retry.count > 0 } | sum(span.retry.count * (1 + 1)) > 0"))
        .isEqualTo("sum(span.retry.count * 2)");
    assertThat(label("{ kind = server } | by(span.http.status_code / (10 * 10))"))
        .isEqualTo("by(span.http.status_code / 100)");
    assertThat(label("{ kind = producer } | by(duration > 5ms * 2)"))
        // Anything with a duration is a float.
        .isEqualTo("by(duration > 1e+07)");
    assertThat(label("{ kind = producer } | by(duration + 1ms + 1ms > 1s)"))
        .contains("+ 1ms", "> 1s");
  }

  private static String label(String query) {
    return engine(PushDown.ON)
        .search(new Search(query, HOUR, 5, 1))
        .traces()
        .getFirst()
        .spanSets()
        .getFirst()
        .attributes()
        .getLast()
        .key();
  }
}
