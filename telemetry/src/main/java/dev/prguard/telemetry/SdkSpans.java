package dev.prguard.telemetry;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The SDK's spans as [SpanRecord]s. Attributes are sorted by key: the SDK's own order is a hash's.
final class SdkSpans {
  private SdkSpans() {}

  static SpanRecord record(SpanData span) {
    SpanContext parent = span.getParentSpanContext();
    return new SpanRecord(
        span.getTraceId(),
        span.getSpanId(),
        parent.isValid() ? parent.getSpanId() : null,
        span.getName(),
        kind(span.getKind()),
        span.getStartEpochNanos(),
        span.getEndEpochNanos(),
        status(span.getStatus().getStatusCode()),
        span.getStatus().getDescription(),
        attributes(span.getAttributes()),
        span.getEvents().stream().map(SdkSpans::event).toList(),
        span.getLinks().stream().map(SdkSpans::link).toList(),
        attributes(span.getResource().getAttributes()),
        scope(span.getInstrumentationScopeInfo()));
  }

  static Map<String, AttributeValue> attributes(Attributes attributes) {
    Map<String, AttributeValue> sorted = new TreeMap<>();
    attributes.forEach((key, value) -> sorted.put(key.getKey(), value(key, value)));
    return sorted;
  }

  private static AttributeValue value(AttributeKey<?> key, Object value) {
    return switch (key.getType()) {
      case STRING -> AttributeValue.of((String) value);
      case BOOLEAN -> AttributeValue.of((boolean) value);
      case LONG -> AttributeValue.of((long) value);
      case DOUBLE -> AttributeValue.of((double) value);
      case STRING_ARRAY -> array(value, element -> AttributeValue.of((String) element));
      case BOOLEAN_ARRAY -> array(value, element -> AttributeValue.of((boolean) element));
      case LONG_ARRAY -> array(value, element -> AttributeValue.of((long) element));
      case DOUBLE_ARRAY -> array(value, element -> AttributeValue.of((double) element));
      // Maps and bytes, which this program does not set: the SDK's own JSON text.
      case VALUE -> AttributeValue.of(((Value<?>) value).asString());
    };
  }

  private interface Element {
    AttributeValue of(Object element);
  }

  private static AttributeValue array(Object values, Element element) {
    return AttributeValue.of(((List<?>) values).stream().map(element::of).toList());
  }

  private static SpanRecord.Event event(EventData event) {
    return new SpanRecord.Event(
        event.getEpochNanos(), event.getName(), attributes(event.getAttributes()));
  }

  private static SpanRecord.Link link(LinkData link) {
    SpanContext to = link.getSpanContext();
    return new SpanRecord.Link(to.getTraceId(), to.getSpanId(), attributes(link.getAttributes()));
  }

  private static SpanRecord.Scope scope(InstrumentationScopeInfo scope) {
    String version = scope.getVersion();
    return new SpanRecord.Scope(
        scope.getName(), version == null ? "" : version, attributes(scope.getAttributes()));
  }

  private static SpanRecord.Kind kind(SpanKind kind) {
    return switch (kind) {
      case INTERNAL -> SpanRecord.Kind.INTERNAL;
      case SERVER -> SpanRecord.Kind.SERVER;
      case CLIENT -> SpanRecord.Kind.CLIENT;
      case PRODUCER -> SpanRecord.Kind.PRODUCER;
      case CONSUMER -> SpanRecord.Kind.CONSUMER;
    };
  }

  private static SpanRecord.Status status(StatusCode code) {
    return switch (code) {
      case UNSET -> SpanRecord.Status.UNSET;
      case OK -> SpanRecord.Status.OK;
      case ERROR -> SpanRecord.Status.ERROR;
    };
  }
}
