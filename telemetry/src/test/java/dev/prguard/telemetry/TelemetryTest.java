package dev.prguard.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.telemetry.FlushResult.Earlier;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private final DurableTestStore store = new DurableTestStore();

  private Telemetry start(Map<String, String> env) {
    return Telemetry.start(TelemetryConfig.from(env, "1.2.3"), store, null);
  }

  @Test
  void end_spanOfEveryAttributeType_isStoredAsItWas() {
    Telemetry telemetry = start(Map.of("OTEL_RESOURCE_ATTRIBUTES", "team=red"));
    Span parent = telemetry.tracer().spanBuilder("parent").startSpan();
    Span span =
        telemetry
            .tracer()
            .spanBuilder("chat model")
            .setParent(Context.root().with(parent))
            .setSpanKind(SpanKind.CLIENT)
            .setStartTimestamp(1_000, TimeUnit.NANOSECONDS)
            .addLink(parent.getSpanContext(), Attributes.of(AttributeKey.longKey("n"), 1L))
            .startSpan();
    span.setAttribute("text", "ü");
    span.setAttribute("long", Long.MAX_VALUE);
    span.setAttribute("double", 0.0006663);
    span.setAttribute("truth", true);
    span.setAttribute(AttributeKey.stringArrayKey("texts"), List.of("stop", "length"));
    span.setAttribute(AttributeKey.longArrayKey("longs"), List.of(1L));
    span.setAttribute(AttributeKey.doubleArrayKey("doubles"), List.of(1.0));
    span.setAttribute(AttributeKey.booleanArrayKey("truths"), List.of(false));
    span.addEvent(
        "retry", Attributes.of(AttributeKey.stringKey("why"), "429"), 1_500, TimeUnit.NANOSECONDS);
    span.setStatus(StatusCode.ERROR, "timed out");
    span.end(2_000, TimeUnit.NANOSECONDS);

    assertThat(store.spans())
        .containsExactly(
            new SpanRecord(
                span.getSpanContext().getTraceId(),
                span.getSpanContext().getSpanId(),
                parent.getSpanContext().getSpanId(),
                "chat model",
                SpanRecord.Kind.CLIENT,
                1_000,
                2_000,
                SpanRecord.Status.ERROR,
                "timed out",
                Map.of(
                    "text", AttributeValue.of("ü"),
                    "long", AttributeValue.of(Long.MAX_VALUE),
                    "double", AttributeValue.of(0.0006663),
                    "truth", AttributeValue.of(true),
                    "texts",
                        AttributeValue.of(
                            List.of(AttributeValue.of("stop"), AttributeValue.of("length"))),
                    "longs", AttributeValue.of(List.of(AttributeValue.of(1L))),
                    "doubles", AttributeValue.of(List.of(AttributeValue.of(1.0))),
                    "truths", AttributeValue.of(List.of(AttributeValue.of(false)))),
                List.of(
                    new SpanRecord.Event(1_500, "retry", Map.of("why", AttributeValue.of("429")))),
                List.of(
                    new SpanRecord.Link(
                        parent.getSpanContext().getTraceId(),
                        parent.getSpanContext().getSpanId(),
                        Map.of("n", AttributeValue.of(1L)))),
                Map.of(
                    "service.name", AttributeValue.of("secure-pr-guard"),
                    "service.version", AttributeValue.of("1.2.3"),
                    "service.namespace", AttributeValue.of("pr-automation"),
                    "deployment.environment", AttributeValue.of("local"),
                    "team", AttributeValue.of("red")),
                new SpanRecord.Scope("dev.prguard", "", Map.of())));
  }

  @Test
  void end_moreThanTheSdksLimits_nothingIsCut() {
    Span span = start(Map.of()).tracer().spanBuilder("large").startSpan();
    for (int i = 0; i < 1_000; i++) {
      span.setAttribute("key." + i, (long) i);
      span.addEvent("event " + i);
    }
    span.setAttribute("long", "x".repeat(1_000_000));
    span.end();

    SpanRecord stored = store.spans().getFirst();
    assertThat(stored.attributes()).hasSize(1_001);
    assertThat(stored.attributes().get("long")).isEqualTo(AttributeValue.of("x".repeat(1_000_000)));
    assertThat(stored.events()).hasSize(1_000);
  }

  @Test
  void end_moneyOrOperation_isForcedToDiskOthersAreNot() {
    Telemetry telemetry = start(Map.of());
    Span root = telemetry.tracer().spanBuilder("root").startSpan();
    Context inRoot = Context.root().with(root);
    var tracer = telemetry.tracer();
    tracer.spanBuilder("rules.scan").setParent(inRoot).startSpan().end();
    tracer
        .spanBuilder("chat")
        .setParent(inRoot)
        .setAttribute("gen_ai.operation.name", "chat")
        .startSpan()
        .end();
    tracer
        .spanBuilder("nitpicker")
        .setParent(inRoot)
        .setAttribute("operation.type", "nitpicker")
        .startSpan()
        .end();
    root.end();

    assertThat(store.calls())
        .containsExactly(
            "append rules.scan",
            "append chat",
            "force",
            "append nitpicker",
            "force",
            "append root",
            "force");
  }

  @Test
  void end_storeFails_reviewGoesOnAndTheLossIsTold() {
    Telemetry telemetry = start(Map.of());
    telemetry.tracer().spanBuilder("one").startSpan().end();
    store.failWith("disk\nfull");
    telemetry.tracer().spanBuilder("two").startSpan().end();

    FlushResult result = telemetry.close(Duration.ZERO);

    assertThat(result.line())
        .isEqualTo("telemetry: recorded 1, no OTLP endpoint set, lost 1 (disk full)");
    assertThat(result.complete()).isFalse();
  }

  @Test
  void close_storeInMemory_doesNotClaimARecord() {
    Telemetry telemetry =
        Telemetry.start(TelemetryConfig.from(Map.of(), "1"), new InMemorySpanStore(), null);
    telemetry.tracer().spanBuilder("one").startSpan().end();

    assertThat(telemetry.close(Duration.ZERO).line())
        .isEqualTo("telemetry: recorded 0, no OTLP endpoint set, lost 1 (kept in memory only)");
  }

  @Test
  void close_again_returnsTheFirstAnswerAndLateSpansAreStillStored() {
    Telemetry telemetry = start(Map.of());
    Span late = telemetry.tracer().spanBuilder("late").startSpan();
    FlushResult first = telemetry.close(Duration.ofSeconds(1));
    late.end();

    assertThat(telemetry.close(Duration.ofSeconds(1))).isSameAs(first);
    assertThat(store.spans()).extracting(SpanRecord::name).containsExactly("late");
    assertThatThrownBy(() -> telemetry.close(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void start_disabled_makesNoSpans() {
    Telemetry telemetry = start(Map.of("OTEL_SDK_DISABLED", "true"));
    Span span = telemetry.tracer().spanBuilder("none").startSpan();
    span.end();

    assertThat(span.getSpanContext().isValid()).isFalse();
    assertThat(store.calls()).isEmpty();
    assertThat(telemetry.close(Duration.ofSeconds(1)))
        .isEqualTo(new FlushResult(0, 0, 0, 0, 0, Earlier.NONE, null, null, null));
  }

  @Test
  void close_afterInstallingTheHook_leavesNoHookBehind() {
    Telemetry telemetry = start(Map.of());
    List<FlushResult> reports = new ArrayList<>();
    telemetry.installShutdownHook(Duration.ofSeconds(1), reports::add);
    telemetry.close(Duration.ofSeconds(1));

    assertThat(telemetry.hasShutdownHook()).isFalse();
    assertThat(reports).isEmpty();
  }

  @Test
  void spans_ofAConfigWithSecrets_holdNoSecret() {
    Telemetry telemetry =
        start(
            Map.of(
                "OTLP_ENDPOINT", "http://127.0.0.1:9",
                "OTLP_USERNAME", "canary-user",
                "OTLP_API_KEY", "canary-key"));
    telemetry.tracer().spanBuilder("one").startSpan().end();
    FlushResult result = telemetry.close(Duration.ofSeconds(1));

    assertThat(store.spans().toString()).doesNotContain("canary");
    assertThat(result.line()).doesNotContain("canary");
  }
}
