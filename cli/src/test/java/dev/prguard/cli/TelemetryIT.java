package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pr-guard telemetry`, and what a review says of its delivery.
final class TelemetryIT {
  @TempDir Path folder;
  private GuardProcess guard;
  private Path diff;

  @BeforeEach
  void newHome() throws IOException {
    guard = new GuardProcess(folder.resolve("home")).in(folder);
    diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);
  }

  /// A Tempo: OTLP in, traces by id out, some requests after they came in.
  private static TestHttpServer tempo(UnaryOperator<SpanRecord> change) {
    InMemorySpanStore spans = new InMemorySpanStore();
    AtomicInteger asked = new AtomicInteger();
    return TestHttpServer.start(request -> {
      if (request.method().equals("POST")) {
        return take(request, spans, change);
      }
      String id = request.target().substring(request.target().lastIndexOf('/') + 1);
      // The first time it has nothing yet, which Tempo 3 says with an empty trace.
      List<SpanRecord> found = asked.getAndIncrement() == 0 ? List.of() : spans.trace(id);
      return Answer.bytes(200, "application/protobuf", traceById(found));
    });
  }

  private static Answer take(
      Request request, InMemorySpanStore spans, UnaryOperator<SpanRecord> change) {
    try {
      spans.append(OtlpSpans.decode(request.body()).spans().stream().map(change).toList());
      return Answer.bytes(200, "application/x-protobuf", new byte[0]);
    } catch (InvalidProtocolBufferException e) {
      return Answer.bytes(400, "text/plain", new byte[0]);
    }
  }

  private static byte[] traceById(List<SpanRecord> spans) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeByteArray(1, OtlpSpans.encode(spans));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static SpanRecord with(SpanRecord span, Map<String, AttributeValue> attributes) {
    return new SpanRecord(
        span.traceId(),
        span.spanId(),
        span.parentSpanId(),
        span.name(),
        span.kind(),
        span.startNanos(),
        span.endNanos(),
        span.status(),
        span.statusMessage(),
        attributes,
        span.events(),
        span.links(),
        span.resource(),
        span.scope());
  }

  @Test
  void verify_readsTheTestTraceBackFromStoreAndTempo() {
    try (TestHttpServer tempo = tempo(span -> span)) {
      Result result =
          guard
              .env("OTEL_EXPORTER_OTLP_ENDPOINT", tempo.uri().toString())
              .run("telemetry", "verify", "--tempo", tempo.uri().toString());

      assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
      assertThat(result.out())
          .contains("recorded 3, delivered 3 to " + tempo.uri().getAuthority())
          .contains("local store " + folder.resolve("home/data") + ": 48 of 48 attributes")
          .contains("Tempo " + tempo.uri().getAuthority() + ": 48 of 48 attributes")
          .contains("ok      nitpicker.analyze   cost.usd                 0.0006663 (double)");
    }
    assertThat(guard.run("telemetry", "status").out()).contains("owed       0 spans of 0 runs");
  }

  @Test
  void verify_namesTheAttributeThatCameBackOtherwise() {
    // What a careless pipeline does: an int where a double was, and one attribute dropped.
    UnaryOperator<SpanRecord> careless =
        span -> {
          Map<String, AttributeValue> attributes = new LinkedHashMap<>(span.attributes());
          attributes.remove("cost.model");
          attributes.computeIfPresent(
              "latency.ms", (key, value) -> new DoubleValue((double) ((LongValue) value).value()));
          return with(span, attributes);
        };
    try (TestHttpServer tempo = tempo(careless)) {
      Result result =
          guard
              .env("OTEL_EXPORTER_OTLP_ENDPOINT", tempo.uri().toString())
              .env("TEMPO_URL", tempo.uri().toString())
              .run("telemetry", "verify");

      assertThat(result.exitCode()).isEqualTo(3);
      assertThat(result.out())
          .contains("Tempo " + tempo.uri().getAuthority() + ": 43 of 48 attributes")
          .contains("latency.ms               2100 (int) came back as 2100.0 (double)")
          .contains("cost.model               \"gpt-4o-mini\" came back as nothing");
    }
  }

  @Test
  void verify_saysWhatItCouldNotDo() {
    Result alone = guard.run("telemetry", "verify");
    assertThat(alone.exitCode()).as(alone.out() + alone.err()).isZero();
    assertThat(alone.out()).contains("no OTLP endpoint set", "48 of 48 attributes");

    Result nowhere = guard.run("telemetry", "verify", "--tempo", "http://127.0.0.1:9");
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.err()).contains("no receiver to send to");

    try (TestHttpServer refusing =
        TestHttpServer.start(_ -> Answer.bytes(401, "text/plain", new byte[0]))) {
      Result refused =
          guard
              .env("OTLP_ENDPOINT", refusing.uri().toString())
              .env("OTLP_USERNAME", "123")
              .env("OTLP_API_KEY", "canary-key")
              .run("telemetry", "verify", "--tempo", refusing.uri().toString());
      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.err()).contains("HTTP 401").doesNotContain("canary-key", "\tat ");
    }
  }

  @Test
  void requiredTelemetry_failsARunWhoseSpansWereKept() {
    try (TestHttpServer refusing =
        TestHttpServer.start(_ -> Answer.bytes(403, "text/plain", new byte[0]))) {
      guard.env("OTEL_EXPORTER_OTLP_ENDPOINT", refusing.uri().toString());
      Result required =
          guard.run("review", diff.toString(), "--fail-on", "none", "--telemetry", "required");
      assertThat(required.exitCode()).isEqualTo(3);
      assertThat(required.err()).contains("(HTTP 403), will be sent next time");

      Result bestEffort = guard.run("review", diff.toString(), "--fail-on", "none");
      assertThat(bestEffort.exitCode()).isZero();
      assertThat(guard.run("telemetry", "flush").exitCode()).isEqualTo(3);
      assertThat(guard.run("telemetry", "status").out())
          .containsPattern("owed {7}[1-9][0-9]* spans of 2 runs")
          .contains("HTTP 403");
    }
    Result wrong = guard.run("review", diff.toString(), "--telemetry", "sometimes");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("best-effort or required");
  }

  @Test
  void requiredTelemetry_withoutAReceiver_isRefusedBeforeAnythingIsDone() {
    for (String variable : List.of("NO_COLOR", "OTEL_SDK_DISABLED")) {
      Result result =
          guard
              .env(variable, "true")
              .run("review", diff.toString(), "--fail-on", "none", "--telemetry", "required");
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.out()).isEmpty();
      assertThat(result.err()).startsWith("pr-guard: --telemetry required: no receiver is set");
    }
  }

  @Test
  void damagedSegments_intactPartsAreSent_andTheRestIsReported() throws IOException {
    guard.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    for (int run = 0; run < 2; run++) {
      assertThat(guard.run("review", diff.toString(), "--fail-on", "none").exitCode()).isZero();
    }
    List<Path> segments;
    try (var files = Files.list(folder.resolve("home/data/segments"))) {
      segments = files.sorted().toList();
    }
    try (RandomAccessFile cutOff = new RandomAccessFile(segments.getFirst().toFile(), "rw");
        RandomAccessFile flipped = new RandomAccessFile(segments.getLast().toFile(), "rw")) {
      cutOff.setLength(cutOff.length() - 100);
      flipped.seek(flipped.length() - 100);
      flipped.write(new byte[10]);
    }
    String cut = segments.getFirst().getFileName() + ": ";
    String changed = segments.getLast().getFileName() + ": checksum differs";
    assertThat(guard.run("telemetry", "status").out())
        .contains("damaged    " + cut, "damaged    " + changed, "KB of 256 MB at most");
    Result trace = guard.run("trace");
    assertThat(trace.err()).contains("checksum differs", "incomplete last frame");

    // The refused address is another destination; what it is owed goes there only.
    try (TestHttpServer receiver =
        TestHttpServer.start(_ -> Answer.bytes(200, "application/x-protobuf", new byte[0]))) {
      guard.env("http_proxy", receiver.uri().toString());
      Result flushed = guard.run("telemetry", "flush");
      assertThat(flushed.exitCode()).as(flushed.out() + flushed.err()).isZero();
      assertThat(flushed.out())
          .containsPattern("of earlier runs: delivered [1-9][0-9]*, kept 0; damaged: ")
          .contains(cut, changed);
      assertThat(receiver.requests()).isNotEmpty();
    }
    assertThat(guard.run("telemetry", "status").out()).contains("owed       0 spans of 0 runs");
  }

  @Test
  void dataFolderOfANewerVersion_isRefused_andUntouched() throws IOException {
    Path data = Files.createDirectories(folder.resolve("home/data"));
    Files.writeString(data.resolve("format"), "pr-guard-store 7\n");
    Files.writeString(data.resolve("config.yml"), "budget: {day_usd: 2}\n");
    guard
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
        .env("OTEL_METRICS_EXPORTER", "otlp")
        .env("OPENAI_API_KEY", "sk-canary")
        .env("OPENAI_BASE_URL", "http://127.0.0.1:9/v1");
    for (String[] command :
        List.of(
            new String[] {"telemetry", "status"},
            new String[] {"telemetry", "flush"},
            new String[] {"telemetry", "verify"},
            new String[] {"trace"},
            new String[] {"review", diff.toString(), "--llm", "openai/gpt-4o-mini"})) {
      Result result = guard.run(command);
      assertThat(result.exitCode()).as(String.join(" ", command)).isEqualTo(2);
      assertThat(result.err())
          .contains("data folder " + data + ": its format is 7, this program knows up to 1")
          .doesNotContain("internal error");
    }
    // What needs no data folder goes on, and says that the trace is not kept.
    Result rules = guard.run("review", diff.toString(), "--llm", "none", "--fail-on", "none");
    assertThat(rules.err()).contains("the trace is not kept");
    try (var files = Files.walk(data)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("data", "format", "config.yml");
    }
  }

  @Test
  void contentCapture_isOffUnlessAskedFor_andRedacted() throws IOException {
    String secret = "ghp_" + "a1B2c3D4e5".repeat(4).substring(0, 36);
    Path leak =
        Files.writeString(
            folder.resolve("leak.diff"),
            "--- /dev/null\n+++ b/leak.py\n@@ -0,0 +1,1 @@\n+TOKEN = \"" + secret + "\"\n");
    try (TestHttpServer model =
        TestHttpServer.start(_ ->
            Answer.json(
                200,
                """
                {"id":"c-1","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18",
                 "choices":[{"index":0,"finish_reason":"stop",
                   "message":{"role":"assistant","content":"{\\"findings\\":[],\\"count\\":0}"}}],
                 "usage":{"prompt_tokens":1586,"completion_tokens":714,"total_tokens":2300}}
                """))) {
      guard.env("OPENAI_API_KEY", "sk-canary").env("OPENAI_BASE_URL", model.uri() + "/v1");
      String[] review = {
        "review", leak.toString(), "--llm", "openai/gpt-4o-mini", "--fail-on", "none"
      };
      guard.run(review);
      assertThat(segmentsText()).contains("gen_ai.usage.cost").doesNotContain("gen_ai.input");

      guard.env("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY").run(review);
      assertThat(segmentsText())
          .contains("gen_ai.input.messages", "\"role\":\"user\"", "leak.py")
          .contains("gen_ai.output.messages", "\"role\":\"assistant\"")
          .doesNotContain(secret);

      Result wrong =
          guard.env("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "perhaps").run(review);
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.err()).contains("perhaps (expected: NO_CONTENT, SPAN_ONLY");
    }
  }

  private String segmentsText() throws IOException {
    StringBuilder text = new StringBuilder();
    try (var files = Files.list(folder.resolve("home/data/segments"))) {
      for (Path file : files.toList()) {
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }

  @Test
  void profile_tellsWhatEachOperationTook_andWhereTheTraceIs() {
    Result result =
        guard
            .env("GRAFANA_URL", "https://grafana.example")
            .env("GRAFANA_TEMPO_UID", "tempo-1")
            .run("review", diff.toString(), "--profile", "--fail-on", "none");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.err())
        .containsPattern("operation +model +ms +model ms +tokens +USD +time +cost")
        .containsPattern("\\Rtrace [0-9a-f]{32}\\R")
        .containsPattern("nitpicker +none +\\d+ +0 +0 +0 +\\d+% +-")
        .contains("https://grafana.example/explore?schemaVersion=1&orgId=1&panes=%7B");
  }
}
