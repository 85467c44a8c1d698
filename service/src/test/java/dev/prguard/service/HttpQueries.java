package dev.prguard.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import dev.prguard.trace.query.TraceQueries;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.trace.query.TraceQueryException.Reason;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Asks a server over Tempo's HTTP API, and reads its answers back.
final class HttpQueries implements TraceQueries {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunningServer server;

  HttpQueries(RunningServer server) {
    this.server = server;
  }

  private JsonNode ask(String path, @Nullable Object... params) {
    StringJoiner query = new StringJoiner("&", path + "?", "");
    for (int i = 0; i < params.length; i += 2) {
      Object value = params[i + 1];
      if (value != null) {
        query.add(params[i] + "=" + encoded(value.toString()));
      }
    }
    try {
      HttpResponse<String> answer = server.get(query.toString());
      if (answer.statusCode() != 200) {
        throw new TraceQueryException(
            answer.statusCode() == 400 ? Reason.REFUSED : Reason.FAILED, answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (TraceQueryException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// A missing time is the epoch to the corpus.
  private static @Nullable String seconds(Instant time) {
    return time.equals(Instant.EPOCH) ? null : Long.toString(time.getEpochSecond());
  }

  private static @Nullable String nanos(Instant time) {
    return time.equals(Instant.EPOCH)
        ? null
        : Long.toString(time.getEpochSecond() * 1_000_000_000L + time.getNano());
  }

  @Override
  public SearchAnswer search(Search search) {
    List<FoundTrace> traces = new ArrayList<>();
    for (JsonNode trace :
        ask(
                "/api/search",
                "q",
                search.query(),
                "start",
                seconds(search.range().start()),
                "end",
                seconds(search.range().end()),
                "limit",
                search.limit(),
                "spss",
                search.spansPerSet())
            .path("traces")) {
      List<SpanSet> sets = new ArrayList<>();
      trace.path("spanSets").forEach(set -> sets.add(spanSet(set)));
      Map<String, ServiceStats> stats = new LinkedHashMap<>();
      trace
          .path("serviceStats")
          .properties()
          .forEach(of ->
              stats.put(
                  of.getKey(),
                  new ServiceStats(
                      of.getValue().path("spanCount").asInt(),
                      of.getValue().path("errorCount").asInt())));
      traces.add(
          new FoundTrace(
              "0".repeat(32 - trace.path("traceID").asText().length())
                  + trace.path("traceID").asText(),
              trace.path("rootServiceName").asText(),
              trace.path("rootTraceName").asText(),
              trace.path("startTimeUnixNano").asLong(),
              trace.path("durationMs").asLong(),
              sets,
              stats));
    }
    return new SearchAnswer(traces);
  }

  private static SpanSet spanSet(JsonNode set) {
    List<FoundSpan> spans = new ArrayList<>();
    for (JsonNode span : set.path("spans")) {
      spans.add(
          new FoundSpan(
              span.path("spanID").asText(),
              span.path("name").asText(),
              span.path("startTimeUnixNano").asLong(),
              span.path("durationNanos").asLong(),
              labels(span.path("attributes"))));
    }
    return new SpanSet(spans, labels(set.path("attributes")), set.path("matched").asInt());
  }

  private static List<Label> labels(JsonNode list) {
    List<Label> labels = new ArrayList<>();
    list.forEach(
        pair -> labels.add(new Label(pair.path("key").asText(), value(pair.path("value")))));
    return labels;
  }

  private static AttributeValue value(JsonNode json) {
    if (json.has("intValue")) {
      return AttributeValue.of(json.path("intValue").asLong());
    }
    if (json.has("doubleValue")) {
      return AttributeValue.of(number(json.path("doubleValue")));
    }
    if (json.has("boolValue")) {
      return AttributeValue.of(json.path("boolValue").asBoolean());
    }
    if (json.has("arrayValue")) {
      List<AttributeValue> elements = new ArrayList<>();
      json.path("arrayValue").path("values").forEach(element -> elements.add(value(element)));
      return AttributeValue.of(elements);
    }
    return AttributeValue.of(json.path("stringValue").asText());
  }

  private static double number(JsonNode json) {
    return json.isTextual() ? Double.parseDouble(json.asText()) : json.asDouble();
  }

  @Override
  public MetricsAnswer range(RangeQuery query) {
    List<Series> series = new ArrayList<>();
    for (JsonNode of :
        ask(
                "/api/metrics/query_range",
                "q",
                query.query(),
                "start",
                nanos(query.range().start()),
                "end",
                nanos(query.range().end()),
                "step",
                query.step() == null ? null : query.step().toNanos() + "ns")
            .path("series")) {
      List<Sample> samples = new ArrayList<>();
      of.path("samples")
          .forEach(sample ->
              samples.add(
                  new Sample(sample.path("timestampMs").asLong(), number(sample.path("value")))));
      series.add(new Series(labels(of.path("labels")), samples, List.of()));
    }
    return new MetricsAnswer(series);
  }

  @Override
  public MetricsAnswer instant(InstantQuery query) {
    List<Series> series = new ArrayList<>();
    for (JsonNode of :
        ask(
                "/api/metrics/query",
                "q",
                query.query(),
                "start",
                nanos(query.range().start()),
                "end",
                nanos(query.range().end()))
            .path("series")) {
      series.add(
          new Series(
              labels(of.path("labels")),
              List.of(new Sample(0, number(of.path("value")))),
              List.of()));
    }
    return new MetricsAnswer(series);
  }

  @Override
  public SortedMap<String, SortedSet<String>> tags(
      @Nullable String scope, @Nullable String filter, TimeRange range) {
    SortedMap<String, SortedSet<String>> tags = new TreeMap<>();
    for (JsonNode of :
        ask(
                "/api/v2/search/tags",
                "scope",
                scope,
                "q",
                filter,
                "start",
                seconds(range.start()),
                "end",
                seconds(range.end()))
            .path("scopes")) {
      SortedSet<String> names = new TreeSet<>();
      of.path("tags").forEach(name -> names.add(name.asText()));
      tags.put(of.path("name").asText(), names);
    }
    return tags;
  }

  @Override
  public List<TagValue> tagValues(String tag, @Nullable String filter, TimeRange range) {
    List<TagValue> values = new ArrayList<>();
    for (JsonNode of :
        ask(
                "/api/v2/search/tag/" + encoded(tag).replace("+", "%20") + "/values",
                "q",
                filter,
                "start",
                seconds(range.start()),
                "end",
                seconds(range.end()))
            .path("tagValues")) {
      values.add(new TagValue(of.path("type").asText(), of.path("value").asText()));
    }
    return values;
  }

  /// In protobuf, the first version of the API: the bytes are those of the trace.
  @Override
  public List<SpanRecord> trace(String traceId) {
    try {
      HttpResponse<byte[]> answer =
          server.client.send(
              HttpRequest.newBuilder(server.uri("/api/traces/" + traceId))
                  .header("accept", "application/protobuf")
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() == 404) {
        return List.of();
      }
      if (answer.statusCode() != 200) {
        throw new TraceQueryException(
            answer.statusCode() == 400 ? Reason.REFUSED : Reason.FAILED,
            new String(answer.body(), StandardCharsets.UTF_8));
      }
      return OtlpSpans.fromTracesData(TracesData.parseFrom(answer.body())).spans();
    } catch (TraceQueryException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
