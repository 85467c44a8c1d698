package dev.prguard.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// OTLP in its JSON form: as proto3 JSON, but ids are hexadecimal. Unknown fields are passed over.
final class OtlpJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// The protobuf parser's own limit is 100 nested messages, and each value takes two or three.
  private static final int MAX_DEPTH = 25;

  private OtlpJson() {}

  /// The body is not OTLP. The message is for the sender.
  static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message, null, false, false);
    }
  }

  static TracesData read(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      if (!root.isObject()) {
        throw new MalformedException("not a JSON object");
      }
      TracesData.Builder data = TracesData.newBuilder();
      for (JsonNode of : root.path("resourceSpans")) {
        data.addResourceSpans(resourceSpans(of));
      }
      return data.build();
    } catch (JsonProcessingException e) {
      throw new MalformedException("not JSON: " + e.getOriginalMessage());
    } catch (IOException | IllegalArgumentException e) {
      throw new MalformedException("not OTLP/JSON: " + e.getMessage());
    }
  }

  private static ResourceSpans resourceSpans(JsonNode of) {
    ResourceSpans.Builder resource =
        ResourceSpans.newBuilder()
            .setSchemaUrl(of.path("schemaUrl").asText(""))
            .setResource(
                Resource.newBuilder()
                    .setDroppedAttributesCount(dropped(of.path("resource")))
                    .addAllAttributes(attributes(of.path("resource").path("attributes"), 0)));
    for (JsonNode in : of.path("scopeSpans")) {
      JsonNode scope = in.path("scope");
      ScopeSpans.Builder spans =
          ScopeSpans.newBuilder()
              .setSchemaUrl(in.path("schemaUrl").asText(""))
              .setScope(
                  InstrumentationScope.newBuilder()
                      .setName(scope.path("name").asText(""))
                      .setVersion(scope.path("version").asText(""))
                      .setDroppedAttributesCount(dropped(scope))
                      .addAllAttributes(attributes(scope.path("attributes"), 0)));
      for (JsonNode span : in.path("spans")) {
        spans.addSpans(span(span));
      }
      resource.addScopeSpans(spans);
    }
    return resource.build();
  }

  private static Span span(JsonNode json) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(id(json.path("traceId")))
            .setSpanId(id(json.path("spanId")))
            .setParentSpanId(id(json.path("parentSpanId")))
            .setTraceState(json.path("traceState").asText(""))
            .setDroppedAttributesCount(dropped(json))
            .setDroppedEventsCount((int) number(json.path("droppedEventsCount")))
            .setDroppedLinksCount((int) number(json.path("droppedLinksCount")))
            .setName(json.path("name").asText(""))
            .setKindValue(kind(json.path("kind")))
            .setStartTimeUnixNano(number(json.path("startTimeUnixNano")))
            .setEndTimeUnixNano(number(json.path("endTimeUnixNano")))
            .setStatus(
                Status.newBuilder()
                    .setCodeValue(code(json.path("status").path("code")))
                    .setMessage(json.path("status").path("message").asText("")))
            .addAllAttributes(attributes(json.path("attributes"), 0));
    for (JsonNode event : json.path("events")) {
      span.addEvents(
          Span.Event.newBuilder()
              .setName(event.path("name").asText(""))
              .setTimeUnixNano(number(event.path("timeUnixNano")))
              .setDroppedAttributesCount(dropped(event))
              .addAllAttributes(attributes(event.path("attributes"), 0)));
    }
    for (JsonNode link : json.path("links")) {
      span.addLinks(
          Span.Link.newBuilder()
              .setTraceId(id(link.path("traceId")))
              .setSpanId(id(link.path("spanId")))
              .setTraceState(link.path("traceState").asText(""))
              .setDroppedAttributesCount(dropped(link))
              .addAllAttributes(attributes(link.path("attributes"), 0)));
    }
    return span.build();
  }

  private static int dropped(JsonNode json) {
    return (int) number(json.path("droppedAttributesCount"));
  }

  /// Digits that are no id make an id of the wrong length, which the span is rejected for.
  private static ByteString id(JsonNode hex) {
    String text = hex.asText("");
    try {
      return ByteString.copyFrom(HexFormat.of().parseHex(text.toLowerCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      return ByteString.copyFrom(new byte[1]);
    }
  }

  private static int kind(JsonNode kind) {
    return kind.isTextual() && !kind.asText().isEmpty()
        ? Span.SpanKind.valueOf(kind.asText()).getNumber()
        : kind.asInt();
  }

  private static int code(JsonNode code) {
    return code.isTextual() && !code.asText().isEmpty()
        ? Status.StatusCode.valueOf(code.asText()).getNumber()
        : code.asInt();
  }

  /// 64-bit numbers come as text, times unsigned.
  private static long number(JsonNode json) {
    if (json.isTextual()) {
      String text = json.asText();
      return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
    }
    return json.asLong();
  }

  private static List<KeyValue> attributes(JsonNode list, int depth) {
    List<KeyValue> attributes = new ArrayList<>(list.size());
    for (JsonNode pair : list) {
      attributes.add(
          KeyValue.newBuilder()
              .setKey(pair.path("key").asText(""))
              .setValue(value(pair.path("value"), depth))
              .build());
    }
    return attributes;
  }

  private static AnyValue value(JsonNode json, int depth) {
    if (depth > MAX_DEPTH) {
      throw new MalformedException("a value is nested deeper than " + MAX_DEPTH);
    }
    AnyValue.Builder value = AnyValue.newBuilder();
    if (json.has("stringValue")) {
      value.setStringValue(json.path("stringValue").asText(""));
    } else if (json.has("intValue")) {
      value.setIntValue(number(json.path("intValue")));
    } else if (json.has("doubleValue")) {
      value.setDoubleValue(decimal(json.path("doubleValue")));
    } else if (json.has("boolValue")) {
      value.setBoolValue(json.path("boolValue").asBoolean());
    } else if (json.has("bytesValue")) {
      value.setBytesValue(
          ByteString.copyFrom(Base64.getDecoder().decode(json.path("bytesValue").asText(""))));
    } else if (json.has("arrayValue")) {
      ArrayValue.Builder array = ArrayValue.newBuilder();
      for (JsonNode element : json.path("arrayValue").path("values")) {
        array.addValues(value(element, depth + 1));
      }
      value.setArrayValue(array);
    } else if (json.has("kvlistValue")) {
      value.setKvlistValue(
          KeyValueList.newBuilder()
              .addAllValues(attributes(json.path("kvlistValue").path("values"), depth + 1)));
    }
    return value.build();
  }

  /// `NaN` and the infinities come as text.
  private static double decimal(JsonNode json) {
    return json.isTextual() ? Double.parseDouble(json.asText()) : json.asDouble();
  }
}
