package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tempo's streaming search, asked as Grafana's data source and tempo-cli ask it, by gRPC's own
/// client: the answers are those of the HTTP API.
class TempoStreamingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<SpanRecord> REVIEW = Reviews.one(7);
  private static final String TOKEN = "correct horse battery staple";

  @TempDir static Path folder;
  private static RunningServer server;
  private static ManagedChannel channel;

  /// Seconds.
  private static long end;

  private static long start;

  @BeforeAll
  static void start() throws Exception {
    server = RunningServer.start(folder);
    channel = channel(server);
    end = Instant.now().getEpochSecond() + 60;
    start = end - 3600;
    for (int number = 1; number <= 8; number++) {
      server.post(
          "/v1/traces",
          OtlpSpans.encode(number == 7 ? REVIEW : Reviews.one(number)),
          "content-type",
          "application/x-protobuf");
    }
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    server.close();
  }

  private static ManagedChannel channel(RunningServer server) {
    return OkHttpChannelBuilder.forAddress("127.0.0.1", server.server.port())
        .usePlaintext()
        .build();
  }

  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private static List<byte[]> call(Channel to, String method, byte[] request) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName("tempopb.StreamingQuerier/" + method)
            .setRequestMarshaller(BYTES)
            .setResponseMarshaller(BYTES)
            .build();
    Iterator<byte[]> messages =
        ClientCalls.blockingServerStreamingCall(to, descriptor, CallOptions.DEFAULT, request);
    List<byte[]> all = new ArrayList<>();
    messages.forEachRemaining(all::add);
    return all;
  }

  /// The messages of a stream, one behind the other: a client adds them up.
  private static JsonNode asked(String method, String request, Map<String, Object> fields)
      throws Exception {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    List<byte[]> messages = call(channel, method, TempoProto.write(request, fields));
    assertThat(messages).isNotEmpty();
    messages.forEach(whole::writeBytes);
    return TempoProto.read(response(method), whole.toByteArray());
  }

  private static String response(String method) {
    return switch (method) {
      case "MetricsQueryRange" -> "QueryRangeResponse";
      case "MetricsQueryInstant" -> "QueryInstantResponse";
      default -> method + "Response";
    };
  }

  private static String q(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// What HTTP answers: its JSON, and its protobuf as JSON.
  private static void assertAnswersOfHttp(JsonNode grpc, String method, String path)
      throws Exception {
    HttpResponse<String> http = server.get(path);
    assertThat(http.statusCode()).as(http.body()).isEqualTo(200);
    HttpResponse<byte[]> protobuf =
        server.client.send(
            HttpRequest.newBuilder(server.uri(path))
                .header("accept", "application/protobuf")
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    JsonNode expected = plain(JSON.readTree(http.body()));
    assertThat(plain(grpc)).as(path).isEqualTo(expected);
    assertThat(plain(TempoProto.read(response(method), protobuf.body()))).isEqualTo(expected);
  }

  /// Whole doubles look like integers in JSON, and nothing may be an empty list.
  private static JsonNode plain(JsonNode json) throws IOException {
    if (json instanceof ObjectNode object) {
      List<String> empty = new ArrayList<>();
      object
          .properties()
          .forEach(field -> {
            if (field.getValue().isArray() && field.getValue().isEmpty()) {
              empty.add(field.getKey());
            }
          });
      object.remove(empty);
    }
    for (JsonNode child : json) {
      plain(child);
    }
    return JSON.readTree(json.toString().replaceAll("(?<=[0-9])\\.0(?=[,}\\]])", ""));
  }

  @Test
  void search_answersAsOverHttp() throws Exception {
    for (String query :
        List.of(
            "{ span.pr.number = 7 }",
            "{ span.cost.usd > 0.0 } | select(span.cost.usd, span.latency.ms, status)",
            "{ span.operation.type != nil } | by(span.operation.type) | count() > 0",
            "{ name = \"nowhere\" }")) {
      JsonNode answer =
          asked(
              "Search",
              "SearchRequest",
              Map.of(
                  "Query", query, "start", start, "end", end, "Limit", 5L, "SpansPerSpanSet", 2L));
      assertAnswersOfHttp(
          answer,
          "Search",
          "/api/search?q=" + q(query) + "&start=" + start + "&end=" + end + "&limit=5&spss=2");
    }
    JsonNode byTags =
        asked(
            "Search",
            "SearchRequest",
            Map.of(
                "Tags",
                Map.of("operation.type", "nitpicker"),
                "MinDurationMs",
                1L,
                "start",
                start,
                "end",
                end));
    assertThat(byTags.at("/traces")).hasSize(8);
    // What Grafana asks to see whether streaming works: no times.
    assertThat(asked("Search", "SearchRequest", Map.of("Query", "{}", "Limit", 1L)).at("/traces"))
        .hasSize(1);
  }

  @Test
  void tags_answerAsOverHttp() throws Exception {
    String filter = "{ span.pr.number = 7 }";
    assertAnswersOfHttp(
        asked("SearchTagsV2", "SearchTagsRequest", Map.of("scope", "span", "query", filter)),
        "SearchTagsV2",
        "/api/v2/search/tags?scope=span&q=" + q(filter));
    assertAnswersOfHttp(
        asked("SearchTagsV2", "SearchTagsRequest", Map.of("maxTagsPerScope", 3L)),
        "SearchTagsV2",
        "/api/v2/search/tags?limit=3");
    assertAnswersOfHttp(
        asked("SearchTags", "SearchTagsRequest", Map.of("start", start, "end", end)),
        "SearchTags",
        "/api/search/tags?start=" + start + "&end=" + end);
    assertAnswersOfHttp(
        asked(
            "SearchTagValuesV2",
            "SearchTagValuesRequest",
            Map.of("tagName", "span.operation.type", "query", filter, "maxTagValues", 2L)),
        "SearchTagValuesV2",
        "/api/v2/search/tag/span.operation.type/values?limit=2&q=" + q(filter));
    assertAnswersOfHttp(
        asked("SearchTagValues", "SearchTagValuesRequest", Map.of("tagName", "pr.number")),
        "SearchTagValues",
        "/api/search/tag/pr.number/values");
  }

  @Test
  void metrics_answerAsOverHttp() throws Exception {
    String query =
        "{ span.cost.usd != nil } | sum_over_time(span.cost.usd) by (span.operation.type)";
    long nanos = 1_000_000_000L;
    assertAnswersOfHttp(
        asked(
            "MetricsQueryRange",
            "QueryRangeRequest",
            Map.of(
                "query",
                query,
                "start",
                start * nanos,
                "end",
                end * nanos,
                "step",
                60 * nanos,
                "exemplars",
                4L)),
        "MetricsQueryRange",
        "/api/metrics/query_range?step=1m&exemplars=4&q="
            + q(query)
            + "&start="
            + start
            + "&end="
            + end);
    assertAnswersOfHttp(
        asked(
            "MetricsQueryInstant",
            "QueryInstantRequest",
            Map.of("query", query, "start", start * nanos, "end", end * nanos)),
        "MetricsQueryInstant",
        "/api/metrics/query?q=" + q(query) + "&start=" + start + "&end=" + end);
  }

  @Test
  void whatIsWrong_isAStatusWithTemposText() {
    byte[] query = TempoProto.write("SearchRequest", Map.of("Query", "{ span.a >> }"));
    assertThatThrownBy(() -> call(channel, "Search", query))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(e.getStatus().getDescription()).contains("parse error at line 1");
            });
    assertThatThrownBy(() -> call(channel, "Search", new byte[] {(byte) 0xff}))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    assertThatThrownBy(() -> call(channel, "Forget", new byte[0]))
        .isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void aToken_isAskedOfStreamsToo(@TempDir Path other) throws Exception {
    byte[] all = TempoProto.write("SearchRequest", Map.of("Query", "{}"));
    try (RunningServer guarded = RunningServer.start(other, TOKEN)) {
      ManagedChannel to = channel(guarded);
      try {
        assertThatThrownBy(() -> call(to, "Search", all))
            .isInstanceOfSatisfying(
                StatusRuntimeException.class,
                e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
        Metadata headers = new Metadata();
        headers.put(
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + TOKEN);
        headers.put(Metadata.Key.of("x-scope-orgid", Metadata.ASCII_STRING_MARSHALLER), "single");
        assertThat(
                call(
                    ClientInterceptors.intercept(
                        to, MetadataUtils.newAttachHeadersInterceptor(headers)),
                    "Search",
                    all))
            .hasSize(1);
      } finally {
        to.shutdownNow();
      }
    }
  }
}
