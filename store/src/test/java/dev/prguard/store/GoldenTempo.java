package dev.prguard.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.prguard.testkit.GoldenCorpus.Query;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Answers a query of the corpus over HTTP as the recorded Tempo did, when it is asked as that one
/// was.
final class GoldenTempo {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private GoldenTempo() {}

  static Answer answer(Query query, Request request) {
    Map<String, String> got = parameters(request.target());
    JsonNode asked = query.json();
    String path =
        switch (query.kind()) {
          case "search" -> "/api/search";
          case "range" -> "/api/metrics/query_range";
          case "instant" -> "/api/metrics/query";
          case "tags" -> "/api/v2/search/tags";
          case "tagvalues" -> "/api/v2/search/tag/" + asked.path("tag").asText() + "/values";
          default -> "/api/v2/traces/" + asked.path("q").asText();
        };
    List<String> wrong = new ArrayList<>();
    differs("path", path, decoded(request.path().replace("+", "%2B")), wrong);
    for (String name : List.of("q", "scope", "limit", "spss")) {
      boolean sent = asked.has(name) && !query.kind().equals("trace");
      if (sent) {
        differs(name, asked.path(name).asText(), got.getOrDefault(name, ""), wrong);
      }
    }
    if (!wrong.isEmpty()) {
      return Answer.json(418, query.id() + ": " + wrong);
    }
    int status = asked.path("status").asInt();
    if (status != 200) {
      byte[] text = asked.path("error").asText().getBytes(StandardCharsets.UTF_8);
      return Answer.bytes(status, "text/plain", text);
    }
    JsonNode answer = asked.path("answer");
    return switch (query.kind()) {
      case "search" -> Answer.json(200, search(answer, asked, got).toString());
      case "range", "instant" -> Answer.json(200, series(answer).toString());
      case "tags" -> Answer.json(200, tags(answer).toString());
      case "tagvalues" -> Answer.json(200, tagValues(answer).toString());
      default -> Answer.bytes(200, "application/protobuf", trace(asked.path("q").asText(), answer));
    };
  }

