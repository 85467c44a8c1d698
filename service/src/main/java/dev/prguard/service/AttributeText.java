package dev.prguard.service;

import dev.prguard.trace.AttributeValue;
import java.util.stream.Collectors;

/// The value of an attribute as text.
final class AttributeText {
  private AttributeText() {}

  static String of(AttributeValue value) {
    return switch (value) {
      case AttributeValue.StringValue(String text) -> text;
      case AttributeValue.LongValue(long number) -> Long.toString(number);
      case AttributeValue.DoubleValue(double number) -> Double.toString(number);
      case AttributeValue.BooleanValue(boolean truth) -> Boolean.toString(truth);
      case AttributeValue.ArrayValue(var values) ->
          values.stream().map(AttributeText::of).collect(Collectors.joining(", ", "[", "]"));
      case AttributeValue.OpaqueValue _ -> "(bytes)";
    };
  }
}
