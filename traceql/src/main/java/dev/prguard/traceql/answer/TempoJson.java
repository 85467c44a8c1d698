package dev.prguard.traceql.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.BooleanValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.OpaqueValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.query.TraceQueries.Exemplar;
import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.SpanSet;
import dev.prguard.trace.query.TraceQueries.TagValue;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/// Writes answers as Tempo 3 does: proto3 JSON, where zero numbers, empty strings and empty lists
/// are left out and 64-bit integers are strings. Each method writes one document in UTF-8 and
/// leaves the stream open.
public final class TempoJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private TempoJson() {}

  /// The answer of `/api/search`.
  public static void search(SearchAnswer answer, OutputStream out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      if (!answer.traces().isEmpty()) {
        json.writeArrayFieldStart("traces");
        for (FoundTrace trace : answer.traces()) {
          trace(json, trace);
        }
        json.writeEndArray();
      }
      emptyMetrics(json);
      json.writeEndObject();
    }
  }

  /// The answer of `/api/metrics/query_range`.
  public static void range(MetricsAnswer answer, OutputStream out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("series");
      for (Series series : answer.series()) {
        json.writeStartObject();
        labels(json, "labels", series.labels());
        json.writeArrayFieldStart("samples");
        for (Sample sample : series.samples()) {
          json.writeStartObject();
          json.writeStringField("timestampMs", Long.toString(sample.timestampMillis()));
          number(json, "value", sample.value());
          json.writeEndObject();
        }
        json.writeEndArray();
        exemplars(json, series.exemplars());
        json.writeEndObject();
      }
      json.writeEndArray();
      emptyMetrics(json);
      json.writeEndObject();
    }
  }

  /// The answer of `/api/metrics/query`: one value for each series.
  public static void instant(MetricsAnswer answer, OutputStream out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("series");
      for (Series series : answer.series()) {
        json.writeStartObject();
        labels(json, "labels", series.labels());
        number(json, "value", series.samples().isEmpty() ? 0 : series.samples().getLast().value());
        json.writeEndObject();
      }
      json.writeEndArray();
      emptyMetrics(json);
      json.writeEndObject();
    }
  }

  /// The answer of `/api/v2/search/tags`.
  public static void tags(SortedMap<String, SortedSet<String>> scopes, OutputStream out)
      throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("scopes");
      for (Map.Entry<String, SortedSet<String>> scope : scopes.entrySet()) {
        json.writeStartObject();
        json.writeStringField("name", scope.getKey());
        json.writeArrayFieldStart("tags");
        for (String tag : scope.getValue()) {
          json.writeString(tag);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      emptyMetrics(json);
      json.writeEndObject();
    }
  }

  /// The answer of `/api/v2/search/tag/{tag}/values`.
  public static void tagValues(List<TagValue> values, OutputStream out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("tagValues");
      for (TagValue value : values) {
        json.writeStartObject();
        json.writeStringField("type", value.type());
        json.writeStringField("value", value.value());
        json.writeEndObject();
      }
      json.writeEndArray();
      emptyMetrics(json);
      json.writeEndObject();
    }
  }

  private static void emptyMetrics(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("metrics");
    json.writeEndObject();
  }

  private static void trace(JsonGenerator json, FoundTrace trace) throws IOException {
    json.writeStartObject();
    json.writeStringField("traceID", withoutLeadingZeros(trace.traceId()));
    text(json, "rootServiceName", trace.rootServiceName());
    text(json, "rootTraceName", trace.rootTraceName());
    if (trace.startNanos() != 0) {
      json.writeStringField("startTimeUnixNano", Long.toUnsignedString(trace.startNanos()));
    }
    if (trace.durationMillis() != 0) {
      json.writeNumberField("durationMs", trace.durationMillis());
    }
    if (!trace.spanSets().isEmpty()) {
      json.writeFieldName("spanSet");
      spanSet(json, trace.spanSets().getFirst());
      json.writeArrayFieldStart("spanSets");
      for (SpanSet set : trace.spanSets()) {
        spanSet(json, set);
      }
      json.writeEndArray();
    }
    if (!trace.serviceStats().isEmpty()) {
      json.writeObjectFieldStart("serviceStats");
      for (var stats : trace.serviceStats().entrySet()) {
        json.writeObjectFieldStart(stats.getKey());
        count(json, "spanCount", stats.getValue().spanCount());
        count(json, "errorCount", stats.getValue().errorCount());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void spanSet(JsonGenerator json, SpanSet set) throws IOException {
    json.writeStartObject();
    if (!set.spans().isEmpty()) {
      json.writeArrayFieldStart("spans");
      for (FoundSpan span : set.spans()) {
        json.writeStartObject();
        json.writeStringField("spanID", span.spanId());
        text(json, "name", span.name());
        json.writeStringField("startTimeUnixNano", Long.toUnsignedString(span.startNanos()));
        if (span.durationNanos() != 0) {
          json.writeStringField("durationNanos", Long.toUnsignedString(span.durationNanos()));
        }
        labels(json, "attributes", span.attributes());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    count(json, "matched", set.matched());
    labels(json, "attributes", set.attributes());
    json.writeEndObject();
  }

  private static void exemplars(JsonGenerator json, List<Exemplar> exemplars) throws IOException {
    if (exemplars.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("exemplars");
    for (Exemplar exemplar : exemplars) {
      json.writeStartObject();
      labels(json, "labels", exemplar.labels());
      number(json, "value", exemplar.value());
      json.writeStringField("timestampMs", Long.toString(exemplar.timestampMillis()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void labels(JsonGenerator json, String field, List<Label> labels)
      throws IOException {
    if (labels.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(field);
    for (Label label : labels) {
      json.writeStartObject();
      json.writeStringField("key", label.key());
      json.writeFieldName("value");
      value(json, label.value());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /// OTLP's AnyValue. Inside a oneof proto3 JSON writes zeros too.
  private static void value(JsonGenerator json, AttributeValue value) throws IOException {
    json.writeStartObject();
    switch (value) {
      case StringValue(String text) -> json.writeStringField("stringValue", text);
      case LongValue(long number) -> json.writeStringField("intValue", Long.toString(number));
      case DoubleValue(double number) -> {
        json.writeFieldName("doubleValue");
        finiteOrText(json, number);
      }
      case BooleanValue(boolean flag) -> json.writeBooleanField("boolValue", flag);
      case OpaqueValue _ -> {
        // No query sees one, so no answer has one.
      }
      case ArrayValue(List<AttributeValue> values) -> {
        json.writeObjectFieldStart("arrayValue");
        json.writeArrayFieldStart("values");
        for (AttributeValue element : values) {
          value(json, element);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String field, String text) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(field, text);
    }
  }

  private static void count(JsonGenerator json, String field, int count) throws IOException {
    if (count != 0) {
      json.writeNumberField(field, count);
    }
  }

  private static void number(JsonGenerator json, String field, double number) throws IOException {
    if (number != 0) {
      json.writeFieldName(field);
      finiteOrText(json, number);
    }
  }

  /// JSON has no NaN: proto3 writes it as a string.
  private static void finiteOrText(JsonGenerator json, double number) throws IOException {
    if (!Double.isFinite(number)) {
      json.writeString(Double.toString(number));
    } else if (number == Math.rint(number) && Math.abs(number) < 1e15) {
      json.writeNumber((long) number);
    } else {
      json.writeNumber(number);
    }
  }

  /// As Tempo's search names traces.
  public static String withoutLeadingZeros(String traceId) {
    int first = 0;
    while (first < traceId.length() - 1 && traceId.charAt(first) == '0') {
      first++;
    }
    return traceId.substring(first);
  }
}
