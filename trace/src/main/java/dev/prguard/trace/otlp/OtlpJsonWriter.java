package dev.prguard.trace.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.prguard.trace.SpanRecord;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/// Spans as OTLP/JSON, one `TracesData` a line, as the OpenTelemetry Collector's file exporter
/// writes them and its `otlpjsonfile` receiver reads them. Ids are hexadecimal, 64-bit numbers are
/// texts, enums are numbers (OTLP specification, "JSON Protobuf Encoding").
public final class OtlpJsonWriter implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator json;

  public OtlpJsonWriter(OutputStream out) throws IOException {
    json = JSON.createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.setRootValueSeparator(null);
  }

  /// Writes one line.
  public void write(Collection<SpanRecord> spans) throws IOException {
    TracesData data = OtlpSpans.toTracesData(spans);
    json.writeStartObject();
    json.writeArrayFieldStart("resourceSpans");
    for (ResourceSpans resource : data.getResourceSpansList()) {
      json.writeStartObject();
      json.writeObjectFieldStart("resource");
      attributes(resource.getResource().getAttributesList());
      json.writeEndObject();
      json.writeArrayFieldStart("scopeSpans");
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        scope(scope);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void scope(ScopeSpans scope) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("scope");
    json.writeStringField("name", scope.getScope().getName());
    json.writeStringField("version", scope.getScope().getVersion());
    attributes(scope.getScope().getAttributesList());
    json.writeEndObject();
    json.writeArrayFieldStart("spans");
    for (Span span : scope.getSpansList()) {
      span(span);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void span(Span span) throws IOException {
    json.writeStartObject();
    json.writeStringField("traceId", Hex.text(span.getTraceId()));
    json.writeStringField("spanId", Hex.text(span.getSpanId()));
    if (!span.getParentSpanId().isEmpty()) {
      json.writeStringField("parentSpanId", Hex.text(span.getParentSpanId()));
    }
    json.writeStringField("name", span.getName());
    json.writeNumberField("kind", span.getKindValue());
    json.writeStringField("startTimeUnixNano", Long.toUnsignedString(span.getStartTimeUnixNano()));
    json.writeStringField("endTimeUnixNano", Long.toUnsignedString(span.getEndTimeUnixNano()));
    attributes(span.getAttributesList());
    if (span.getEventsCount() > 0) {
      json.writeArrayFieldStart("events");
      for (Span.Event event : span.getEventsList()) {
        json.writeStartObject();
        json.writeStringField("timeUnixNano", Long.toUnsignedString(event.getTimeUnixNano()));
        json.writeStringField("name", event.getName());
        attributes(event.getAttributesList());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    if (span.getLinksCount() > 0) {
      json.writeArrayFieldStart("links");
      for (Span.Link link : span.getLinksList()) {
        json.writeStartObject();
        json.writeStringField("traceId", Hex.text(link.getTraceId()));
        json.writeStringField("spanId", Hex.text(link.getSpanId()));
        attributes(link.getAttributesList());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeObjectFieldStart("status");
    if (!span.getStatus().getMessage().isEmpty()) {
      json.writeStringField("message", span.getStatus().getMessage());
    }
    json.writeNumberField("code", span.getStatus().getCodeValue());
    json.writeEndObject();
    json.writeEndObject();
  }

  private void attributes(List<KeyValue> list) throws IOException {
    json.writeArrayFieldStart("attributes");
    for (KeyValue entry : list) {
      json.writeStartObject();
      json.writeStringField("key", entry.getKey());
      json.writeFieldName("value");
      value(entry.getValue());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void value(AnyValue value) throws IOException {
    json.writeStartObject();
    switch (value.getValueCase()) {
      case STRING_VALUE -> json.writeStringField("stringValue", value.getStringValue());
      case BOOL_VALUE -> json.writeBooleanField("boolValue", value.getBoolValue());
      case INT_VALUE -> json.writeStringField("intValue", Long.toString(value.getIntValue()));
      case DOUBLE_VALUE -> number(value.getDoubleValue());
      case BYTES_VALUE ->
          json.writeStringField(
              "bytesValue",
              Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()));
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
        for (KeyValue entry : value.getKvlistValue().getValuesList()) {
          json.writeStartObject();
          json.writeStringField("key", entry.getKey());
          json.writeFieldName("value");
          value(entry.getValue());
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      default -> {}
    }
    json.writeEndObject();
  }

  /// JSON has no word for what is no number; protobuf writes texts.
  private void number(double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField("doubleValue", value);
    } else {
      json.writeStringField(
          "doubleValue", Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }
  }

  /// Leaves the stream open.
  @Override
  public void close() throws IOException {
    json.close();
  }
}
