package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.prguard.insight.prometheus.SpanMetrics;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.TempoClient;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OTLP as exporters and collectors send it.
class OtlpReceiverTest {
  private static final String PROTOBUF = "application/x-protobuf";

  @TempDir Path folder;
  private RunningServer server;

  @BeforeEach
  void start() throws Exception {
    server = RunningServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static List<SpanRecord> review() {
    return Reviews.one(1);
  }

  private List<String> storedSpanIds(List<SpanRecord> of) {
    try (TempoClient queries = server.queries()) {
      return ids(queries.trace(of.getFirst().traceId()));
    }
  }

  private static List<String> ids(List<SpanRecord> spans) {
    return spans.stream().map(SpanRecord::spanId).sorted().toList();
  }

  @Test
  void protobuf_packed_isStoredWhenAcknowledged() throws Exception {
    HttpResponse<byte[]> answer =
        server.post(
            "/v1/traces",
            RunningServer.gzip(OtlpSpans.encode(review())),
            "content-type",
            PROTOBUF,
            "content-encoding",
            "gzip");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue(PROTOBUF);
    assertThat(ExportTraceServiceResponse.parseFrom(answer.body()).hasPartialSuccess()).isFalse();
    assertThat(storedSpanIds(review())).isEqualTo(ids(review()));
  }

  @Test
  void spansWithoutValidIds_areRejectedAlone() throws Exception {
    ExportTraceServiceRequest request =
        ExportTraceServiceRequest.parseFrom(OtlpSpans.encode(review())).toBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder()
                            .addSpans(
                                Span.newBuilder().setTraceId(ByteString.copyFrom(new byte[3])))))
            .build();
    HttpResponse<byte[]> answer =
        server.post("/v1/traces", request.toByteArray(), "content-type", PROTOBUF);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(
            ExportTraceServiceResponse.parseFrom(answer.body())
                .getPartialSuccess()
                .getRejectedSpans())
        .isEqualTo(1);
    assertThat(storedSpanIds(review())).isEqualTo(ids(review()));
  }

  @Test
  void brokenBodies_areRefusedWithoutAStackTrace() throws Exception {
    byte[] noise = "no spans".getBytes(StandardCharsets.UTF_8);
    HttpResponse<byte[]> protobuf = server.post("/v1/traces", noise, "content-type", PROTOBUF);
    HttpResponse<byte[]> packed =
        server.post("/v1/traces", noise, "content-type", PROTOBUF, "content-encoding", "gzip");
    HttpResponse<byte[]> json = server.postJson("{\"resourceSpans\":[{");
    HttpResponse<byte[]> text = server.post("/v1/traces", noise, "content-type", "text/plain");
    assertThat(List.of(protobuf.statusCode(), packed.statusCode(), json.statusCode()))
        .containsOnly(400);
    assertThat(text.statusCode()).isEqualTo(415);
    for (HttpResponse<byte[]> answer : List.of(protobuf, packed, json, text)) {
      assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("\tat ");
    }
  }

  @Test
  void gzipBomb_isRefused() throws Exception {
    HttpResponse<byte[]> answer =
        server.post(
            "/v1/traces",
            RunningServer.gzip(new byte[OtlpReceiver.MAX_BODY_BYTES + 1]),
            "content-type",
            PROTOBUF,
            "content-encoding",
            "gzip");
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void grpc_plainAndPacked_isStored() throws Exception {
    ManagedChannel channel =
        OkHttpChannelBuilder.forAddress("127.0.0.1", server.server.otlpGrpcPort())
            .usePlaintext()
            .build();
    try {
      TraceServiceGrpc.TraceServiceBlockingStub stub = TraceServiceGrpc.newBlockingStub(channel);
      for (int review = 1; review <= 2; review++) {
        List<SpanRecord> spans = Reviews.one(review);
        ExportTraceServiceRequest request =
            ExportTraceServiceRequest.parseFrom(OtlpSpans.encode(spans));
        var answer = (review == 1 ? stub : stub.withCompression("gzip")).export(request);
        assertThat(answer.hasPartialSuccess()).isFalse();
        assertThat(storedSpanIds(spans)).isEqualTo(ids(spans));
      }
    } finally {
      channel.shutdownNow();
    }
  }

  /// OTLP: without the hint a client must not send again.
  @Test
  void tooMuchAtOnce_isPutOffWithAHint(@TempDir Path other) throws Exception {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(other);
        SpanIntake intake = new SpanIntake(store, new SpanMetrics(), 1_000)) {
      assertThat(intake.reserve(900)).isTrue();
      assertThat(intake.reserve(200)).isFalse();
      intake.release(900);
      assertThat(intake.reserve(2_000)).as("one is always let in").isTrue();
      assertThat(intake.refusedRequests()).isEqualTo(1);
    }
    long room = Runtime.getRuntime().maxMemory() / 16;
    var full = new FullIntake(server.server, room);
    try {
      HttpResponse<byte[]> answer =
          server.post("/v1/traces", OtlpSpans.encode(review()), "content-type", PROTOBUF);
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
      ManagedChannel channel =
          OkHttpChannelBuilder.forAddress("127.0.0.1", server.server.otlpGrpcPort())
              .usePlaintext()
              .build();
      assertThatThrownBy(() ->
              TraceServiceGrpc.newBlockingStub(channel)
                  .export(ExportTraceServiceRequest.parseFrom(OtlpSpans.encode(review()))))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getMessage()).contains("come again");
                assertThat(e.getStatus().getCode())
                    .isEqualTo(io.grpc.Status.Code.RESOURCE_EXHAUSTED);
                assertThat(
                        Objects.requireNonNull(StatusProto.fromThrowable(e))
                            .getDetails(0)
                            .getTypeUrl())
                    .endsWith("google.rpc.RetryInfo");
              });
      channel.shutdownNow();
    } finally {
      full.release();
    }
    assertThat(
            server
                .post("/v1/traces", OtlpSpans.encode(review()), "content-type", PROTOBUF)
                .statusCode())
        .isEqualTo(200);
  }

  /// Takes all the room there is.
  private record FullIntake(GuardServer server, long room) {
    FullIntake {
      if (!server.intake().reserve(room)) {
        throw new AssertionError("no room");
      }
    }

    void release() {
      server.intake().release(room);
    }
  }
}
