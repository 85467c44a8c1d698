package dev.prguard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// What a real Tempo 3.0.3 answered to fixed queries over fixed spans; README.md beside the files
/// says how they were made. The text is part of the resources.
public final class GoldenCorpus {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Tempo's `distributor.max_attribute_bytes`: keys and string values are cut at ingest.
  private static final int MAX_ATTRIBUTE_BYTES = 2048;

  private GoldenCorpus() {}

  /// One query.
  ///
  /// @param json the whole line of the corpus
  public record Query(JsonNode json) {
    public String id() {
      return json.path("id").asText();
    }

    public String area() {
      return json.path("area").asText();
    }

    /// core, quirk or artefact.
    public String tier() {
      return json.path("tier").asText();
    }

    /// search, range, instant, tags, tagvalues or trace.
    public String kind() {
      return json.path("kind").asText();
    }

    /// Null where the request has none.
    public @Nullable String text() {
      return json.has("q") ? json.path("q").asText() : null;
    }

    public String expect() {
      return json.path("expect").asText("");
    }

    @Override
    public String toString() {
      return id() + " [" + tier() + "] " + kind() + " " + json.path("tag").asText() + text();
    }
  }

  public static List<Query> queries() {
    List<Query> queries = new ArrayList<>();
    for (String line : lines("corpus.jsonl.gz")) {
      queries.add(new Query(json(line)));
    }
    return queries;
  }

  /// The spans in the order in which Tempo received them, as it stored them.
  public static List<SpanRecord> spans() {
    List<SpanRecord> spans = new ArrayList<>();
    for (String line : lines("spans.otlp.jsonl.gz")) {
      spans.addAll(merged(OtlpSpans.fromTracesData(traces(json(line))).spans()));
    }
    return spans;
  }

  /// Tempo puts the spans of a trace together by resource and, in it, by scope; of scopes with the
  /// same name and version the attributes of the first hold.
  private static List<SpanRecord> merged(List<SpanRecord> spans) {
    Map<List<Object>, Map<List<String>, List<SpanRecord>>> resources = new LinkedHashMap<>();
    for (SpanRecord span : spans) {
      resources
          .computeIfAbsent(List.of(span.traceId(), span.resource()), _ -> new LinkedHashMap<>())
          .computeIfAbsent(
              List.of(span.scope().name(), span.scope().version()), _ -> new ArrayList<>())
          .add(span);
    }
    List<SpanRecord> merged = new ArrayList<>();
    for (Map<List<String>, List<SpanRecord>> scopes : resources.values()) {
      for (List<SpanRecord> of : scopes.values()) {
        of.forEach(span -> merged.add(Spans.withScope(span, of.getFirst().scope())));
      }
    }
    return merged;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(String name) {
    InputStream resource = GoldenCorpus.class.getResourceAsStream("tempo-golden/" + name);
    try (InputStream in = Objects.requireNonNull(resource, name);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TracesData traces(JsonNode request) {
    TracesData.Builder traces = TracesData.newBuilder();
    for (JsonNode of : request.path("resourceSpans")) {
      var resource = traces.addResourceSpansBuilder();
      resource.setResource(Resource.newBuilder().addAllAttributes(attributes(of.path("resource"))));
      for (JsonNode in : of.path("scopeSpans")) {
        resource.addScopeSpans(scope(in));
      }
    }
    return traces.build();
  }

  private static ScopeSpans scope(JsonNode in) {
    JsonNode scope = in.path("scope");
    ScopeSpans.Builder spans =
        ScopeSpans.newBuilder()
            .setScope(
                InstrumentationScope.newBuilder()
                    .setName(scope.path("name").asText())
                    .setVersion(scope.path("version").asText())
                    .addAllAttributes(attributes(scope)));
    for (JsonNode span : in.path("spans")) {
      spans.addSpans(span(span));
    }
    return spans.build();
  }

  private static Span.Builder span(JsonNode json) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(id(json.path("traceId")))
            .setSpanId(id(json.path("spanId")))
            .setParentSpanId(id(json.path("parentSpanId")))
            .setName(json.path("name").asText())
            .setKindValue(json.path("kind").asInt())
            .setStartTimeUnixNano(json.path("startTimeUnixNano").asLong())
            .setEndTimeUnixNano(json.path("endTimeUnixNano").asLong())
            .setStatus(
                Status.newBuilder()
                    .setCodeValue(json.path("status").path("code").asInt())
                    .setMessage(json.path("status").path("message").asText()))
            .addAllAttributes(attributes(json));
    for (JsonNode event : json.path("events")) {
      span.addEventsBuilder()
          .setName(event.path("name").asText())
          .setTimeUnixNano(event.path("timeUnixNano").asLong())
          .addAllAttributes(attributes(event));
    }
    for (JsonNode link : json.path("links")) {
      span.addLinksBuilder()
          .setTraceId(id(link.path("traceId")))
          .setSpanId(id(link.path("spanId")))
          .addAllAttributes(attributes(link));
    }
    return span;
  }

  private static ByteString id(JsonNode hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex.asText("")));
  }

  private static List<KeyValue> attributes(JsonNode of) {
    List<KeyValue> list = new ArrayList<>();
    for (JsonNode pair : of.path("attributes")) {
      list.add(
          KeyValue.newBuilder()
              .setKey(cut(pair.path("key").asText()))
              .setValue(value(pair.path("value")))
              .build());
    }
    return list;
  }

  private static AnyValue value(JsonNode json) {
    AnyValue.Builder value = AnyValue.newBuilder();
    if (json.has("stringValue")) {
      value.setStringValue(cut(json.path("stringValue").asText()));
    } else if (json.has("intValue")) {
      value.setIntValue(json.path("intValue").asLong());
    } else if (json.has("doubleValue")) {
      value.setDoubleValue(json.path("doubleValue").asDouble());
    } else if (json.has("boolValue")) {
      value.setBoolValue(json.path("boolValue").asBoolean());
    } else if (json.has("bytesValue")) {
      value.setBytesValue(
          ByteString.copyFrom(Base64.getDecoder().decode(json.path("bytesValue").asText())));
    } else if (json.has("arrayValue")) {
      ArrayValue.Builder array = ArrayValue.newBuilder();
      json.path("arrayValue").path("values").forEach(element -> array.addValues(value(element)));
      value.setArrayValue(array);
    } else if (json.has("kvlistValue")) {
      KeyValueList.Builder list = KeyValueList.newBuilder();
      for (JsonNode pair : json.path("kvlistValue").path("values")) {
        list.addValues(
            KeyValue.newBuilder()
                .setKey(pair.path("key").asText())
                .setValue(value(pair.path("value"))));
      }
      value.setKvlistValue(list);
    }
    return value.build();
  }

  private static String cut(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MAX_ATTRIBUTE_BYTES
        ? text
        : new String(bytes, 0, MAX_ATTRIBUTE_BYTES, StandardCharsets.UTF_8);
  }
}
