package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.traceql.engine.Value.Nanos;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A span with the values that the first pass fetched.
final class FetchedSpan {
  /// For constants, which ask nothing of a span.
  static final FetchedSpan NONE = new FetchedSpan(null, null, 0, null, new Object[0], null);

  private final @Nullable SpanRecord span;
  private final @Nullable TraceContext trace;
  private final int index;
  private final @Nullable FirstPass pass;
  private final @Nullable Object[] values;
  private final @Nullable Object @Nullable [] last;

  /// @param trace null where spans are looked at one by one
  /// @param index of the span in its trace
  /// @param values by slot
  /// @param last of events and links the values that are listed, by slot; null without such slots
  FetchedSpan(
      @Nullable SpanRecord span,
      @Nullable TraceContext trace,
      int index,
      @Nullable FirstPass pass,
      @Nullable Object[] values,
      @Nullable Object @Nullable [] last) {
    this.span = span;
    this.trace = trace;
    this.index = index;
    this.pass = pass;
    this.values = values;
    this.last = last;
  }

  SpanRecord span() {
    return Objects.requireNonNull(span, "span");
  }

  int index() {
    return index;
  }

  TraceContext trace() {
    return Objects.requireNonNull(trace, "trace");
  }

  /// What the first pass fetched; null for nothing.
  @Nullable Object value(SpanField field) {
    if (pass == null) {
      return null;
    }
    if (field instanceof Attribute(Scope scope, String key) && scope == Scope.ANY) {
      Object own = slot(new Attribute(Scope.SPAN, key));
      return visible(own == null ? slot(new Attribute(Scope.RESOURCE, key)) : own);
    }
    return visible(slot(field));
  }

  private @Nullable Object slot(SpanField field) {
    int slot = Objects.requireNonNull(pass).slot(field);
    return slot < 0 ? null : values[slot];
  }

  /// What an answer lists for a slot; null for nothing.
  @Nullable Object listed(int slot) {
    Object value = last != null && last[slot] != null ? last[slot] : values[slot];
    return visible(value);
  }

  /// Whether a slot is that of a column of its own which is empty.
  boolean isEmptyColumn(int slot) {
    return values[slot] == ScopeFetch.Hidden.EMPTY_COLUMN;
  }

  boolean isEmptyColumn(SpanField field) {
    int slot = pass == null ? -1 : pass.slot(field);
    return slot >= 0 && isEmptyColumn(slot);
  }

  /// To expressions an empty column is the text `nil`, as in Tempo.
  static @Nullable Object visible(@Nullable Object value) {
    return switch (value) {
      case ScopeFetch.Hidden hidden -> hidden == ScopeFetch.Hidden.EMPTY_COLUMN ? "nil" : null;
      case null -> null;
      default -> value;
    };
  }

  /// Whether the first pass knows a field: what stands after `select()` sees no other.
  private boolean isFetched(SpanField field) {
    if (pass == null) {
      return false;
    }
    if (field instanceof Attribute(Scope scope, String key) && scope == Scope.ANY) {
      return pass.slot(new Attribute(Scope.SPAN, key)) >= 0
          || pass.slot(new Attribute(Scope.RESOURCE, key)) >= 0;
    }
    return pass.slot(field) >= 0;
  }

  /// `field != nil` in an expression.
  boolean isPresent(SpanField field) {
    return isFetched(field) && has(field);
  }

  /// `field = nil` in an expression.
  boolean isAbsent(SpanField field) {
    return isFetched(field) && lacks(field);
  }

  /// Whether the span has a visible value, whatever was fetched. Unscoped: the span's, or the
  /// resource's where the span has no such key.
  boolean has(SpanField field) {
    if (field instanceof Attribute(Scope scope, String key) && scope == Scope.ANY) {
      return span().attributes().containsKey(key)
          ? has(new Attribute(Scope.SPAN, key))
          : has(new Attribute(Scope.RESOURCE, key));
    }
    return field instanceof Intrinsic || whole(field) != null;
  }

  /// Whether there is none. Unscoped: the span or the resource has none.
  boolean lacks(SpanField field) {
    if (field instanceof Attribute(Scope scope, String key) && scope == Scope.ANY) {
      return whole(new Attribute(Scope.SPAN, key)) == null
          || whole(new Attribute(Scope.RESOURCE, key)) == null;
    }
    return switch (field) {
      case Attribute(Scope scope, String key) when scope == Scope.EVENT ->
          span().events().isEmpty()
              || span().events().stream().anyMatch(event -> isHidden(event.attributes(), key));
      case Attribute(Scope scope, String key) when scope == Scope.LINK ->
          span().links().isEmpty()
              || span().links().stream().anyMatch(link -> isHidden(link.attributes(), key));
      case Attribute _, Intrinsic _ -> whole(field) == null;
    };
  }

  private static boolean isHidden(Map<String, AttributeValue> attributes, String key) {
    AttributeValue value = attributes.get(key);
    return value == null || Value.visible(value).isEmpty();
  }

