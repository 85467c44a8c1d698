package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.Retention;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The requests of tempo-vulture, tempo-cli and Grafana's Tempo data source in their shapes (their
/// sources of 2026), with what those programs check of the answers.
class TempoClientsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static RunningServer server;

  /// In a block.
  private static VultureTrace vulture;

  /// In none yet.
  private static VultureTrace fresh;

  @BeforeAll
  static void start() throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    server = RunningServer.start(folder);
    vulture = new VultureTrace(now);
    vulture.write();
    server.close();
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      store.compact(Retention.everything(log -> false));
    }
    server = RunningServer.start(folder);
    fresh = new VultureTrace(now.minusSeconds(75));
    fresh.write();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// A trace as vulture makes it: a few batches, each sent alone, with random attributes; all of it
  /// follows from the time.
  private static final class VultureTrace {
    private final Instant time;
    private final Random random;
    private final byte[] id = new byte[16];
    private final List<ResourceSpans> batches = new ArrayList<>();

    VultureTrace(Instant time) {
      this.time = time;
      this.random = new Random(time.getEpochSecond());
      random.nextBytes(id);
      for (int batch = 0; batch < 4; batch++) {
        batches.add(batch());
      }
    }

    private ResourceSpans batch() {
      ScopeSpans.Builder scope =
          ScopeSpans.newBuilder().setScope(InstrumentationScope.getDefaultInstance());
      for (int i = 0; i < 2 + random.nextInt(4); i++) {
        long start = time.getEpochSecond() * 1_000_000_000L;
        byte[] spanId = new byte[8];
        random.nextBytes(spanId);
        Span.Builder span =
            Span.newBuilder()
                .setTraceId(ByteString.copyFrom(id))
                .setSpanId(ByteString.copyFrom(spanId))
                .setName("vulture-" + random.nextInt(100))
                .setStartTimeUnixNano(start)
                .setEndTimeUnixNano(start + random.nextInt(100) * 1000L)
                .setStatus(Status.getDefaultInstance())
                .addAllAttributes(tags("vulture"));
        for (int log = 0; log < 3; log++) {
          span.addEvents(
              Span.Event.newBuilder().setTimeUnixNano(start).addAllAttributes(tags("vulture")));
        }
        scope.addSpans(span);
      }
      return ResourceSpans.newBuilder()
          .setResource(
              Resource.newBuilder()
                  .addAttributes(text("service.name", "tempo-vulture"))
                  .addAllAttributes(tags("vulture-process")))
          .addScopeSpans(scope)
          .build();
    }

    private List<KeyValue> tags(String prefix) {
      List<KeyValue> tags = new ArrayList<>();
      for (int i = 0; i < 2 + random.nextInt(4); i++) {
        tags.add(text(prefix + "-" + i, Long.toString(random.nextLong(), 36)));
      }
      return tags;
    }

    private static KeyValue text(String key, String value) {
      return KeyValue.newBuilder()
          .setKey(key)
          .setValue(AnyValue.newBuilder().setStringValue(value))
          .build();
    }

    String hexId() {
      return HexFormat.of().formatHex(id);
    }

    TracesData expected() {
      return sorted(TracesData.newBuilder().addAllResourceSpans(batches).build());
    }

    /// By the collector's OTLP exporter: gzip, and the tenant in a header.
    void write() {
      ManagedChannel channel =
          OkHttpChannelBuilder.forAddress("127.0.0.1", server.server.otlpGrpcPort())
              .usePlaintext()
              .build();
      try {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("X-Scope-OrgID", Metadata.ASCII_STRING_MARSHALLER), "1");
        var stub =
            TraceServiceGrpc.newBlockingStub(
                    ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers)))
                .withCompression("gzip");
        for (ResourceSpans batch : batches) {
          assertThat(
                  stub.export(
                          ExportTraceServiceRequest.newBuilder().addResourceSpans(batch).build())
                      .hasPartialSuccess())
              .isFalse();
        }
      } finally {
        channel.shutdownNow();
      }
    }

    KeyValue randomAttribute() {
      ResourceSpans batch = batches.get(1);
      return random.nextBoolean()
          ? batch.getResource().getAttributes(1)
          : batch.getScopeSpans(0).getSpans(1).getAttributes(0);
    }
  }

  /// Vulture sorts both sides before it compares them with all their fields.
  private static TracesData sorted(TracesData data) {
    Comparator<Span> order =
        Comparator.comparingLong(Span::getStartTimeUnixNano)
            .thenComparing(
                span -> span.getSpanId(), ByteString.unsignedLexicographicalComparator());
    TracesData.Builder all = TracesData.newBuilder();
    data.getResourceSpansList().stream()
        .map(of -> {
          ResourceSpans.Builder builder = of.toBuilder().clearScopeSpans();
          of.getScopeSpansList()
              .forEach(in ->
                  builder.addScopeSpans(
                      in.toBuilder()
                          .clearSpans()
                          .addAllSpans(in.getSpansList().stream().sorted(order).toList())));
          return builder.build();
        })
        .sorted(Comparator.comparing(of -> of.getScopeSpans(0).getSpans(0), order))
        .forEach(all::addResourceSpans);
    return all.build();
  }

  private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(path)).header("X-Scope-OrgID", "1");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return server.client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static JsonNode json(String path) throws Exception {
    HttpResponse<byte[]> answer = get(path, "accept", "application/json");
    assertThat(answer.statusCode())
        .as("%s", new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static String q(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String around(Instant time, Duration margin) {
    return "start="
        + time.minus(margin).getEpochSecond()
        + "&end="
        + time.plus(margin).getEpochSecond();
  }

  @Test
  void vulture_readsItsTraceBackById_withAllItsFields() throws Exception {
    for (VultureTrace trace : List.of(vulture, fresh)) {
      HttpResponse<byte[]> answer =
          get(
              "/api/traces/" + trace.hexId() + "?" + around(trace.time, Duration.ofMinutes(30)),
              "accept",
              "application/protobuf");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(sorted(TracesData.parseFrom(answer.body()))).isEqualTo(trace.expected());
    }
    assertThat(get("/api/traces/00ff", "accept", "application/protobuf").statusCode())
        .isEqualTo(404);
  }

  @Test
  void vulture_findsItsTrace_byTagByTraceQlAndByMetrics() throws Exception {
    String range = around(vulture.time, Duration.ofMinutes(30));
    for (int i = 0; i < 4; i++) {
      KeyValue attribute = vulture.randomAttribute();
      String value = attribute.getValue().getStringValue();
      JsonNode byTag =
          json("/api/search?" + range + "&tags=" + q(attribute.getKey() + "=" + value));
      assertThat(byTag.at("/traces")).hasSize(1);
      assertThat(byTag.at("/traces/0/traceID").asText())
          .isEqualTo(vulture.hexId().replaceFirst("^0+", ""));
      String query = "{.%s = \"%s\"}".formatted(attribute.getKey(), value);
      JsonNode found = json("/api/search?" + range + "&q=" + q(query));
      JsonNode series =
          json(
              "/api/metrics/query_range?"
                  + range
                  + "&step=1m&q="
                  + q(query + " | count_over_time()"));
      assertThat(series.at("/series")).hasSize(1);
      double counted = 0;
      for (JsonNode sample : series.at("/series/0/samples")) {
        counted += sample.path("value").asDouble();
      }
      int matched = 0;
      for (JsonNode set : found.at("/traces/0/spanSets")) {
        matched += set.path("matched").asInt();
      }
      assertThat(counted).isEqualTo(matched).isPositive();
    }
    assertThat(json("/api/search?" + range + "&tags=" + q("vulture-0=*")).at("/traces")).isEmpty();
  }

  @Test
  void tempoCli_isAnswered() throws Exception {
    HttpResponse<byte[]> trace =
        get("/api/v2/traces/" + vulture.hexId(), "accept", "application/protobuf");
    var fields = ProtoMessage.Fields.read(trace.body());
    assertThat(sorted(TracesData.parseFrom(fields.all(1).getFirst())))
        .isEqualTo(vulture.expected());
    assertThat(fields.number(3)).as("the status: complete").isZero();
    String range = around(vulture.time, Duration.ofMinutes(5));
    assertThat(json("/api/search?" + range + "&limit=1&spss=1&q=" + q("{}")).at("/traces"))
        .hasSize(1);
    assertThat(json("/api/v2/search/tags").at("/scopes/0/name").asText()).isNotEmpty();
    assertThat(json("/api/v2/search/tags?" + range).at("/scopes").toString())
        .contains("vulture-process-0");
    assertThat(json("/api/search/tags?" + range).at("/tagNames").toString())
        .contains("vulture-process-0");
    assertThat(
            json("/api/v2/search/tag/resource.service.name/values?q=&" + range)
                .at("/tagValues/0/value")
                .asText())
        .isEqualTo("tempo-vulture");
    String nanos =
        "start=%d000000000&end=%d000000000"
            .formatted(
                vulture.time.minusSeconds(300).getEpochSecond(),
                vulture.time.plusSeconds(300).getEpochSecond());
    for (String parameter : List.of("q=", "query=")) {
      assertThat(
              json("/api/metrics/query_range?"
                      + nanos
                      + "&step=5s&mode=&shard=0&shardCount=0&"
                      + parameter
                      + q("{} | rate()"))
                  .at("/series"))
          .hasSize(1);
      assertThat(
              json("/api/metrics/query?" + nanos + "&" + parameter + q("{} | count_over_time()"))
                  .at("/series/0/value")
                  .asInt())
          .isGreaterThan(10);
    }
    assertThat(get("/api/search?tags=a%3Db&q=%7B%7D").statusCode()).isEqualTo(400);
  }

  @Test
  void grafana_isAnswered() throws Exception {
    assertThat(new String(get("/api/echo").body(), StandardCharsets.UTF_8)).isEqualTo("echo");
    assertThat(json("/api/status/buildinfo").at("/version").asText()).matches("3\\.\\d+\\.\\d+");
    String range = around(vulture.time, Duration.ofMinutes(30));
    // As a proxy: a user's browser sends what Grafana passes on.
    HttpResponse<byte[]> v2 =
        get(
            "/api/v2/traces/" + vulture.hexId() + "?" + range,
            "accept",
            "application/protobuf",
            "x-forwarded-for",
            "10.0.0.9",
            "x-grafana-org-id",
            "1",
            "user-agent",
            "Grafana/12.3.0");
    assertThat(v2.statusCode()).isEqualTo(200);
    assertThat(v2.headers().firstValue("content-type")).hasValue("application/protobuf");
    // It takes a trace without the first field for no answer, and would fail.
    assertThat(
            ProtoMessage.Fields.read(
                    get("/api/v2/traces/ff?" + range, "accept", "application/protobuf").body())
                .all(1))
        .containsExactly(ByteString.EMPTY);
    assertThat(json("/api/v2/search/tags?limit=5000&scope=resource&q=" + q("{}")).at("/scopes"))
        .hasSize(1);
    assertThat(json("/api/v2/search/tags?limit=2&" + range).at("/scopes/0/tags")).hasSize(2);
    // Names of tags come escaped twice.
    String tag = q(q(".\"vulture-0\""));
    assertThat(
            json("/api/v2/search/tag/" + tag + "/values?limit=3&q=" + q("{}") + "&" + range)
                .at("/tagValues"))
        .hasSize(3);
    assertThat(get("/api/v2/search/tag/%25zz/values").statusCode()).isEqualTo(400);
    JsonNode search =
        json("/api/search?" + range + "&limit=20&spss=3&q=" + q("{ name =~ \"vulture-.*\" }"));
    assertThat(search.at("/traces")).hasSize(2);
    assertThat(search.at("/traces/0/spanSets/0/spans")).hasSize(3);
    JsonNode rate =
        json(
            "/api/metrics/query_range?"
                + range
                + "&step=15s&exemplars=100&q="
                + q("{} | rate() by (resource.service.name)"));
    assertThat(rate.at("/series/0/labels/0/key").asText()).isEqualTo("resource.service.name");
    List<String> exemplars = new ArrayList<>();
    for (JsonNode exemplar : rate.at("/series/0/exemplars")) {
      for (JsonNode label : exemplar.path("labels")) {
        if (label.path("key").asText().equals("trace:id")) {
          exemplars.add(label.at("/value/stringValue").asText());
        }
      }
    }
    assertThat(exemplars).contains(vulture.hexId(), fresh.hexId());
  }
}
