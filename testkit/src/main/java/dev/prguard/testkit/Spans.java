package dev.prguard.testkit;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Random spans, the same for the same seed: every attribute type, with its edge values, events,
/// links, resources and scopes.
public final class Spans {
  private static final long[] LONGS = {
    0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1, Integer.MAX_VALUE + 1L
  };
  private static final double[] DOUBLES = {
    0.0, -0.0, 1.0, 0.1, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.NEGATIVE_INFINITY
  };
  private static final String[] STRINGS = {
    "", " ", "a", "line\nbreak\ttab", "nul\u0000", "ümläut", "漢字", "😀", "\"quoted\\\"", "\u202eltr"
  };

  private final Random random;
  private final List<Map<String, AttributeValue>> resources = new ArrayList<>();

  public Spans(long seed) {
    random = new Random(seed);
    for (int i = 0; i < 3; i++) {
      resources.add(attributes(4));
    }
  }

  /// A span without attributes, for tests of order.
  public static SpanRecord plain(String traceId, String spanId, long startNanos) {
    return new SpanRecord(
        traceId,
        spanId,
        null,
        "plain",
        SpanRecord.Kind.INTERNAL,
        startNanos,
        startNanos + 1,
        SpanRecord.Status.UNSET,
        "",
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        SpanRecord.Scope.EMPTY);
  }

  /// The same span with other attributes.
  public static SpanRecord withAttributes(SpanRecord span, Map<String, AttributeValue> attributes) {
    return span.withContent(attributes, span.events(), span.links(), span.resource(), span.scope());
  }

  /// The same span of another instrumentation scope.
  public static SpanRecord withScope(SpanRecord span, SpanRecord.Scope scope) {
    return span.withContent(span.attributes(), span.events(), span.links(), span.resource(), scope);
  }

  public String traceId() {
    return id(16);
  }

  public String spanId() {
    return id(8);
  }

  /// A span of that trace.
  public SpanRecord next(String traceId) {
    long start = 1_700_000_000_000_000_000L + random.nextLong(1_000_000_000_000L);
    return new SpanRecord(
        traceId,
        spanId(),
        random.nextBoolean() ? null : spanId(),
        string(),
        pick(SpanRecord.Kind.values()),
        start,
        start + random.nextLong(10_000_000_000L),
        pick(SpanRecord.Status.values()),
        string(),
        attributes(random.nextInt(12)),
        events(),
        links(),
        resources.get(random.nextInt(resources.size())),
        random.nextBoolean()
            ? SpanRecord.Scope.EMPTY
            : new SpanRecord.Scope("scope-" + random.nextInt(3), string(), attributes(1)));
  }

  /// Spans of several traces, mixed.
  public List<SpanRecord> next(int traces, int spans) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < traces; i++) {
      ids.add(traceId());
    }
    List<SpanRecord> list = new ArrayList<>();
    for (int i = 0; i < spans; i++) {
      list.add(next(ids.get(random.nextInt(traces))));
    }
    return list;
  }

  public Map<String, AttributeValue> attributes(int count) {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      attributes.put("key." + i + "." + string(), value(3));
    }
    return attributes;
  }

  private AttributeValue value(int depth) {
    return switch (random.nextInt(depth > 0 ? 5 : 4)) {
      case 0 -> AttributeValue.of(string());
      case 1 ->
          AttributeValue.of(
              random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong());
      case 2 ->
          AttributeValue.of(
              random.nextBoolean()
                  ? DOUBLES[random.nextInt(DOUBLES.length)]
                  : random.nextGaussian());
      case 3 -> AttributeValue.of(random.nextBoolean());
      default -> {
        List<AttributeValue> elements = new ArrayList<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
          elements.add(value(depth - 1));
        }
        yield AttributeValue.of(elements);
      }
    };
  }

  private List<SpanRecord.Event> events() {
    List<SpanRecord.Event> events = new ArrayList<>();
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      events.add(new SpanRecord.Event(random.nextLong(), string(), attributes(random.nextInt(3))));
    }
    return events;
  }

  private List<SpanRecord.Link> links() {
    List<SpanRecord.Link> links = new ArrayList<>();
    int count = random.nextInt(3);
    for (int i = 0; i < count; i++) {
      links.add(new SpanRecord.Link(traceId(), spanId(), attributes(random.nextInt(3))));
    }
    return links;
  }

  private String string() {
    return STRINGS[random.nextInt(STRINGS.length)] + random.nextInt(100);
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  /// Never all zero, which OTLP calls invalid.
  private String id(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    bytes[0] |= 1;
    return HexFormat.of().formatHex(bytes);
  }
}
