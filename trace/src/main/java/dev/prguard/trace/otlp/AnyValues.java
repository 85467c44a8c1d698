package dev.prguard.trace.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.Attributes;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Attribute maps to OTLP key-values and back.
public final class AnyValues {
  private AnyValues() {}

  public static KeyValue keyValue(String key, AttributeValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(to(value)).build();
  }

  static List<KeyValue> toKeyValues(Map<String, AttributeValue> attributes) {
    List<KeyValue> list = new ArrayList<>(attributes.size());
    attributes.forEach((key, value) -> list.add(keyValue(key, value)));
    return list;
  }

  /// A key without a value is absent. Of a repeated key, which OTLP forbids, the last one holds.
  static Map<String, AttributeValue> fromKeyValues(List<KeyValue> list, Shared shared) {
    int size = list.size();
    if (size > Attributes.MAX_SIZE) {
      return inTable(list);
    }
    String[] keys = new String[size];
    AttributeValue[] values = new AttributeValue[size];
    for (int i = 0; i < size; i++) {
      AttributeValue value = from(list.get(i).getValue());
      String key = list.get(i).getKey();
      if (value == null) {
        return inTable(list);
      }
      keys[i] = key;
      values[i] = shared.value(value);
    }
    List<String> one = Shared.keys(keys);
    return one == null ? inTable(list) : Attributes.of(one, values);
  }

  private static Map<String, AttributeValue> inTable(List<KeyValue> list) {
    Map<String, AttributeValue> attributes = LinkedHashMap.newLinkedHashMap(list.size());
    for (KeyValue entry : list) {
      AttributeValue value = from(entry.getValue());
      if (value != null) {
        attributes.put(entry.getKey(), value);
      }
    }
    return Collections.unmodifiableMap(attributes);
  }

  private static AnyValue to(AttributeValue value) {
    return switch (value) {
      case AttributeValue.StringValue(String text) ->
          AnyValue.newBuilder().setStringValue(text).build();
      case AttributeValue.LongValue(long number) ->
          AnyValue.newBuilder().setIntValue(number).build();
      case AttributeValue.DoubleValue(double number) ->
          AnyValue.newBuilder().setDoubleValue(number).build();
      case AttributeValue.BooleanValue(boolean truth) ->
          AnyValue.newBuilder().setBoolValue(truth).build();
      case AttributeValue.ArrayValue(List<AttributeValue> values) -> {
        ArrayValue.Builder array = ArrayValue.newBuilder();
        values.forEach(element -> array.addValues(to(element)));
        yield AnyValue.newBuilder().setArrayValue(array).build();
      }
      case AttributeValue.OpaqueValue(String anyValue) -> opaque(anyValue);
    };
  }

  private static AnyValue opaque(String anyValue) {
    try {
      return AnyValue.parseFrom(Base64.getDecoder().decode(anyValue));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("anyValue: " + anyValue + " (expected: OTLP)", e);
    }
  }

  /// The depth of the recursion is bounded by the parser's own limit of 100 nested messages.
  private static @Nullable AttributeValue from(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> AttributeValue.of(value.getStringValue());
      case INT_VALUE -> AttributeValue.of(value.getIntValue());
      case DOUBLE_VALUE -> AttributeValue.of(value.getDoubleValue());
      case BOOL_VALUE -> AttributeValue.of(value.getBoolValue());
      case BYTES_VALUE, KVLIST_VALUE ->
          new AttributeValue.OpaqueValue(Base64.getEncoder().encodeToString(value.toByteArray()));
      case ARRAY_VALUE -> {
        List<AttributeValue> elements = new ArrayList<>();
        for (AnyValue element : value.getArrayValue().getValuesList()) {
          AttributeValue of = from(element);
          if (of != null) {
            elements.add(of);
          }
        }
        yield AttributeValue.of(elements);
      }
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> null;
    };
  }
}