  static Map<String, String> parameters(String target) {
    Map<String, String> parameters = new TreeMap<>();
    int question = target.indexOf('?');
    if (question >= 0) {
      for (String pair : target.substring(question + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        parameters.put(pair.substring(0, equals), decoded(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void differs(String name, String want, String got, List<String> wrong) {
    if (!want.equals(got)) {
      wrong.add(name + " was " + got + ", not " + want);
    }
  }

  private static ObjectNode search(JsonNode answer, JsonNode asked, Map<String, String> got) {
    ObjectNode json = JSON.objectNode();
    boolean between = asked.path("match").asText("").equals("between");
    JsonNode found = between ? answer.path("lower") : answer;
    boolean cut = asked.path("match").asText("").equals("subset");
    int limit = cut ? Integer.parseInt(got.get("limit")) : Integer.MAX_VALUE;
    int spss = Integer.parseInt(got.get("spss"));
    found
        .properties()
        .forEach(each -> {
          ArrayNode traces = json.withArrayProperty("traces");
          if (traces.size() < limit) {
            traces.add(trace(each.getKey(), each.getValue(), between, cut ? spss : 0));
          }
        });
    json.putObject("metrics").put("inspectedBytes", "1");
    return json;
  }

  private static ObjectNode trace(String id, JsonNode of, boolean idsOnly, int spss) {
    ObjectNode json = JSON.objectNode();
    json.put("traceID", id.replaceFirst("^0+(?=.)", ""));
    if (idsOnly) {
      ArrayNode spans =
          json.putArray("spanSets").addObject().put("matched", of.size()).putArray("spans");
      of.forEach(span -> spans.addObject().put("spanID", span.asText()));
      return json;
    }
    put(json, "rootServiceName", of.path("rootServiceName"));
    put(json, "rootTraceName", of.path("rootTraceName"));
    put(json, "startTimeUnixNano", of.path("startTimeUnixNano"));
    put(json, "durationMs", of.path("durationMs"));
    for (JsonNode each : of.path("spanSets")) {
      ObjectNode set = JSON.objectNode();
      put(set, "matched", each.path("matched"));
      labels(set, "attributes", each.path("attributes"));
      for (JsonNode span : each.path("spans")) {
        ArrayNode spans = set.withArrayProperty("spans");
        if (spss == 0 || spans.size() < spss) {
          ObjectNode node = spans.addObject();
          for (String name : List.of("spanID", "name", "startTimeUnixNano", "durationNanos")) {
            put(node, name, span.path(name));
          }
          labels(node, "attributes", span.path("attributes"));
        }
      }
      json.withArrayProperty("spanSets").add(set);
    }
    if (of.has("serviceStats")) {
      json.set("serviceStats", of.path("serviceStats"));
    }
    return json;
  }

  private static ObjectNode series(JsonNode answer) {
    ObjectNode json = JSON.objectNode();
    ArrayNode list = json.putArray("series");
    for (JsonNode each : answer) {
      ObjectNode series = list.addObject();
      labels(series, "labels", each.path("labels"));
      put(series, "value", each.path("value"));
      for (JsonNode sample : each.path("samples")) {
        ObjectNode node = series.withArrayProperty("samples").addObject();
        node.put("timestampMs", sample.get(0).asText());
        put(node, "value", sample.get(1));
      }
    }
    return json;
  }

  private static ObjectNode tags(JsonNode answer) {
    ObjectNode json = JSON.objectNode();
    ArrayNode scopes = json.putArray("scopes");
    answer
        .properties()
        .forEach(
            scope -> scopes.addObject().put("name", scope.getKey()).set("tags", scope.getValue()));
    return json;
  }

  private static ObjectNode tagValues(JsonNode answer) {
    ObjectNode json = JSON.objectNode();
    for (JsonNode pair : answer) {
      ObjectNode node = json.withArrayProperty("tagValues").addObject();
      node.set("type", pair.get(0));
      node.set("value", pair.get(1));
    }
    return json;
  }

  /// `TraceByIDResponse` with the spans' ids.
  private static byte[] trace(String traceId, JsonNode spanIds) {
    TracesData.Builder traces = TracesData.newBuilder();
    String hex = "0".repeat(32 - traceId.length()) + traceId;
    spanIds.forEach(id ->
        traces
            .addResourceSpansBuilder()
            .addScopeSpansBuilder()
            .addSpans(
                Span.newBuilder()
                    .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(hex)))
                    .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex(id.asText())))));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] trace = traces.build().toByteArray();
    bytes.write((1 << 3) | 2);
    for (int left = trace.length; ; left >>>= 7) {
      bytes.write(left > 0x7f ? (left & 0x7f) | 0x80 : left);
      if (left <= 0x7f) {
        break;
      }
    }
    bytes.writeBytes(trace);
    return bytes.toByteArray();
  }

  /// Proto3 leaves out zeros and empty texts.
  private static void put(ObjectNode json, String name, JsonNode value) {
    boolean zero = value.isNumber() && value.asDouble() == 0;
    boolean empty = value.isTextual() && (value.asText().isEmpty() || value.asText().equals("0"));
    if (!value.isMissingNode() && !zero && !empty) {
      json.set(name, value);
    }
  }

  private static void labels(ObjectNode json, String name, JsonNode pairs) {
    for (JsonNode pair : pairs) {
      ObjectNode label = json.withArrayProperty(name).addObject();
      label.set("key", pair.get(0));
      label.set("value", value(pair.get(1)));
    }
  }

  private static JsonNode value(JsonNode value) {
    if (!value.has("arrayValue")) {
      return value;
    }
    ObjectNode array = JSON.objectNode();
    ArrayNode values = array.putObject("arrayValue").putArray("values");
    value.path("arrayValue").forEach(element -> values.add(value(element)));
    return array;
  }
}
