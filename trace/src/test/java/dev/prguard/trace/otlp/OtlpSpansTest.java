package dev.prguard.trace.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.Attributes;
import dev.prguard.trace.SpanRecord;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OtlpSpansTest {
  private static final ByteString TRACE_ID = ByteString.fromHex("0102030405060708090a0b0c0d0e0f10");
  private static final ByteString SPAN_ID = ByteString.fromHex("a1a2a3a4a5a6a7a8");

  private static Span.Builder span() {
    return Span.newBuilder().setTraceId(TRACE_ID).setSpanId(SPAN_ID).setName("foreign");
  }

  private static OtlpSpans.Decoded decode(Span... spans) {
    return OtlpSpans.fromTracesData(
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
            .build());
  }

  private static @Nullable AttributeValue decode(AnyValue.Builder value) {
    Span span = span().addAttributes(KeyValue.newBuilder().setKey("key").setValue(value)).build();
    return decode(span).spans().getFirst().attributes().get("key");
  }

  private static KeyValue pair(String key, String text) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(text))
        .build();
  }

  @Test
  void spansToKeep_areEqual_andShareWhatTheyHaveInCommon() throws Exception {
    byte[] bytes =
        OtlpSpans.encode(
            decode(
                    span().addAttributes(pair("a", "one")).addAttributes(pair("b", "two")).build(),
                    span().addAttributes(pair("a", "one")).addAttributes(pair("b", "x")).build())
                .spans());

    List<SpanRecord> kept = OtlpSpans.decodeToKeep(bytes).spans();
    List<SpanRecord> again = OtlpSpans.decodeToKeep(bytes.clone()).spans();

    assertThat(kept).isEqualTo(OtlpSpans.decode(bytes).spans()).isEqualTo(again);
    assertThat(kept.getFirst().traceId()).isSameAs(kept.getLast().traceId());
    assertThat(kept.getFirst().name()).isSameAs(again.getFirst().name());
    assertThat(kept.getFirst().attributes().get("a"))
        .isSameAs(kept.getLast().attributes().get("a"));
    assertThat(Attributes.keys(kept.getFirst().attributes()))
        .isSameAs(Attributes.keys(again.getLast().attributes()));
  }

  @Test
  void repeatedKey_theLastOneHolds() {
    Span span =
        span()
            .addAttributes(pair("a", "one"))
            .addAttributes(pair("b", "two"))
            .addAttributes(pair("a", "three"))
            .build();

    assertThat(decode(span).spans().getFirst().attributes())
        .isEqualTo(Map.of("a", AttributeValue.of("three"), "b", AttributeValue.of("two")));
  }

  @Test
  void encode_spansOfTwoResources_groupsThem() throws Exception {
    SpanRecord foreign = decode(span().build()).spans().getFirst();
    SpanRecord elsewhere =
        new SpanRecord(
            foreign.traceId(),
            "b1b2b3b4b5b6b7b8",
            foreign.spanId(),
            "other",
            SpanRecord.Kind.CLIENT,
            Long.MIN_VALUE,
            -1,
            SpanRecord.Status.ERROR,
            "broken",
            Map.of("a", AttributeValue.of(1L)),
            List.of(),
            List.of(),
            Map.of("service.name", AttributeValue.of("elsewhere")),
            new SpanRecord.Scope("scope", "1", Map.of()));

    byte[] bytes = OtlpSpans.encode(List.of(foreign, elsewhere, foreign));

    assertThat(TracesData.parseFrom(bytes).getResourceSpansCount()).isEqualTo(2);
    assertThat(OtlpSpans.decode(bytes))
        .isEqualTo(new OtlpSpans.Decoded(List.of(foreign, foreign, elsewhere), 0));
  }

  @Test
  void decode_invalidIds_areRejectedAndCounted() {
    ByteString zeros = ByteString.copyFrom(new byte[16]);
    OtlpSpans.Decoded decoded =
        decode(
            span().setTraceId(zeros).build(),
            span().setTraceId(SPAN_ID).build(),
            span().setSpanId(ByteString.EMPTY).build(),
            span().setSpanId(zeros.substring(0, 8)).build(),
            span().setParentSpanId(SPAN_ID.substring(1)).build(),
            span().setParentSpanId(zeros.substring(0, 8)).build());

    assertThat(decoded.rejected()).isEqualTo(5);
    assertThat(decoded.spans()).hasSize(1);
    assertThat(decoded.spans().getFirst().parentSpanId()).isNull();
  }

  @Test
  void decode_unknownFieldsAndNumbers_areTolerated() throws Exception {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(
                4000,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("later"))
                    .build())
            .build();
    Span span =
        span()
            .setKindValue(77)
            .setStatus(
                io.opentelemetry.proto.trace.v1.Status.newBuilder()
                    .setCodeValue(55)
                    .setMessage("later"))
            .setUnknownFields(later)
            .build();

    SpanRecord decoded = decode(Span.parseFrom(span.toByteArray())).spans().getFirst();

    assertThat(decoded.kind()).isEqualTo(SpanRecord.Kind.UNSPECIFIED);
    assertThat(decoded.status()).isEqualTo(SpanRecord.Status.UNSET);
    assertThat(decoded.statusMessage()).isEqualTo("later");
  }

  @Test
  void decode_valueWithoutType_isAbsent() {
    assertThat(decode(AnyValue.newBuilder())).isNull();
  }

  @Test
  void decode_bytesAndKeyValueLists_areKeptAsTheyCame() throws InvalidProtocolBufferException {
    KeyValueList list =
        KeyValueList.newBuilder()
            .addValues(
                KeyValue.newBuilder()
                    .setKey("a\"b")
                    .setValue(AnyValue.newBuilder().setStringValue("line\n\\")))
            .build();
    for (AnyValue value :
        List.of(
            AnyValue.newBuilder().setBytesValue(ByteString.fromHex("fffe")).build(),
            AnyValue.newBuilder().setKvlistValue(list).build())) {
      AttributeValue decoded = decode(value.toBuilder());
      assertThat(decoded)
          .isEqualTo(
              new AttributeValue.OpaqueValue(
                  Base64.getEncoder().encodeToString(value.toByteArray())));
      OtlpSpans.Decoded once =
          decode(span().addAttributes(KeyValue.newBuilder().setKey("key").setValue(value)).build());
      assertThat(OtlpSpans.decode(OtlpSpans.encode(once.spans()))).isEqualTo(once);
    }
  }

  @Test
  void decode_bytesThatAreNoOtlp_throws() {
    assertThatThrownBy(() -> OtlpSpans.decode(new byte[] {(byte) 0xff, 1, 2, 3}))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void decode_deeplyNestedValue_throwsInsteadOfOverflowing() {
    AnyValue value = AnyValue.newBuilder().setIntValue(1).build();
    for (int i = 0; i < 500; i++) {
      value = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
    }
    TracesData data =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder()
                            .addSpans(
                                span()
                                    .addAttributes(
                                        KeyValue.newBuilder().setKey("deep").setValue(value)))))
            .build();

    byte[] bytes = data.toByteArray();
    assertThatThrownBy(() -> OtlpSpans.decode(bytes))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }
}
