package dev.prguard.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.Retention;
import dev.prguard.trace.otlp.TracesJson;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spans of other programs come out as they went in, with what no query asks for.
class ForeignSpansTest {
  private static final String ID = "0102030405060708090a0b0c0d0e0f10";

  @TempDir Path folder;

  private static ByteString bytes(int from, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (from + i);
    }
    return ByteString.copyFrom(bytes);
  }

  private static KeyValue text(String key) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue("of " + key))
        .build();
  }

  private static TracesData foreign() {
    long now = Instant.now().getEpochSecond() * 1_000_000_000L;
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setSchemaUrl("https://opentelemetry.io/schemas/1.30.0")
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(text("service.name"))
                        .setDroppedAttributesCount(1))
                .addScopeSpans(
                    ScopeSpans.newBuilder()
                        .setSchemaUrl("https://opentelemetry.io/schemas/1.29.0")
                        .setScope(
                            InstrumentationScope.newBuilder()
                                .setName("http")
                                .setVersion("2")
                                .addAttributes(text("scope"))
                                .setDroppedAttributesCount(2))
                        .addSpans(
                            Span.newBuilder()
                                .setTraceId(bytes(1, 16))
                                .setSpanId(bytes(1, 8))
                                .setTraceState("congo=t61rcWkgMzE,rojo=00f067aa0ba902b7")
                                .setName("GET /")
                                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                                .setStartTimeUnixNano(now)
                                .setEndTimeUnixNano(now + 5_000_000)
                                .setStatus(Status.getDefaultInstance())
                                .addAttributes(text("http.route"))
                                .setDroppedAttributesCount(3)
                                .addEvents(
                                    Span.Event.newBuilder()
                                        .setTimeUnixNano(now + 1)
                                        .setName("retry")
                                        .addAttributes(text("why"))
                                        .setDroppedAttributesCount(4))
                                .setDroppedEventsCount(5)
                                .addLinks(
                                    Span.Link.newBuilder()
                                        .setTraceId(bytes(7, 16))
                                        .setSpanId(bytes(7, 8))
                                        .setTraceState("congo=x")
                                        .addAttributes(text("batch"))
                                        .setDroppedAttributesCount(6))
                                .setDroppedLinksCount(7))))
        .build();
  }

  private static String json(TracesData data, String field, TracesJson.Dialect dialect)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = TracesJson.FACTORY.createGenerator(out)) {
      TracesJson.write(data, field, dialect, json);
    }
    return out.toString(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static TracesData read(RunningServer server) throws Exception {
    HttpResponse<byte[]> answer =
        server.client.send(
            HttpRequest.newBuilder(server.uri("/api/traces/" + ID))
                .header("accept", "application/protobuf")
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    return TracesData.parseFrom(answer.body());
  }

  @Test
  void protobufIn_comesOutWhole_inProtobufAndJson() throws Exception {
    TracesData foreign = foreign();
    try (RunningServer server = RunningServer.start(folder)) {
      server.post("/v1/traces", foreign.toByteArray(), "content-type", "application/x-protobuf");
      assertThat(read(server)).isEqualTo(foreign);
      assertThat(server.get("/api/traces/" + ID).body())
          .isEqualTo(json(foreign, "batches", TracesJson.Dialect.PROTO3))
          .contains("\"traceState\":\"congo=t61rcWkgMzE", "\"droppedLinksCount\":7");
    }
  }

  @Test
  void jsonIn_comesOutWhole() throws Exception {
    TracesData foreign = foreign();
    try (RunningServer server = RunningServer.start(folder)) {
      server.postJson(json(foreign, "resourceSpans", TracesJson.Dialect.OTLP));
      assertThat(read(server)).isEqualTo(foreign);
    }
  }

  @Test
  void aBlock_hasThemWholeToo() throws Exception {
    TracesData foreign = foreign();
    try (RunningServer server = RunningServer.start(folder)) {
      server.post("/v1/traces", foreign.toByteArray(), "content-type", "application/x-protobuf");
    }
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      store.compact(Retention.everything(log -> false));
    }
    try (RunningServer server = RunningServer.start(folder)) {
      assertThat(read(server)).isEqualTo(foreign);
    }
  }
}
