package dev.prguard.testkit;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Seeded spans with every kind of value, and questions about them.
final class RandomSpanQuestions {
  static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
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

  private RandomSpanQuestions() {}

  /// Traces of some spans each, whose arrival is shuffled a little, some of which begin long before
  /// they go on.
  static List<SpanRecord> spans(SplittableRandom random) {
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

  static SpanFetch fetch(SplittableRandom random) {
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

  static SpanAggregate aggregate(SplittableRandom random) {
    SpanAggregate.Function function = pick(random, SpanAggregate.Function.values());
    List<SpanField> by = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      by.add(field(random));
    }
    SpanWindow.Starts window =
        random.nextInt(3) == 0
            ? new SpanWindow.Starts(FROM - MINUTE, FROM + 200 * MINUTE)
            : starts(random);
    return new SpanAggregate(
        window,
        window.fromNanos(),
        1 + random.nextLong(random.nextInt(4) == 0 ? 300 * MINUTE : 20 * MINUTE),
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