  /// The whole value, whatever was fetched; null for nothing. Of events and links the first that
  /// has one.
  @Nullable Object whole(SpanField field) {
    return switch (field) {
      case Attribute(Scope scope, String key) ->
          switch (scope) {
            case SPAN -> whole(scope, key, span().attributes());
            case RESOURCE -> whole(scope, key, span().resource());
            case INSTRUMENTATION -> whole(scope, key, span().scope().attributes());
            case EVENT ->
                first(span().events().stream().map(SpanRecord.Event::attributes).toList(), key);
            case LINK ->
                first(span().links().stream().map(SpanRecord.Link::attributes).toList(), key);
            case ANY ->
                span().attributes().containsKey(key)
                    ? whole(Scope.SPAN, key, span().attributes())
                    : whole(Scope.RESOURCE, key, span().resource());
          };
      case Intrinsic intrinsic -> intrinsic(intrinsic);
    };
  }

  /// As [#whole], but of events and links the last that has one: that is what answers list.
  @Nullable Object lastWhole(SpanField field) {
    return switch (field) {
      case Attribute(Scope scope, String key) when scope == Scope.EVENT ->
          first(
              span().events().reversed().stream().map(SpanRecord.Event::attributes).toList(), key);
      case Attribute(Scope scope, String key) when scope == Scope.LINK ->
          first(span().links().reversed().stream().map(SpanRecord.Link::attributes).toList(), key);
      case Intrinsic intrinsic
          when !span().events().isEmpty() && intrinsic == Intrinsic.EVENT_NAME ->
          span().events().getLast().name();
      case Intrinsic intrinsic
          when !span().events().isEmpty() && intrinsic == Intrinsic.EVENT_TIME_SINCE_START ->
          new Nanos(span().events().getLast().timeNanos() - span().startNanos());
      case Intrinsic intrinsic
          when !span().links().isEmpty() && intrinsic == Intrinsic.LINK_TRACE_ID ->
          Ids.bare(span().links().getLast().traceId());
      case Intrinsic intrinsic
          when !span().links().isEmpty() && intrinsic == Intrinsic.LINK_SPAN_ID ->
          span().links().getLast().spanId();
      case Attribute _, Intrinsic _ -> whole(field);
    };
  }

  static @Nullable Object whole(Scope scope, String key, Map<String, AttributeValue> attributes) {
    AttributeValue value = attributes.get(key);
    Class<?> own = ScopeFetch.ownColumn(scope, key);
    if (scope == Scope.RESOURCE && key.equals(TraceContext.SERVICE_NAME)) {
      return value instanceof AttributeValue.StringValue(String name) ? name : "";
    }
    if (value == null) {
      return null;
    }
    Object whole = Value.of(Value.visible(value));
    return own == null || own.isInstance(whole) ? whole : null;
  }

  private static @Nullable Object first(List<Map<String, AttributeValue>> maps, String key) {
    for (Map<String, AttributeValue> map : maps) {
      AttributeValue value = map.get(key);
      Object whole = value == null ? null : Value.of(Value.visible(value));
      if (whole != null) {
        return whole;
      }
    }
    return null;
  }

  /// What the fields of events and links read of a span that has none.
  static Object emptyColumn(Intrinsic field) {
    return field == Intrinsic.EVENT_TIME_SINCE_START ? new Nanos(0) : "";
  }

  /// Of an event or link the first one's; empty when there is none.
  @Nullable Object intrinsic(Intrinsic intrinsic) {
    SpanRecord of = span();
    return switch (intrinsic) {
      case DURATION -> new Nanos(of.durationNanos());
      case NAME -> of.name();
      case STATUS -> of.status();
      case STATUS_MESSAGE -> of.statusMessage();
      case KIND -> of.kind();
      case CHILD_COUNT -> (long) trace().childCount(index);
      case SPAN_ID -> of.spanId();
      case PARENT_SPAN_ID -> of.parentSpanId() == null ? "0000000000000000" : of.parentSpanId();
      case NESTED_SET_LEFT -> (long) trace().left(index);
      case NESTED_SET_RIGHT -> (long) trace().right(index);
      case NESTED_SET_PARENT -> (long) trace().parent(index);
      case TRACE_ID -> Ids.bare(of.traceId());
      case TRACE_DURATION -> new Nanos(trace().durationNanos());
      case TRACE_ROOT_NAME -> trace().rootName();
      case TRACE_ROOT_SERVICE -> trace().rootService();
      case EVENT_NAME ->
          of.events().isEmpty() ? emptyColumn(intrinsic) : of.events().getFirst().name();
      case EVENT_TIME_SINCE_START ->
          of.events().isEmpty()
              ? emptyColumn(intrinsic)
              : new Nanos(of.events().getFirst().timeNanos() - of.startNanos());
      case LINK_TRACE_ID ->
          of.links().isEmpty() ? emptyColumn(intrinsic) : Ids.bare(of.links().getFirst().traceId());
      case LINK_SPAN_ID ->
          of.links().isEmpty() ? emptyColumn(intrinsic) : of.links().getFirst().spanId();
      case INSTRUMENTATION_NAME -> of.scope().name();
      case INSTRUMENTATION_VERSION -> of.scope().version();
    };
  }
}
