package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.traceql.GoDuration;
import dev.prguard.traceql.tree.Literal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Values while a query runs are Java's own: Long, Double, String, Boolean; [Nanos], Status and
/// Kind; [Elements] for an array of two or more; null for nil.
final class Value {
  private Value() {}

  /// A duration.
  record Nanos(long nanos) {}

  /// An array of two elements or more, all of one type. One of one element is its element.
  record Elements(List<Object> values) {
    Elements {
      values = List.copyOf(values);
    }
  }

  static @Nullable Object of(Literal literal) {
    return switch (literal) {
      case Literal.IntLiteral(long value) -> value;
      case Literal.FloatLiteral(double value) -> value;
      case Literal.StringLiteral(String value) -> value;
      case Literal.BoolLiteral(boolean value) -> value;
      case Literal.DurationLiteral(long nanos) -> new Nanos(nanos);
      case Literal.StatusLiteral(SpanRecord.Status value) -> value;
      case Literal.KindLiteral(SpanRecord.Kind value) -> value;
      case Literal.NilLiteral() -> null;
    };
  }

  /// The elements of an attribute that a query can see: one for a scalar; none for an empty or
  /// mixed array, an array of arrays, or an opaque value.
  static List<Object> visible(AttributeValue value) {
    return switch (value) {
      case AttributeValue.ArrayValue(List<AttributeValue> values) -> {
        List<Object> elements = new ArrayList<>(values.size());
        for (AttributeValue element : values) {
          Object scalar = scalar(element);
          if (scalar == null
              || (!elements.isEmpty() && elements.getFirst().getClass() != scalar.getClass())) {
            yield List.of();
          }
          elements.add(scalar);
        }
        yield elements;
      }
      case AttributeValue.StringValue _,
          AttributeValue.LongValue _,
          AttributeValue.DoubleValue _,
          AttributeValue.BooleanValue _,
          AttributeValue.OpaqueValue _ -> {
        Object scalar = scalar(value);
        yield scalar == null ? List.of() : List.of(scalar);
      }
    };
  }

  static @Nullable Object scalar(AttributeValue value) {
    return switch (value) {
      case AttributeValue.StringValue(String text) -> text;
      case AttributeValue.LongValue(long number) -> number;
      case AttributeValue.DoubleValue(double number) -> number;
      case AttributeValue.BooleanValue(boolean flag) -> flag;
      case AttributeValue.ArrayValue _, AttributeValue.OpaqueValue _ -> null;
    };
  }

  /// Null for none, the element for one.
  static @Nullable Object of(List<Object> elements) {
    return switch (elements.size()) {
      case 0 -> null;
      case 1 -> elements.getFirst();
      default -> new Elements(elements);
    };
  }

  static boolean isNumber(@Nullable Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Nanos;
  }

  /// Of a number; durations in ns.
  static double asDouble(Object number) {
    return switch (number) {
      case Long value -> value;
      case Double value -> value;
      case Nanos(long nanos) -> nanos;
      default -> Double.NaN;
    };
  }

  /// As answers list it: durations as Go prints them, status and kind as words, nil as its name.
  static AttributeValue listed(@Nullable Object value) {
    return switch (value) {
      case null -> AttributeValue.of("nil");
      case Long number -> AttributeValue.of((long) number);
      case Double number -> AttributeValue.of((double) number);
      case Boolean flag -> AttributeValue.of((boolean) flag);
      case String text -> AttributeValue.of(text);
      case Nanos(long nanos) -> AttributeValue.of(GoDuration.format(nanos));
      case Elements(List<Object> values) ->
          AttributeValue.of(values.stream().map(Value::listed).toList());
      case Enum<?> word -> AttributeValue.of(word(word));
      default -> throw new IllegalArgumentException("value: " + value.getClass());
    };
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
