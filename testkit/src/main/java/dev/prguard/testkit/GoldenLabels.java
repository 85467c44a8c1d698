package dev.prguard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.query.TraceQueries.Label;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Labels and attributes as text, doubles to ten digits.
final class GoldenLabels {
  private GoldenLabels() {}

  static List<String> of(JsonNode pairs) {
    List<String> list = new ArrayList<>();
    pairs.forEach(pair -> list.add(pair.get(0).asText() + "=" + value(pair.get(1))));
    Collections.sort(list);
    return list;
  }

  static List<String> of(List<Label> labels) {
    List<String> list = new ArrayList<>();
    labels.forEach(label -> list.add(label.key() + "=" + value(label.value())));
    Collections.sort(list);
    return list;
  }

  private static String value(JsonNode value) {
    if (value.has("stringValue")) {
      return "s:" + value.path("stringValue").asText();
    }
    if (value.has("intValue")) {
      return "i:" + value.path("intValue").asText();
    }
    if (value.has("doubleValue")) {
      return "d:" + rounded(value.path("doubleValue").asDouble());
    }
    if (value.has("boolValue")) {
      return "b:" + value.path("boolValue").asText();
    }
    List<String> elements = new ArrayList<>();
    value.path("arrayValue").forEach(element -> elements.add(value(element)));
    return "a:" + elements;
  }

  private static String value(AttributeValue value) {
    return switch (value) {
      case AttributeValue.StringValue(String text) -> "s:" + text;
      case AttributeValue.LongValue(long number) -> "i:" + number;
      case AttributeValue.DoubleValue(double number) -> "d:" + rounded(number);
      case AttributeValue.BooleanValue(boolean flag) -> "b:" + flag;
      case AttributeValue.ArrayValue(List<AttributeValue> values) ->
          "a:" + values.stream().map(GoldenLabels::value).toList();
      case AttributeValue.OpaqueValue(String text) -> "o:" + text;
    };
  }

  static String rounded(double number) {
    // -0.0 and 0.0 are one.
    return String.format(java.util.Locale.ROOT, "%.9e", number + 0.0);
  }

  static void same(String id, List<String> want, List<String> got, List<String> notes) {
    if (!want.equals(got)) {
      notes.add(id + " attributes " + got + ", not " + want);
    }
  }
}
