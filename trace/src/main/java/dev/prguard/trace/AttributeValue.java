package dev.prguard.trace;

import java.util.List;
import java.util.Objects;

/// The value of an attribute, in the types that OTLP carries and TraceQL compares. Types are never
/// coerced: a double `1.0` and a long `1` differ, as they do in Tempo.
public sealed interface AttributeValue {

  record StringValue(String value) implements AttributeValue {
    public StringValue {
      Objects.requireNonNull(value, "value");
    }
  }

  record LongValue(long value) implements AttributeValue {}

  record DoubleValue(double value) implements AttributeValue {}

  record BooleanValue(boolean value) implements AttributeValue {
    static final BooleanValue TRUE = new BooleanValue(true);
    static final BooleanValue FALSE = new BooleanValue(false);
  }

  record ArrayValue(List<AttributeValue> values) implements AttributeValue {
    public ArrayValue {
      values = List.copyOf(values);
    }
  }

  /// Bytes, or a key-value list: kept as they came, and seen by no query, as in Tempo.
  ///
  /// @param anyValue OTLP `AnyValue`, in base64
  record OpaqueValue(String anyValue) implements AttributeValue {
    public OpaqueValue {
      Objects.requireNonNull(anyValue, "anyValue");
    }
  }

  static AttributeValue of(String value) {
    return new StringValue(value);
  }

  static AttributeValue of(long value) {
    return new LongValue(value);
  }

  static AttributeValue of(double value) {
    return new DoubleValue(value);
  }

  static AttributeValue of(boolean value) {
    return value ? BooleanValue.TRUE : BooleanValue.FALSE;
  }

  static AttributeValue of(List<AttributeValue> values) {
    return new ArrayValue(values);
  }
}
