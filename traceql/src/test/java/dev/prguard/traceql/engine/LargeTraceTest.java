package dev.prguard.traceql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.TraceQueries.InstantQuery;
import dev.prguard.trace.query.TraceQueries.RangeQuery;
import dev.prguard.trace.query.TraceQueries.Search;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.trace.query.TraceQueryException.Reason;
import dev.prguard.traceql.engine.TraceQlEngine.Options;
import dev.prguard.traceql.engine.TraceQlEngine.PushDown;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Traces of 30,000 spans: comparing each span with each would be 900,000,000 comparisons.
class LargeTraceTest {
  private static final int SPANS = 30_000;
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  private static final TimeRange RANGE = new TimeRange(START, START.plusSeconds(3600));

  private static List<SpanRecord> chain() {
    List<SpanRecord> spans = new ArrayList<>();
    for (int i = 0; i < SPANS; i++) {
      spans.add(span(i, i == 0 ? null : i - 1));
    }
    return spans;
  }

  private static List<SpanRecord> fan() {
    List<SpanRecord> spans = new ArrayList<>();
    for (int i = 0; i < SPANS; i++) {
      spans.add(span(i, i == 0 ? null : 0));
    }
    return spans;
  }

  private static SpanRecord span(int number, @Nullable Integer parent) {
    long start = START.getEpochSecond() * 1_000_000_000 + number * 1_000_000L;
    return new SpanRecord(
        "0af7651916cd43dd8448eb211c80319c",
        id(number),
        parent == null ? null : id(parent),
        "step " + number,
        SpanRecord.Kind.INTERNAL,
        start,
        start + 1_000_000,
        number % 2 == 0 ? SpanRecord.Status.OK : SpanRecord.Status.ERROR,
        "",
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        SpanRecord.Scope.EMPTY);
  }

  private static String id(int number) {
    return HexFormat.of().toHexDigits(number + 1L);
  }

  private static TraceQlEngine engine(List<SpanRecord> spans, Duration timeout) {
    InMemorySpanStore store = new InMemorySpanStore();
    store.append(spans);
    return new TraceQlEngine(
        store,
        new Options(timeout, QuantileMode.EXACT, PushDown.ON),
        InstantSource.fixed(START.plusSeconds(7200)));
  }

  private static int matched(List<SpanRecord> spans, String query) {
    SearchAnswer answer =
        engine(spans, Duration.ofSeconds(20)).search(new Search(query, RANGE, 10, 3));
    return answer.traces().isEmpty()
        ? 0
        : answer.traces().getFirst().spanSets().getFirst().matched();
  }

  // The spans of error are every second one of the chain, the root is none of them.
  @ParameterizedTest
  @CsvSource({
    "{} >> {status=error}, 15000",
    "{status=error} >> {}, 29998",
    "{} << {status=error}, 14999",
    "{status=ok} > {status=error}, 15000",
    "{status=error} > {status=error}, 0",
    "{} ~ {}, 0",
    "{status=error} &>> {status=error}, 15000",
    "{status=error} &<< {status=error}, 15000",
    "{status=error} !>> {}, 2",
    "{} !< {}, 1",
    "{nestedSetParent < 0}, 1",
    "{span:childCount = 1}, 29999"
  })
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void search_chain_relationsAreFast(String query, int matched) {
    assertThat(matched(chain(), query)).isEqualTo(matched);
  }

  @ParameterizedTest
  @CsvSource({
    "{} ~ {status=error}, 15000",
    "{status=error} ~ {status=error}, 15000",
    "{status=error} &~ {status=ok}, 29999",
    "{status=ok} !~ {}, 1",
    "{status=ok} > {}, 29999",
    "{status=error} < {}, 1",
    "{status=error} >> {}, 0",
    "{span:childCount > 1}, 1"
  })
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void search_fan_relationsAreFast(String query, int matched) {
    assertThat(matched(fan(), query)).isEqualTo(matched);
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void metrics_moreSeriesThanAnybodyReads_saysSo() {
    TraceQlEngine engine = engine(fan(), Duration.ofSeconds(20));

    assertThatThrownBy(() -> engine.instant(new InstantQuery("{} | rate() by (name)", RANGE)))
        .isInstanceOfSatisfying(
            TraceQueryException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FAILED))
        .hasMessageContaining("group by fewer fields");
    assertThatThrownBy(() ->
            engine.range(new RangeQuery("{} | rate() by (name)", RANGE, Duration.ofSeconds(1), 0)))
        .isInstanceOfSatisfying(
            TraceQueryException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FAILED))
        .hasMessageContaining("too many numbers");
  }

  @ParameterizedTest
  @CsvSource({"{} >> {}", "{} | by(name) | count() > 1", "{ name =~ `.*7` }"})
  void search_noTimeLeft_stops(String query) {
    TraceQlEngine engine = engine(chain(), Duration.ofNanos(1));

    assertThatThrownBy(() -> engine.search(new Search(query, RANGE, 10, 3)))
        .isInstanceOf(QueryTimeoutException.class);
  }

  @Test
  void search_threadInterrupted_stops() {
    TraceQlEngine engine = engine(chain(), Duration.ofSeconds(20));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> engine.search(new Search("{} >> {}", RANGE, 10, 3)))
          .isInstanceOf(QueryTimeoutException.class)
          .hasMessage("the query was cancelled");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
