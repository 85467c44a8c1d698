package dev.prguard.trace.otlp;

import dev.prguard.trace.AttributeValue;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Attribute maps to OTLP key-values and back. Two foreign types have no AttributeValue: bytes
/// become base64 text, as in OTLP's JSON, and a key-value list becomes its JSON text.
final class AnyValues {
  private AnyValues() {}

  static List<KeyValue> toKeyValues(Map<String, AttributeValue> attributes) {
    List<KeyValue> list = new ArrayList<>(attributes.size());
    attributes.forEach(
        (key, value) -> list.add(KeyValue.newBuilder().setKey(key).setValue(to(value)).build()));
    return list;
  }

  /// A key without a value is absent. Of a repeated key, which OTLP forbids, the last one holds.
  static Map<String, AttributeValue> fromKeyValues(List<KeyValue> list) {
    Map<String, AttributeValue> attributes = LinkedHashMap.newLinkedHashMap(list.size());
    for (KeyValue entry : list) {
      AttributeValue value = from(entry.getValue());
      if (value != null) {
        attributes.put(entry.getKey(), value);
      }
    }
    return attributes;
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
    };
  }

  /// The depth of the recursion is bounded by the parser's own limit of 100 nested messages.
  private static @Nullable AttributeValue from(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> AttributeValue.of(value.getStringValue());
      case INT_VALUE -> AttributeValue.of(value.getIntValue());
      case DOUBLE_VALUE -> AttributeValue.of(value.getDoubleValue());
      case BOOL_VALUE -> AttributeValue.of(value.getBoolValue());
      case BYTES_VALUE ->
          AttributeValue.of(
              Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()));
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
      case KVLIST_VALUE -> {
        StringBuilder json = new StringBuilder();
        writeJson(value, json);
        yield AttributeValue.of(json.toString());
      }
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> null;
    };
  }

  private static void writeJson(AnyValue value, StringBuilder json) {
    switch (value.getValueCase()) {
      case STRING_VALUE -> quote(value.getStringValue(), json);
      case INT_VALUE -> json.append(value.getIntValue());
      case DOUBLE_VALUE -> json.append(value.getDoubleValue());
      case BOOL_VALUE -> json.append(value.getBoolValue());
      case BYTES_VALUE ->
          quote(Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()), json);
      case ARRAY_VALUE -> {
        String separator = "[";
        for (AnyValue element : value.getArrayValue().getValuesList()) {
          json.append(separator);
          writeJson(element, json);
          separator = ",";
        }
        json.append(separator.equals("[") ? "[]" : "]");
      }
      case KVLIST_VALUE -> {
        String separator = "{";
        for (KeyValue entry : value.getKvlistValue().getValuesList()) {
          json.append(separator);
          quote(entry.getKey(), json);
          json.append(':');
          writeJson(entry.getValue(), json);
          separator = ",";
        }
        json.append(separator.equals("{") ? "{}" : "}");
      }
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> json.append("null");
    }
  }

  private static void quote(String text, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
