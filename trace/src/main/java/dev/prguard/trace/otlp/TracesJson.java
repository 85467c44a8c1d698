package dev.prguard.trace.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/// `TracesData` as JSON. Zero values are left out; 64-bit numbers are texts.
public final class TracesJson {
  /// For whoever makes the generator.
  public static final JsonFactory FACTORY = new JsonFactory();

  /// What ids and enums look like.
  public enum Dialect {
    /// Ids in hexadecimal digits, enums as numbers (OTLP specification, "JSON Protobuf Encoding").
    OTLP,
    /// Proto3's own, which Tempo answers in: ids in base64, enums by name.
    PROTO3
  }

  private final JsonGenerator json;
  private final Dialect dialect;

  private TracesJson(JsonGenerator json, Dialect dialect) {
    this.json = json;
    this.dialect = dialect;
  }

  /// Writes one object.
  ///
  /// @param field `resourceSpans`, or `batches` as the first version of Tempo's API calls it
  public static void write(TracesData traces, String field, Dialect dialect, JsonGenerator json)
      throws IOException {
    new TracesJson(json, dialect).traces(traces, field);
  }

  private void traces(TracesData traces, String field) throws IOException {
    json.writeStartObject();
    if (traces.getResourceSpansCount() > 0) {
      json.writeArrayFieldStart(field);
      for (ResourceSpans of : traces.getResourceSpansList()) {
        json.writeStartObject();
        json.writeObjectFieldStart("resource");
        attributes(of.getResource().getAttributesList());
        count("droppedAttributesCount", of.getResource().getDroppedAttributesCount());
        json.writeEndObject();
        json.writeArrayFieldStart("scopeSpans");
        for (ScopeSpans in : of.getScopeSpansList()) {
          scope(in);
        }
        json.writeEndArray();
        text("schemaUrl", of.getSchemaUrl());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void scope(ScopeSpans in) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("scope");
    text("name", in.getScope().getName());
    text("version", in.getScope().getVersion());
    attributes(in.getScope().getAttributesList());
    count("droppedAttributesCount", in.getScope().getDroppedAttributesCount());
    json.writeEndObject();
    json.writeArrayFieldStart("spans");
    for (Span span : in.getSpansList()) {
      span(span);
    }
    json.writeEndArray();
    text("schemaUrl", in.getSchemaUrl());
    json.writeEndObject();
  }

  private void span(Span span) throws IOException {
    json.writeStartObject();
    id("traceId", span.getTraceId());
    id("spanId", span.getSpanId());
    text("traceState", span.getTraceState());
    id("parentSpanId", span.getParentSpanId());
    text("name", span.getName());
    word("kind", span.getKindValue(), span.getKind());
    time("startTimeUnixNano", span.getStartTimeUnixNano());
    time("endTimeUnixNano", span.getEndTimeUnixNano());
    attributes(span.getAttributesList());
    count("droppedAttributesCount", span.getDroppedAttributesCount());
    if (span.getEventsCount() > 0) {
      json.writeArrayFieldStart("events");
      for (Span.Event event : span.getEventsList()) {
        json.writeStartObject();
        time("timeUnixNano", event.getTimeUnixNano());
        text("name", event.getName());
        attributes(event.getAttributesList());
        count("droppedAttributesCount", event.getDroppedAttributesCount());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    count("droppedEventsCount", span.getDroppedEventsCount());
    if (span.getLinksCount() > 0) {
      json.writeArrayFieldStart("links");
      for (Span.Link link : span.getLinksList()) {
        json.writeStartObject();
        id("traceId", link.getTraceId());
        id("spanId", link.getSpanId());
        text("traceState", link.getTraceState());
        attributes(link.getAttributesList());
        count("droppedAttributesCount", link.getDroppedAttributesCount());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    count("droppedLinksCount", span.getDroppedLinksCount());
    status(span.getStatus());
    json.writeEndObject();
  }

  /// Unsigned.
  private void count(String field, int count) throws IOException {
    if (count != 0) {
      json.writeNumberField(field, Integer.toUnsignedLong(count));
    }
  }

  private void status(Status status) throws IOException {
    json.writeObjectFieldStart("status");
    text("message", status.getMessage());
    word("code", status.getCodeValue(), status.getCode());
    json.writeEndObject();
  }

  private void attributes(List<KeyValue> attributes) throws IOException {
    if (attributes.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("attributes");
    keyValues(attributes);
    json.writeEndArray();
  }

  private void keyValues(List<KeyValue> pairs) throws IOException {
    for (KeyValue pair : pairs) {
      json.writeStartObject();
      json.writeStringField("key", pair.getKey());
      json.writeFieldName("value");
      value(pair.getValue());
      json.writeEndObject();
    }
  }

  private void value(AnyValue value) throws IOException {
    json.writeStartObject();
    switch (value.getValueCase()) {
      case STRING_VALUE -> json.writeStringField("stringValue", value.getStringValue());
      case BOOL_VALUE -> json.writeBooleanField("boolValue", value.getBoolValue());
      case INT_VALUE -> json.writeStringField("intValue", Long.toString(value.getIntValue()));
      case DOUBLE_VALUE -> {
        json.writeFieldName("doubleValue");
        if (Double.isFinite(value.getDoubleValue())) {
          json.writeNumber(value.getDoubleValue());
        } else {
          json.writeString(Double.toString(value.getDoubleValue()));
        }
      }
      case BYTES_VALUE -> json.writeStringField("bytesValue", base64(value.getBytesValue()));
      case ARRAY_VALUE -> {
        json.writeObjectFieldStart("arrayValue");
        json.writeArrayFieldStart("values");
        for (AnyValue element : value.getArrayValue().getValuesList()) {
          value(element);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      case KVLIST_VALUE -> {
        json.writeObjectFieldStart("kvlistValue");
        json.writeArrayFieldStart("values");
        keyValues(value.getKvlistValue().getValuesList());
        json.writeEndArray();
        json.writeEndObject();
      }
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> {
        // No value.
      }
    }
    json.writeEndObject();
  }

  private void id(String field, ByteString bytes) throws IOException {
    if (!bytes.isEmpty()) {
      json.writeStringField(
          field,
          switch (dialect) {
            case OTLP -> Hex.text(bytes);
            case PROTO3 -> base64(bytes);
          });
    }
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private void word(String field, int number, Enum<?> value) throws IOException {
    if (number != 0) {
      switch (dialect) {
        case OTLP -> json.writeNumberField(field, number);
        case PROTO3 -> json.writeStringField(field, value.name());
      }
    }
  }

  private void text(String field, String text) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(field, text);
    }
  }

  private void time(String field, long nanos) throws IOException {
    if (nanos != 0) {
      json.writeStringField(field, Long.toUnsignedString(nanos));
    }
  }
}
