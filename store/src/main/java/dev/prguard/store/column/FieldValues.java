package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.OpaqueValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a query sees of one span, as [dev.prguard.trace.query.SpanPredicate] compares it.
public final class FieldValues {
  private FieldValues() {}

  /// Whether each span has at most one value of a field, told by the span alone: else columns do
  /// not hold it.
  public static boolean isPlain(SpanField field) {
    return switch (field) {
      case Attribute(SpanField.Scope scope, _) ->
          switch (scope) {
            case ANY, SPAN, RESOURCE, INSTRUMENTATION -> true;
            case EVENT, LINK -> false;
          };
      case Intrinsic intrinsic ->
          switch (intrinsic) {
            case DURATION,
                NAME,
                STATUS,
                STATUS_MESSAGE,
                KIND,
                INSTRUMENTATION_NAME,
                INSTRUMENTATION_VERSION ->
                true;
            case CHILD_COUNT,
                SPAN_ID,
                PARENT_SPAN_ID,
                NESTED_SET_LEFT,
                NESTED_SET_RIGHT,
                NESTED_SET_PARENT,
                TRACE_ID,
                TRACE_DURATION,
                TRACE_ROOT_NAME,
                TRACE_ROOT_SERVICE,
                EVENT_NAME,
                EVENT_TIME_SINCE_START,
                LINK_TRACE_ID,
                LINK_SPAN_ID ->
                false;
          };
    };
  }

  /// @param field a plain one
  /// @return null where the span lacks it
  public static @Nullable AttributeValue of(SpanRecord span, SpanField field) {
    return switch (field) {
      case Attribute(SpanField.Scope scope, String key) ->
          visible(
              switch (scope) {
                case SPAN -> span.attributes().get(key);
                case RESOURCE -> span.resource().get(key);
                case INSTRUMENTATION -> span.scope().attributes().get(key);
                case ANY ->
                    span.attributes().containsKey(key)
                        ? span.attributes().get(key)
                        : span.resource().get(key);
                case EVENT, LINK -> throw new IllegalArgumentException("field: " + field);
              });
      case Intrinsic.DURATION -> AttributeValue.of(span.durationNanos());
      case Intrinsic.NAME -> AttributeValue.of(span.name());
      case Intrinsic.STATUS -> word(span.status());
      case Intrinsic.STATUS_MESSAGE -> AttributeValue.of(span.statusMessage());
      case Intrinsic.KIND -> word(span.kind());
      case Intrinsic.INSTRUMENTATION_NAME -> AttributeValue.of(span.scope().name());
      case Intrinsic.INSTRUMENTATION_VERSION -> AttributeValue.of(span.scope().version());
      case Intrinsic _ -> throw new IllegalArgumentException("field: " + field);
    };
  }

  /// A status or kind in the word of TraceQL.
  public static AttributeValue word(Enum<?> value) {
    return AttributeValue.of(value.name().toLowerCase(Locale.ROOT));
  }

  /// Queries see arrays of one type, and no opaque values.
  public static @Nullable AttributeValue visible(@Nullable AttributeValue value) {
    if (value instanceof OpaqueValue) {
      return null;
    }
    if (!(value instanceof ArrayValue(List<AttributeValue> elements))) {
      return value;
    }
    if (elements.isEmpty()) {
      return null;
    }
    Class<?> type = elements.getFirst().getClass();
    boolean scalars = type != ArrayValue.class && type != OpaqueValue.class;
    if (!scalars || !elements.stream().allMatch(type::isInstance)) {
      return null;
    }
    return elements.size() == 1 ? elements.getFirst() : value;
  }
}
