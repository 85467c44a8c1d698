package dev.prguard.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.query.TraceQueries.Exemplar;
import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.ServiceStats;
import dev.prguard.trace.query.TraceQueries.SpanSet;
import dev.prguard.trace.query.TraceQueries.TagValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Reads Tempo's JSON: proto3, so zeros, empty texts and empty lists may be absent, and 64-bit
/// integers are texts. Every method throws [NumberFormatException] or [IllegalArgumentException]
/// for what is not Tempo's.
final class TempoAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TempoAnswers() {}

  /// @throws IOException when it is no JSON object
  static JsonNode parse(byte[] json) throws IOException {
    JsonNode node = JSON.readTree(json);
    if (node == null || !node.isObject()) {
      throw new IOException("not a JSON object");
    }
    return node;
  }

  static SearchAnswer search(JsonNode json) {
    List<FoundTrace> traces = new ArrayList<>();
    json.path("traces").forEach(trace -> traces.add(trace(trace)));
    return new SearchAnswer(traces);
  }

  private static FoundTrace trace(JsonNode json) {
    List<SpanSet> sets = new ArrayList<>();
    json.path("spanSets").forEach(set -> sets.add(spanSet(set)));
    if (sets.isEmpty() && json.path("spanSet").isObject()) {
      sets.add(spanSet(json.path("spanSet")));
    }
    Map<String, ServiceStats> stats = new LinkedHashMap<>();
    json.path("serviceStats")
        .properties()
        .forEach(service ->
            stats.put(
                service.getKey(),
                new ServiceStats(
                    (int) whole(service.getValue().path("spanCount")),
                    (int) whole(service.getValue().path("errorCount")))));
    return new FoundTrace(
        padded(json.path("traceID").asText(), 32),
        json.path("rootServiceName").asText(""),
        json.path("rootTraceName").asText(""),
        whole(json.path("startTimeUnixNano")),
        whole(json.path("durationMs")),
        sets,
        stats);
  }

  private static SpanSet spanSet(JsonNode json) {
    List<FoundSpan> spans = new ArrayList<>();
    for (JsonNode span : json.path("spans")) {
      spans.add(
          new FoundSpan(
              padded(span.path("spanID").asText(), 16),
              span.path("name").asText(""),
              whole(span.path("startTimeUnixNano")),
              whole(span.path("durationNanos")),
              labels(span.path("attributes"))));
    }
    return new SpanSet(spans, labels(json.path("attributes")), (int) whole(json.path("matched")));
  }

  static MetricsAnswer range(JsonNode json) {
    List<Series> list = new ArrayList<>();
    for (JsonNode series : json.path("series")) {
      List<Sample> samples = new ArrayList<>();
      for (JsonNode sample : series.path("samples")) {
        samples.add(new Sample(whole(sample.path("timestampMs")), number(sample.path("value"))));
      }
      List<Exemplar> exemplars = new ArrayList<>();
      for (JsonNode exemplar : series.path("exemplars")) {
        exemplars.add(
            new Exemplar(
                whole(exemplar.path("timestampMs")),
                number(exemplar.path("value")),
                labels(exemplar.path("labels"))));
      }
      list.add(new Series(labels(series.path("labels")), samples, exemplars));
    }
    return new MetricsAnswer(list);
  }

  /// @param endMillis when the samples stand: the end of the range
  static MetricsAnswer instant(JsonNode json, long endMillis) {
    List<Series> list = new ArrayList<>();
    for (JsonNode series : json.path("series")) {
      Sample sample = new Sample(endMillis, number(series.path("value")));
      list.add(new Series(labels(series.path("labels")), List.of(sample), List.of()));
    }
    return new MetricsAnswer(list);
  }

  static SortedMap<String, SortedSet<String>> tags(JsonNode json) {
    SortedMap<String, SortedSet<String>> scopes = new TreeMap<>();
    for (JsonNode scope : json.path("scopes")) {
      SortedSet<String> names =
          scopes.computeIfAbsent(scope.path("name").asText(), _ -> new TreeSet<>());
      scope.path("tags").forEach(tag -> names.add(tag.asText()));
    }
    return scopes;
  }

  static List<TagValue> tagValues(JsonNode json) {
    List<TagValue> values = new ArrayList<>();
    json.path("tagValues")
        .forEach(value ->
            values.add(new TagValue(value.path("type").asText(), value.path("value").asText())));
    return values;
  }

  private static List<Label> labels(JsonNode json) {
    List<Label> labels = new ArrayList<>();
    json.forEach(
        label -> labels.add(new Label(label.path("key").asText(), value(label.path("value")))));
    return labels;
  }

  /// OTLP's AnyValue.
  private static AttributeValue value(JsonNode json) {
    if (json.has("stringValue")) {
      return AttributeValue.of(json.path("stringValue").asText());
    }
    if (json.has("intValue")) {
      return AttributeValue.of(whole(json.path("intValue")));
    }
    if (json.has("doubleValue")) {
      return AttributeValue.of(number(json.path("doubleValue")));
    }
    if (json.has("boolValue")) {
      return AttributeValue.of(json.path("boolValue").asBoolean());
    }
    if (json.has("arrayValue")) {
      List<AttributeValue> values = new ArrayList<>();
      json.path("arrayValue").path("values").forEach(element -> values.add(value(element)));
      return AttributeValue.of(values);
    }
    return new AttributeValue.OpaqueValue("");
  }

  private static long whole(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return 0;
    }
    if (node.isTextual()) {
      String text = node.asText();
      // Times are unsigned, values are signed.
      return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
    }
    if (!node.canConvertToLong()) {
      throw new IllegalArgumentException("not a whole number: " + node);
    }
    return node.asLong();
  }

  /// JSON has no NaN: proto3 writes it as a text.
  private static double number(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return 0;
    }
    return switch (node.asText()) {
      case "NaN" -> Double.NaN;
      case "Infinity", "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> node.isNumber() ? node.asDouble() : Double.parseDouble(node.asText());
    };
  }

  /// Tempo leaves out leading zeros.
  private static String padded(String id, int length) {
    String hex = id.toLowerCase(Locale.ROOT);
    return hex.length() >= length ? hex : "0".repeat(length - hex.length()) + hex;
  }
}
