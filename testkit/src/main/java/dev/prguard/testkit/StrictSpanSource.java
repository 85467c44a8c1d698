package dev.prguard.testkit;

import com.google.re2j.Pattern;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanFetch.Grouping;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanPredicate.Comparison;
import dev.prguard.trace.query.SpanSource;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceSpans;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A source that takes every hint at its word: it leaves out each trace, span and field that a
/// fetch lets it leave out, and computes each aggregate that it is asked for. What an engine asks
/// for too little shows here.
public final class StrictSpanSource implements SpanSource {
  private final List<TraceSpans> traces;
  private int aggregated;

  /// @param spans in the order in which they were received
  public StrictSpanSource(List<SpanRecord> spans) {
    Map<String, List<SpanRecord>> byTrace = new LinkedHashMap<>();
    spans.forEach(
        span -> byTrace.computeIfAbsent(span.traceId(), _ -> new ArrayList<>()).add(span));
    List<TraceSpans> list = new ArrayList<>();
    byTrace.forEach((id, of) -> list.add(new TraceSpans(id, of)));
    list.sort(Comparator.comparingLong(StrictSpanSource::start).reversed());
    traces = List.copyOf(list);
  }

  private static long start(TraceSpans trace) {
    return trace.spans().stream().mapToLong(SpanRecord::startNanos).min().orElseThrow();
  }

  private static long end(TraceSpans trace) {
    return trace.spans().stream().mapToLong(SpanRecord::endNanos).max().orElseThrow();
  }

  @Override
  public void fetch(SpanFetch fetch, Predicate<TraceSpans> visitor) {
    for (TraceSpans trace : traces) {
      List<SpanRecord> inside = inside(trace, fetch.window());
      List<SpanRecord> candidates =
          inside.stream().filter(span -> matches(fetch.candidates(), span)).toList();
      boolean complete =
          fetch.companions().stream()
              .allMatch(of -> trace.spans().stream().anyMatch(span -> matches(of, span)));
      if (candidates.isEmpty() || !complete) {
        continue;
      }
      boolean whole = fetch.grouping() == Grouping.WHOLE_TRACES;
      List<SpanRecord> handed =
          (whole ? trace.spans() : candidates)
              .stream().map(span -> stripped(span, fetch.fields())).toList();
      if (!visitor.test(new TraceSpans(trace.traceId(), handed))) {
        return;
      }
    }
  }

  private static List<SpanRecord> inside(TraceSpans trace, SpanWindow window) {
    return switch (window) {
      case SpanWindow.Starts(long from, long to) ->
          trace.spans().stream()
              .filter(span -> span.startNanos() > from && span.startNanos() <= to)
              .toList();
      case SpanWindow.Overlaps(long from, long to) ->
          start(trace) <= to && end(trace) >= from ? trace.spans() : List.of();
    };
  }

  /// The span with nothing but what is asked for.
  public static SpanRecord stripped(SpanRecord span, @Nullable Set<SpanField> fields) {
    if (fields == null) {
      return span;
    }
    boolean events =
        fields.stream().anyMatch(field -> isOf(field, SpanField.Scope.EVENT))
            || fields.contains(Intrinsic.EVENT_NAME)
            || fields.contains(Intrinsic.EVENT_TIME_SINCE_START);
    boolean links =
        fields.stream().anyMatch(field -> isOf(field, SpanField.Scope.LINK))
            || fields.contains(Intrinsic.LINK_TRACE_ID)
            || fields.contains(Intrinsic.LINK_SPAN_ID);
    boolean root = fields.contains(Intrinsic.TRACE_ROOT_NAME);
    return new SpanRecord(
        span.traceId(),
        span.spanId(),
        span.parentSpanId(),
        fields.contains(Intrinsic.NAME) || root ? span.name() : "",
        fields.contains(Intrinsic.KIND) ? span.kind() : SpanRecord.Kind.UNSPECIFIED,
        span.startNanos(),
        span.endNanos(),
        fields.contains(Intrinsic.STATUS) ? span.status() : SpanRecord.Status.UNSET,
        fields.contains(Intrinsic.STATUS_MESSAGE) ? span.statusMessage() : "",
        kept(span.attributes(), SpanField.Scope.SPAN, fields),
        events ? span.events() : List.of(),
        links ? span.links() : List.of(),
        kept(span.resource(), SpanField.Scope.RESOURCE, fields),
        new SpanRecord.Scope(
            fields.contains(Intrinsic.INSTRUMENTATION_NAME) ? span.scope().name() : "",
            fields.contains(Intrinsic.INSTRUMENTATION_VERSION) ? span.scope().version() : "",
            kept(span.scope().attributes(), SpanField.Scope.INSTRUMENTATION, fields)));
  }

  private static boolean isOf(SpanField field, SpanField.Scope scope) {
    return field instanceof Attribute attribute && attribute.scope() == scope;
  }

