package dev.prguard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanSource;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceSpans;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What each SpanSource does: seeded questions, beside a source that answers by looking at every
/// span ([StrictSpanSource]). More may be handed out than was asked for, never less; an aggregate
/// is right, or left to the engine.
public abstract class SpanSourceContract {
  private static final int QUESTIONS = 400;
  private static final long SEED = 20_261_126;

  /// A source of these spans, in the order in which they were received. The contract leaves it
  /// open.
  protected abstract SpanSource source(List<SpanRecord> spans) throws Exception;

  @Test
  protected final void fetch_handsOutNoLessThanWasAskedFor() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    List<SpanRecord> spans = RandomSpanQuestions.spans(random);
    SpanSource source = source(spans);
    StrictSpanSource strict = new StrictSpanSource(spans);
    for (int i = 0; i < QUESTIONS; i++) {
      SpanFetch fetch = RandomSpanQuestions.fetch(random);
      List<TraceSpans> handed = new ArrayList<>();
      source.fetch(fetch, handed::add);
      String what = "seed " + SEED + ", question " + i + ": " + fetch;
      Map<String, Map<String, SpanRecord>> byTrace = new HashMap<>();
      for (TraceSpans trace : handed) {
        Map<String, SpanRecord> known =
            byTrace.computeIfAbsent(trace.traceId(), _ -> new HashMap<>());
        for (SpanRecord span : trace.spans()) {
          assertThat(known.put(span.spanId(), span)).as("twice, %s", what).isNull();
        }
      }
      if (fetch.grouping() == SpanFetch.Grouping.WHOLE_TRACES) {
        assertThat(handed).extracting(TraceSpans::traceId).as(what).doesNotHaveDuplicates();
        assertThat(handed.stream().map(trace -> -start(trace)).toList()).as(what).isSorted();
      }
      strict.fetch(
          fetch,
          trace -> {
            Map<String, SpanRecord> of = byTrace.getOrDefault(trace.traceId(), Map.of());
            for (SpanRecord span : trace.spans()) {
              SpanRecord given = of.get(span.spanId());
              if (given == null) {
                throw new AssertionError("missing " + span + ", " + what);
              }
              assertThat(StrictSpanSource.stripped(given, fetch.fields())).as(what).isEqualTo(span);
            }
            if (fetch.grouping() == SpanFetch.Grouping.WHOLE_TRACES) {
              assertThat(of).as(what).hasSameSizeAs(trace.spans());
            }
            return true;
          });
    }
  }

  private static long start(TraceSpans trace) {
    return trace.spans().stream().mapToLong(SpanRecord::startNanos).min().orElseThrow();
  }

  @Test
  protected final void aggregate_isRightOrLeftToTheEngine() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED + 1);
    List<SpanRecord> spans = RandomSpanQuestions.spans(random);
    SpanSource source = source(spans);
    StrictSpanSource strict = new StrictSpanSource(spans);
    for (int i = 0; i < QUESTIONS; i++) {
      SpanAggregate aggregate = RandomSpanQuestions.aggregate(random);
      Optional<List<AggregateRow>> right = strict.aggregate(aggregate);
      // A source may remember what it is asked again.
      for (int time = 1; time <= 3; time++) {
        Optional<List<AggregateRow>> answer = source.aggregate(aggregate);
        if (answer.isPresent()) {
          String what = "seed " + SEED + ", question " + i + ", time " + time + ": " + aggregate;
          assertThat(right).as("arrays, " + what).isPresent();
          assertSame(what, answer.get(), right.orElseThrow());
        }
      }
    }
  }

  private static void assertSame(String what, List<AggregateRow> ours, List<AggregateRow> theirs) {
    Map<List<@Nullable Object>, AggregateRow> expected = new HashMap<>();
    theirs.forEach(row -> expected.put(key(row, theirs), row));
    assertThat(ours).as(what).hasSameSizeAs(theirs);
    for (AggregateRow row : ours) {
      AggregateRow of = expected.get(key(row, theirs));
      if (of == null) {
        throw new AssertionError(what + ": " + row);
      }
      assertThat(row.count()).as(what).isEqualTo(of.count());
      for (int i = 0; i < row.numbers().size(); i++) {
        double number = of.numbers().get(i);
        assertThat(Math.abs(row.numbers().get(i) - number))
            .as("%s: %s", what, row)
            .isLessThanOrEqualTo(1e-9 * Math.max(1e-300, Math.abs(number)));
      }
    }
  }

  /// Buckets of one group are told apart by their bounds.
  private static List<@Nullable Object> key(AggregateRow row, List<AggregateRow> all) {
    List<@Nullable Object> key = new ArrayList<>();
    key.add(row.interval());
    key.addAll(row.labels());
    boolean buckets =
        all.stream()
                .filter(other ->
                    other.interval() == row.interval() && other.labels().equals(row.labels()))
                .count()
            > 1;
    key.add(buckets ? row.numbers() : null);
    return key;
  }

  @Test
  protected final void attributes_areThoseOfSpansInTheWindow() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED + 2);
    List<SpanRecord> spans = RandomSpanQuestions.spans(random);
    SpanSource source = source(spans);
    StrictSpanSource strict = new StrictSpanSource(spans);
    for (int i = 0; i < 40; i++) {
      SpanFetch fetch = RandomSpanQuestions.fetch(random);
      assertThat(source.attributes(fetch))
          .as("seed %d, %s", SEED, fetch.window())
          .containsAll(strict.attributes(fetch));
    }
    SpanFetch all =
        new SpanFetch(
            new SpanWindow.Overlaps(0, Long.MAX_VALUE),
            new SpanPredicate.Any(),
            List.of(),
            SpanFetch.Grouping.SPANS,
            null,
            RandomSpanQuestions.LATER);
    assertThat(source.attributes(all)).isEqualTo(strict.attributes(all));
  }

  @Test
  protected final void trace_isWhole() throws Exception {
    List<SpanRecord> spans = RandomSpanQuestions.spans(new SplittableRandom(SEED + 3));
    SpanSource source = source(spans);
    Map<String, Set<SpanRecord>> byTrace = new HashMap<>();
    spans.forEach(span -> byTrace.computeIfAbsent(span.traceId(), _ -> new HashSet<>()).add(span));
    byTrace.forEach(
        (id, of) -> assertThat(source.trace(id)).containsExactlyInAnyOrderElementsOf(of));
    assertThat(source.trace("f".repeat(32))).isEmpty();
  }

  @Test
  protected final void fetch_pastTheDeadline_givesUp() throws Exception {
    SpanSource source = source(RandomSpanQuestions.spans(new SplittableRandom(SEED + 4)));
    if (!givesUp()) {
      return;
    }
    SpanFetch late =
        new SpanFetch(
            new SpanWindow.Overlaps(0, Long.MAX_VALUE),
            new SpanPredicate.Any(),
            List.of(),
            SpanFetch.Grouping.WHOLE_TRACES,
            null,
            Instant.EPOCH);
    assertThatThrownBy(() -> source.fetch(late, _ -> true))
        .isInstanceOf(QueryTimeoutException.class);
  }

  /// Whether it looks at the clock: in memory there is nothing to wait for.
  protected boolean givesUp() {
    return true;
  }
}
