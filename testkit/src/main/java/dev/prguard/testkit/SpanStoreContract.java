package dev.prguard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What each SpanStore does, whatever it is made of. Answers are compared exactly.
public abstract class SpanStoreContract {
  private static final Comparator<SpanRecord> BY_START =
      Comparator.comparingLong(SpanRecord::startNanos).thenComparing(SpanRecord::spanId);

  private SpanStore store;

  /// A new, empty store. The contract closes it.
  protected abstract SpanStore open();

  @BeforeEach
  final void openStore() {
    store = open();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  @Test
  protected final void append_everyAttributeType_readsBackEqual() {
    Spans spans = new Spans(1);
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    attributes.put("string", AttributeValue.of("text \u0000 漢 😀"));
    attributes.put("string.empty", AttributeValue.of(""));
    attributes.put("string.long", AttributeValue.of("x".repeat(100_000)));
    attributes.put("long.max", AttributeValue.of(Long.MAX_VALUE));
    attributes.put("long.min", AttributeValue.of(Long.MIN_VALUE));
    attributes.put("long.zero", AttributeValue.of(0L));
    attributes.put("long.past.double", AttributeValue.of((1L << 53) + 1));
    attributes.put("double.zero", AttributeValue.of(0.0));
    attributes.put("double.minus.zero", AttributeValue.of(-0.0));
    attributes.put("double.nan", AttributeValue.of(Double.NaN));
    attributes.put("double.cost", AttributeValue.of(0.0006663));
    attributes.put("boolean.false", AttributeValue.of(false));
    attributes.put("boolean.true", AttributeValue.of(true));
    attributes.put("array.empty", AttributeValue.of(List.of()));
    attributes.put(
        "array.mixed",
        AttributeValue.of(
            List.of(
                AttributeValue.of("a"),
                AttributeValue.of(1L),
                AttributeValue.of(1.0),
                AttributeValue.of(List.of(AttributeValue.of(false))))));
    for (int i = 0; i < 300; i++) {
      attributes.put("many." + i, AttributeValue.of((long) i));
    }
    SpanRecord span = Spans.withAttributes(spans.next(spans.traceId()), attributes);

    store.append(List.of(span));

    assertThat(store.trace(span.traceId())).containsExactly(span);
    assertThat(List.copyOf(store.trace(span.traceId()).getFirst().attributes().keySet()))
        .isEqualTo(List.copyOf(attributes.keySet()));
  }

  @Test
  protected final void append_randomSpans_readBackEqualAndInOrder() {
    long seed = 20_261_122;
    List<SpanRecord> spans = new Spans(seed).next(20, 400);

    for (int i = 0; i < spans.size(); i += 7) {
      store.append(spans.subList(i, Math.min(i + 7, spans.size())));
    }

    Map<String, List<SpanRecord>> expected = new TreeMap<>();
    spans.forEach(
        span -> expected.computeIfAbsent(span.traceId(), id -> new ArrayList<>()).add(span));
    expected.values().forEach(trace -> trace.sort(BY_START));
    Map<String, List<SpanRecord>> stored = new TreeMap<>();
    store
        .latestTraceIds(Integer.MAX_VALUE)
        .forEach(traceId -> stored.put(traceId, store.trace(traceId)));
    assertThat(stored).as("seed %d", seed).isEqualTo(expected);
  }

  @Test
  protected final void append_sameSpanTwice_keepsTheFirst() {
    Spans spans = new Spans(2);
    SpanRecord first = spans.next(spans.traceId());
    SpanRecord second = Spans.withAttributes(first, Map.of("late", AttributeValue.of(true)));
    SpanRecord namesake = Spans.plain(spans.traceId(), first.spanId(), 1);

    store.append(List.of(first, first));
    store.append(List.of(second, namesake));

    assertThat(store.trace(first.traceId())).containsExactly(first);
    assertThat(store.trace(namesake.traceId())).containsExactly(namesake);
  }

  @Test
  protected final void append_manyThreads_keepsEverySpanOnce() throws Exception {
    int threads = 16;
    List<SpanRecord> spans = new Spans(3).next(4, threads * 50);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        List<SpanRecord> own = spans.subList(t * 50, (t + 1) * 50);
        done.add(
            executor.submit(() -> {
              own.forEach(span -> store.append(List.of(span)));
              SpanRecord last = own.getLast();
              assertThat(store.trace(last.traceId())).contains(last);
            }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    }

    List<SpanRecord> stored = new ArrayList<>();
    store.latestTraceIds(100).forEach(traceId -> stored.addAll(store.trace(traceId)));
    assertThat(stored).containsExactlyInAnyOrderElementsOf(spans);
  }

  @Test
  protected final void append_callerChangesItsList_storeDoesNot() {
    Spans spans = new Spans(4);
    SpanRecord span = spans.next(spans.traceId());
    List<SpanRecord> list = new ArrayList<>(List.of(span));

    store.append(list);
    list.clear();

    assertThat(store.trace(span.traceId())).containsExactly(span);
  }

  @Test
  protected final void append_nothing_keepsNothing() {
    store.append(List.of());
    store.force();

    assertThat(store.latestTraceIds(10)).isEmpty();
  }

  @Test
  protected final void trace_unknown_isEmpty() {
    Spans spans = new Spans(5);
    store.append(List.of(spans.next(spans.traceId())));

    assertThat(store.trace(spans.traceId())).isEmpty();
  }

  @Test
  protected final void trace_oneStart_isOrderedBySpanId() {
    String traceId = new Spans(6).traceId();
    SpanRecord a = Spans.plain(traceId, "000000000000000a", 5);
    SpanRecord b = Spans.plain(traceId, "000000000000000b", 5);
    SpanRecord early = Spans.plain(traceId, "000000000000000c", 4);

    store.append(List.of(b, a));
    store.append(List.of(early));

    assertThat(store.trace(traceId)).containsExactly(early, a, b);
  }

  @Test
  protected final void latestTraceIds_areOrderedByStartOfTheEarliestSpan() {
    String one = "1".repeat(32);
    String two = "2".repeat(32);
    String three = "3".repeat(32);
    String four = "4".repeat(32);
    store.append(List.of(Spans.plain(one, "000000000000000a", 30)));
    store.append(List.of(Spans.plain(two, "000000000000000a", 40)));
    store.append(List.of(Spans.plain(four, "000000000000000a", 20)));
    store.append(List.of(Spans.plain(three, "000000000000000a", 20)));
    store.append(List.of(Spans.plain(two, "000000000000000b", 10)));
    store.append(List.of(Spans.plain(three, "000000000000000b", 99)));

    assertThat(store.latestTraceIds(10)).containsExactly(one, three, four, two);
    assertThat(store.latestTraceIds(2)).containsExactly(one, three);
    assertThatThrownBy(() -> store.latestTraceIds(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  protected final void force_afterAppend_keepsWhatWasAppended() {
    Spans spans = new Spans(7);
    SpanRecord span = spans.next(spans.traceId());

    store.append(List.of(span));
    store.force();

    assertThat(store.trace(span.traceId())).containsExactly(span);
  }
}
