package dev.prguard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.QueryTimeoutException;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanSource;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceSpans;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
  private static final long FROM = 1_790_000_000_000_000_000L;
  private static final long MINUTE = 60_000_000_000L;
  private static final List<SpanField> FIELDS =
      List.of(
          new Attribute(Scope.SPAN, "k0"),
          new Attribute(Scope.SPAN, "k1"),
          new Attribute(Scope.SPAN, "Mixed"),
          new Attribute(Scope.SPAN, "mixed"),
          new Attribute(Scope.SPAN, "array"),
          new Attribute(Scope.SPAN, "absent"),
          new Attribute(Scope.ANY, "k0"),
          new Attribute(Scope.ANY, "region"),
          new Attribute(Scope.ANY, "array"),
          new Attribute(Scope.RESOURCE, "service.name"),
          new Attribute(Scope.RESOURCE, "region"),
          new Attribute(Scope.RESOURCE, "zones"),
          new Attribute(Scope.INSTRUMENTATION, "library"),
          new Attribute(Scope.EVENT, "detail"),
          new Attribute(Scope.LINK, "detail"),
          Intrinsic.DURATION,
          Intrinsic.NAME,
          Intrinsic.STATUS,
          Intrinsic.STATUS_MESSAGE,
          Intrinsic.KIND,
          Intrinsic.INSTRUMENTATION_NAME,
          Intrinsic.EVENT_NAME);

  /// A source of these spans, in the order in which they were received. The contract leaves it
  /// open.
  protected abstract SpanSource source(List<SpanRecord> spans) throws Exception;

  @Test
  protected final void fetch_handsOutNoLessThanWasAskedFor() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    List<SpanRecord> spans = spans(random);
    SpanSource source = source(spans);
    StrictSpanSource strict = new StrictSpanSource(spans);
    for (int i = 0; i < QUESTIONS; i++) {
      SpanFetch fetch = fetch(random);
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
    List<SpanRecord> spans = spans(random);
    SpanSource source = source(spans);
    StrictSpanSource strict = new StrictSpanSource(spans);
    for (int i = 0; i < QUESTIONS; i++) {
      SpanAggregate aggregate = aggregate(random);
      Optional<List<AggregateRow>> answer = source.aggregate(aggregate);
      if (answer.isPresent()) {
        String what = "seed " + SEED + ", question " + i + ": " + aggregate;
        Optional<List<AggregateRow>> right = strict.aggregate(aggregate);
        assertThat(right).as("arrays, " + what).isPresent();
        assertSame(what, answer.get(), right.orElseThrow());
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
    List<SpanRecord> spans = spans(random);
    SpanSource source = source(spans);
    StrictSpanSource strict = new StrictSpanSource(spans);
    for (int i = 0; i < 40; i++) {
      SpanFetch fetch = fetch(random);
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
            LATER);
    assertThat(source.attributes(all)).isEqualTo(strict.attributes(all));
  }

  @Test
  protected final void trace_isWhole() throws Exception {
    List<SpanRecord> spans = spans(new SplittableRandom(SEED + 3));
    SpanSource source = source(spans);
    Map<String, Set<SpanRecord>> byTrace = new HashMap<>();
    spans.forEach(span -> byTrace.computeIfAbsent(span.traceId(), _ -> new HashSet<>()).add(span));
    byTrace.forEach(
        (id, of) -> assertThat(source.trace(id)).containsExactlyInAnyOrderElementsOf(of));
    assertThat(source.trace("f".repeat(32))).isEmpty();
  }

  @Test
  protected final void fetch_pastTheDeadline_givesUp() throws Exception {
    SpanSource source = source(spans(new SplittableRandom(SEED + 4)));
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

  /// Traces of some spans each, whose arrival is shuffled a little, some of which begin long before
  /// they go on.
  private static List<SpanRecord> spans(SplittableRandom random) {
    List<SpanRecord> spans = new ArrayList<>();
    for (int trace = 0; trace < 60; trace++) {
      String id = String.format("%016x%016x", random.nextLong(), random.nextLong() | 1);
      long start = FROM + random.nextLong(60 * MINUTE);
      int count = 1 + random.nextInt(8);
      for (int i = 0; i < count; i++) {
        long at = start + random.nextLong(random.nextInt(10) == 0 ? 30 * MINUTE : MINUTE);
        int place = Math.max(0, spans.size() - random.nextInt(40));
        spans.add(place, span(id, at, random));
      }
    }
    return spans;
  }

  private static SpanRecord span(String traceId, long start, SplittableRandom random) {
    return new SpanRecord(
        traceId,
        String.format("%016x", random.nextLong() | 1),
        random.nextBoolean() ? null : String.format("%016x", random.nextLong() | 1),
        "name-" + random.nextInt(4),
        pick(random, SpanRecord.Kind.values()),
        start,
        start + random.nextLong(MINUTE),
        pick(random, SpanRecord.Status.values()),
        random.nextInt(5) == 0 ? "failed" : "",
        attributes(random),
        random.nextInt(4) > 0
            ? List.of()
            : List.of(
                new SpanRecord.Event(
                    start, "event-" + random.nextInt(2), Map.of("detail", value(random)))),
        random.nextInt(6) > 0
            ? List.of()
            : List.of(
                new SpanRecord.Link(
                    "1".repeat(32), "2".repeat(16), Map.of("detail", value(random)))),
        resource(random.nextInt(4)),
        random.nextBoolean()
            ? SpanRecord.Scope.EMPTY
            : new SpanRecord.Scope(
                "scope-" + random.nextInt(2),
                "1",
                Map.of("library", value(new SplittableRandom(random.nextInt(3))))));
  }

  private static <T> T pick(SplittableRandom random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  private static Map<String, AttributeValue> resource(int number) {
    Map<String, AttributeValue> resource = new LinkedHashMap<>();
    if (number > 0) {
      resource.put("service.name", AttributeValue.of("service-" + number));
      resource.put("region", number == 1 ? AttributeValue.of(7) : AttributeValue.of("eu"));
    }
    if (number == 3) {
      resource.put(
          "zones", AttributeValue.of(List.of(AttributeValue.of("a"), AttributeValue.of("b"))));
    }
    return resource;
  }

  private static Map<String, AttributeValue> attributes(SplittableRandom random) {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    if (random.nextInt(3) > 0) {
      attributes.put("k0", AttributeValue.of((long) random.nextInt(6)));
    }
    if (random.nextInt(3) > 0) {
      attributes.put("k1", AttributeValue.of(random.nextInt(6) / 4.0));
    }
    if (random.nextBoolean()) {
      attributes.put("mixed", value(random));
    }
    if (random.nextBoolean()) {
      attributes.put("Mixed", AttributeValue.of("v" + random.nextInt(3)));
    }
    if (random.nextInt(5) == 0) {
      attributes.put("region", AttributeValue.of("us"));
    }
    if (random.nextInt(5) == 0) {
      List<AttributeValue> elements = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        elements.add(AttributeValue.of((long) random.nextInt(4)));
      }
      attributes.put("array", AttributeValue.of(elements));
    }
    return attributes;
  }

  private static AttributeValue value(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> AttributeValue.of("v" + random.nextInt(3));
      case 1 -> AttributeValue.of((long) random.nextInt(5));
      case 2 -> AttributeValue.of(random.nextInt(5) / 2.0);
      default -> AttributeValue.of(random.nextBoolean());
    };
  }

  private static SpanFetch fetch(SplittableRandom random) {
    boolean whole = random.nextBoolean();
    List<SpanPredicate> companions = new ArrayList<>();
    for (int i = random.nextInt(3); whole && i > 0; i--) {
      companions.add(predicate(random, 1));
    }
    Set<SpanField> fields = null;
    if (random.nextInt(4) > 0) {
      fields = new HashSet<>();
      for (int i = random.nextInt(5); i > 0; i--) {
        fields.add(field(random));
      }
      if (random.nextInt(5) == 0) {
        fields.add(Intrinsic.TRACE_ROOT_NAME);
        fields.add(Intrinsic.TRACE_ROOT_SERVICE);
      }
    }
    return new SpanFetch(
        random.nextBoolean() ? starts(random) : overlaps(random),
        predicate(random, 2),
        companions,
        whole ? SpanFetch.Grouping.WHOLE_TRACES : SpanFetch.Grouping.SPANS,
        fields,
        LATER);
  }

  private static SpanWindow.Starts starts(SplittableRandom random) {
    long from = FROM + random.nextLong(60 * MINUTE);
    return new SpanWindow.Starts(from, from + random.nextLong(60 * MINUTE));
  }

  private static SpanWindow.Overlaps overlaps(SplittableRandom random) {
    long from = FROM + random.nextLong(60 * MINUTE);
    return new SpanWindow.Overlaps(from, from + random.nextLong(60 * MINUTE));
  }

  private static SpanField field(SplittableRandom random) {
    return FIELDS.get(random.nextInt(FIELDS.size()));
  }

  private static SpanPredicate predicate(SplittableRandom random, int depth) {
    int kind = random.nextInt(depth > 0 ? 7 : 5);
    return switch (kind) {
      case 0 -> new SpanPredicate.Any();
      case 1 -> new SpanPredicate.Present(field(random));
      case 2 ->
          new SpanPredicate.Matches(
              field(random),
              random.nextBoolean() ? "v[01]|.*e" : "name-[1-3]|ok",
              random.nextBoolean());
      case 3, 4 -> new SpanPredicate.Compare(field(random), comparison(random), operand(random));
      default -> {
        List<SpanPredicate> parts = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
          parts.add(predicate(random, depth - 1));
        }
        yield kind == 5 ? new SpanPredicate.And(parts) : new SpanPredicate.Or(parts);
      }
    };
  }

  private static SpanPredicate.Comparison comparison(SplittableRandom random) {
    return pick(random, SpanPredicate.Comparison.values());
  }

  private static AttributeValue operand(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> AttributeValue.of("name-" + random.nextInt(4));
      case 1 -> AttributeValue.of(random.nextBoolean() ? "error" : "internal");
      case 2 -> AttributeValue.of(random.nextLong(MINUTE));
      default -> value(random);
    };
  }

  private static SpanAggregate aggregate(SplittableRandom random) {
    SpanAggregate.Function function = pick(random, SpanAggregate.Function.values());
    List<SpanField> by = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      by.add(field(random));
    }
    SpanWindow.Starts window = starts(random);
    return new SpanAggregate(
        window,
        window.fromNanos(),
        1 + random.nextLong(20 * MINUTE),
        predicate(random, 2),
        random.nextInt(3) == 0 ? Set.of(field(random)) : Set.of(),
        function,
        function == SpanAggregate.Function.COUNT
            ? null
            : random.nextBoolean() ? new Attribute(Scope.SPAN, "k0") : field(random),
        by,
        List.of(0.0, 0.5, 0.95, 1.0),
        LATER);
  }
}
