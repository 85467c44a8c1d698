package dev.prguard.review.model;

import dev.prguard.review.cost.Budget;
import dev.prguard.review.cost.PriceBook;
import dev.prguard.testkit.TestHttpServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/// A provider on loopback, and all that a call to it needs. Waits are written down, not waited.
final class ModelTestBed implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  static final String KEY = "sk-test-0123456789abcdefghijklmnop";
  static final AttributeKey<String> PR_URL = AttributeKey.stringKey("pr.url");

  final TestHttpServer server;
  final List<Duration> waits = Collections.synchronizedList(new ArrayList<>());
  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final SdkTracerProvider tracers =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
  private final Tracer tracer = tracers.get("test");
  final Span operation = tracer.spanBuilder("nitpicker.analyze").startSpan();
  private final List<ModelClient> clients = new ArrayList<>();
  private Instant now = NOW;

  ModelTestBed(Function<TestHttpServer.Request, TestHttpServer.Answer> provider) {
    this.server = TestHttpServer.start(provider);
  }

  /// Answers one after the other; the last for all the rest.
  static ModelTestBed of(TestHttpServer.Answer... answers) {
    List<TestHttpServer.Answer> left =
        Collections.synchronizedList(new ArrayList<>(List.of(answers)));
    return new ModelTestBed(request -> left.size() > 1 ? left.removeFirst() : left.getFirst());
  }

  ModelClient client(String model) {
    return client(model, settings());
  }

  ModelClient client(String model, ModelSettings settings) {
    String base = server.uri().toString();
    Map<String, String> env =
        Map.of(
            "OPENAI_BASE_URL", base + "/v1",
            "OPENAI_API_KEY", KEY,
            "AZURE_OPENAI_ENDPOINT", base,
            "AZURE_OPENAI_API_KEY", KEY,
            "ANTHROPIC_BASE_URL", base,
            "ANTHROPIC_API_KEY", KEY,
            "GEMINI_BASE_URL", base + "/v1beta",
            "GEMINI_API_KEY", KEY,
            "OLLAMA_BASE_URL", base);
    ModelClient client =
        new ModelClient(
            ModelId.parse(model),
            settings,
            env,
            text -> text.replace("hunter2", "[REDACTED]"),
            wait -> {
              waits.add(wait);
              now = now.plus(wait);
            },
            new Random(1));
    clients.add(client);
    return client;
  }

  static ModelSettings settings() {
    return ModelSettings.of(List.of()).withCallTimeout(Duration.ofSeconds(20));
  }

  CallScope scope() {
    return scope(Budget.unlimited());
  }

  CallScope scope(Budget budget) {
    return scope(budget, Duration.ofMinutes(5));
  }

  CallScope scope(Budget budget, Duration time) {
    InstantSource clock = () -> now;
    return new CallScope(
        Context.root().with(operation),
        tracer,
        Attributes.of(PR_URL, "https://github.com/o/r/pull/1"),
        budget,
        PriceBook.bundled(),
        clock,
        now.plus(time));
  }

  List<SpanData> spans() {
    return exporter.getFinishedSpanItems();
  }

  static TestHttpServer.Answer.Reply openAi(String text, String finish) {
    return openAi(
        text, finish, "{\"prompt_tokens\":1586,\"completion_tokens\":714,\"total_tokens\":2300}");
  }

  static TestHttpServer.Answer.Reply openAi(String text, String finish, String usage) {
    return TestHttpServer.Answer.json(
        200,
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18",
         "choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"%s"}],
         "usage":%s}
        """
            .formatted(quoted(text), finish, usage));
  }

  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\t' -> json.append("\\t");
        default -> json.append(c);
      }
    }
    return json.append('"').toString();
  }

  @Override
  public void close() {
    clients.forEach(ModelClient::close);
    server.close();
    tracers.close();
  }
}