  private static Map<String, AttributeValue> kept(
      Map<String, AttributeValue> attributes, SpanField.Scope scope, Set<SpanField> fields) {
    Map<String, AttributeValue> kept = new LinkedHashMap<>();
    attributes.forEach((key, value) -> {
      boolean ofSpan = scope == SpanField.Scope.SPAN || scope == SpanField.Scope.RESOURCE;
      if (fields.contains(new Attribute(scope, key))
          || (ofSpan && fields.contains(new Attribute(SpanField.Scope.ANY, key)))
          || (key.equals("service.name") && fields.contains(Intrinsic.TRACE_ROOT_SERVICE))) {
        kept.put(key, value);
      }
    });
    return kept;
  }

  /// Whether a span meets a predicate. Fields of the trace as a whole are not known here: true.
  public static boolean matches(SpanPredicate predicate, SpanRecord span) {
    return switch (predicate) {
      case SpanPredicate.Any() -> true;
      case SpanPredicate.And(List<SpanPredicate> parts) ->
          parts.stream().allMatch(part -> matches(part, span));
      case SpanPredicate.Or(List<SpanPredicate> parts) ->
          parts.stream().anyMatch(part -> matches(part, span));
      case SpanPredicate.Present(SpanField field) -> {
        List<AttributeValue> values = values(field, span);
        yield values == null || !values.isEmpty();
      }
      case SpanPredicate.Compare(
              SpanField field,
              Comparison comparison,
              AttributeValue operand) -> {
        List<AttributeValue> values = values(field, span);
        yield values == null
            || values.stream().anyMatch(value -> compares(value, comparison, operand));
      }
      case SpanPredicate.Matches(SpanField field, String text, boolean negated) -> {
        Pattern pattern = Pattern.compile(text, Pattern.DOTALL);
        List<AttributeValue> values = values(field, span);
        yield values == null
            || values.stream()
                .anyMatch(value ->
                    value instanceof StringValue(String of)
                        && pattern.matcher(of).matches() != negated);
      }
    };
  }

  private static boolean compares(
      AttributeValue value, Comparison comparison, AttributeValue operand) {
    Integer order =
        switch (value) {
          case LongValue(long left) when operand instanceof LongValue(long right) ->
              Long.compare(left, right);
          case DoubleValue(double left) when operand instanceof DoubleValue(double right) ->
              Double.isNaN(left) || Double.isNaN(right)
                  ? null
                  : left == right ? 0 : Double.compare(left, right);
          case StringValue(String left) when operand instanceof StringValue(String right) ->
              java.util.Arrays.compareUnsigned(
                  left.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                  right.getBytes(java.nio.charset.StandardCharsets.UTF_8));
          case AttributeValue.BooleanValue(boolean left)
              when operand instanceof AttributeValue.BooleanValue(boolean right) ->
              Boolean.compare(left, right);
          default -> null;
        };
    if (order == null) {
      return false;
    }
    return switch (comparison) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
    };
  }

  /// Elements that queries can see; null where only the whole trace knows.
  private static @Nullable List<AttributeValue> values(SpanField field, SpanRecord span) {
    return switch (field) {
      case Attribute(SpanField.Scope scope, String key) ->
          switch (scope) {
            case SPAN -> elements(span.attributes().get(key));
            case RESOURCE -> elements(span.resource().get(key));
            case INSTRUMENTATION -> elements(span.scope().attributes().get(key));
            case ANY ->
                elements(
                    span.attributes().containsKey(key)
                        ? span.attributes().get(key)
                        : span.resource().get(key));
            case EVENT ->
                span.events().stream()
                    .flatMap(event -> elements(event.attributes().get(key)).stream())
                    .toList();
            case LINK ->
                span.links().stream()
                    .flatMap(link -> elements(link.attributes().get(key)).stream())
                    .toList();
          };
      case Intrinsic intrinsic ->
          switch (intrinsic) {
            case DURATION -> List.of(AttributeValue.of(span.durationNanos()));
            case NAME -> List.of(AttributeValue.of(span.name()));
            case STATUS -> List.of(AttributeValue.of(word(span.status())));
            case STATUS_MESSAGE -> List.of(AttributeValue.of(span.statusMessage()));
            case KIND -> List.of(AttributeValue.of(word(span.kind())));
            case SPAN_ID -> List.of(AttributeValue.of(span.spanId()));
            case TRACE_ID -> List.of(AttributeValue.of(span.traceId()));
            case INSTRUMENTATION_NAME -> List.of(AttributeValue.of(span.scope().name()));
            case INSTRUMENTATION_VERSION -> List.of(AttributeValue.of(span.scope().version()));
            case EVENT_NAME ->
                span.events().stream().map(event -> AttributeValue.of(event.name())).toList();
            case EVENT_TIME_SINCE_START ->
                span.events().stream()
                    .map(event -> AttributeValue.of(event.timeNanos() - span.startNanos()))
                    .toList();
            case LINK_TRACE_ID ->
                span.links().stream().map(link -> AttributeValue.of(link.traceId())).toList();
            case LINK_SPAN_ID ->
                span.links().stream().map(link -> AttributeValue.of(link.spanId())).toList();
            case CHILD_COUNT,
                PARENT_SPAN_ID,
                NESTED_SET_LEFT,
                NESTED_SET_RIGHT,
                NESTED_SET_PARENT,
                TRACE_DURATION,
                TRACE_ROOT_NAME,
                TRACE_ROOT_SERVICE ->
                null;
          };
    };
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static List<AttributeValue> elements(@Nullable AttributeValue value) {
    if (value == null || value instanceof AttributeValue.OpaqueValue) {
      return List.of();
    }
    if (!(value instanceof ArrayValue(List<AttributeValue> elements))) {
      return List.of(value);
    }
    Set<Class<?>> types =
        elements.stream().map(Object::getClass).collect(Collectors.toCollection(HashSet::new));
    boolean visible =
        types.size() == 1
            && !types.contains(ArrayValue.class)
            && !types.contains(AttributeValue.OpaqueValue.class);
    return visible ? elements : List.of();
  }

  /// @param bound of the bucket, 0 where there are none
  private record Group(int interval, List<Optional<AttributeValue>> labels, double bound) {}

  @Override
  @SuppressWarnings("NullAway") // javac does not write @Nullable of a compact constructor's types
  public Optional<List<AggregateRow>> aggregate(SpanAggregate aggregate) {
    if (holdsArrays(aggregate)) {
      return Optional.empty();
    }
    aggregated++;
    Map<Group, List<Double>> groups = new LinkedHashMap<>();
    for (TraceSpans trace : traces) {
      for (SpanRecord span : inside(trace, aggregate.window())) {
        if (matches(aggregate.filter(), span)) {
          add(aggregate, span, groups);
        }
      }
    }
    List<AggregateRow> rows = new ArrayList<>();
    for (Map.Entry<Group, List<Double>> entry : groups.entrySet()) {
      Group group = entry.getKey();
      List<@Nullable AttributeValue> labels = new ArrayList<>();
      for (Optional<AttributeValue> label : group.labels()) {
        labels.add(label.orElse(null));
      }
      rows.add(
          new AggregateRow(
              group.interval(),
              labels,
              entry.getValue().size(),
              answer(aggregate, group, entry.getValue())));
    }
    return Optional.of(rows);
  }

  private boolean holdsArrays(SpanAggregate aggregate) {
    return traces.stream()
        .flatMap(trace -> trace.spans().stream())
        .anyMatch(span ->
            aggregate.scalars().stream()
                .anyMatch(field -> {
                  List<AttributeValue> values = values(field, span);
                  return values == null || values.size() > 1;
                }));
  }

  private static void add(
      SpanAggregate aggregate, SpanRecord span, Map<Group, List<Double>> groups) {
    long offset = span.startNanos() - aggregate.originNanos() - 1;
    List<Optional<AttributeValue>> labels = new ArrayList<>();
    for (SpanField field : aggregate.by()) {
      List<AttributeValue> values = values(field, span);
      labels.add(
          values == null || values.isEmpty()
              ? Optional.empty()
              : Optional.of(values.size() == 1 ? values.getFirst() : AttributeValue.of(values)));
    }
    double number = 0;
    double bound = 0;
    SpanField operand = aggregate.value();
    if (operand != null) {
      List<AttributeValue> values = values(operand, span);
      AttributeValue only = values != null && values.size() == 1 ? values.getFirst() : null;
      boolean buckets = aggregate.function() == SpanAggregate.Function.LOG2_BUCKETS;
      if (only instanceof LongValue(long of) && !(buckets && of < 2)) {
        number = of;
        if (buckets) {
          number = of == 1 ? 1 : Math.scalb(1.0, 64 - Long.numberOfLeadingZeros(of - 1));
          bound = number;
        }
      } else if (only instanceof DoubleValue(double of) && !buckets) {
        number = of;
      } else {
        return;
      }
    }
    Group group = new Group((int) (offset / aggregate.stepNanos()), labels, bound);
    groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(number);
  }

  private static List<Double> answer(SpanAggregate aggregate, Group group, List<Double> numbers) {
    return switch (aggregate.function()) {
      case COUNT -> List.of();
      case SUM, AVERAGE -> List.of(numbers.stream().mapToDouble(Double::doubleValue).sum());
      case MIN -> List.of(numbers.stream().mapToDouble(Double::doubleValue).min().orElseThrow());
      case MAX -> List.of(numbers.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
      case LOG2_BUCKETS -> List.of(group.bound());
      case QUANTILES -> {
        List<Double> sorted = numbers.stream().sorted().toList();
        yield aggregate.quantiles().stream()
            .map(q ->
                sorted.get(Math.clamp((int) Math.ceil(q * sorted.size()), 1, sorted.size()) - 1))
            .toList();
      }
    };
  }

  /// How many aggregates were asked for.
  public int aggregated() {
    return aggregated;
  }

  @Override
  public Set<Attribute> attributes(SpanFetch fetch) {
    Set<Attribute> attributes = new HashSet<>();
    for (TraceSpans trace : traces) {
      inside(trace, fetch.window()).forEach(span -> attributes.addAll(Attribute.of(span)));
    }
    return attributes;
  }

  @Override
  public List<SpanRecord> trace(String traceId) {
    return traces.stream()
        .filter(trace -> trace.traceId().equals(traceId))
        .flatMap(trace -> trace.spans().stream())
        .toList();
  }
}
