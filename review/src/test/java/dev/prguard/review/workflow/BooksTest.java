package dev.prguard.review.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.review.change.DiffTextChangeSource;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.cost.Budget;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.PriceBook;
import dev.prguard.review.model.ModelClient;
import dev.prguard.review.model.ModelId;
import dev.prguard.review.model.ModelSettings;
import dev.prguard.review.patch.PatchPolicy;
import dev.prguard.review.report.JsonReport;
import dev.prguard.review.report.MarkdownReport;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.rules.RuleCatalog;
import dev.prguard.review.rules.RuleScanner;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A thousand reviews whose provider retries, refuses, cuts off, caches and bills at random: what
/// it says it billed is what every book says, to the nano-dollar.
class BooksTest {
  private static final int RUNS = 1_000;
  private static final int PARALLEL = 8;
  private static final Pattern RUN = Pattern.compile("run_(\\d+)_");
  private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"([^\"]+)\"");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Integer, Bill> bills = new ConcurrentHashMap<>();
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();

  /// What the provider knows of one run.
  private static final class Bill {
    private final AtomicInteger calls = new AtomicInteger();

    /// Nano-dollars of answers that arrived whole.
    private long told;

    /// Whether it billed an answer that did not arrive.
    private boolean untold;

    private synchronized void tell(long nanoUsd) {
      told += nanoUsd;
    }

    private synchronized void loseAnswer() {
      untold = true;
    }
  }

  private Answer provide(Request request) {
    Matcher run = RUN.matcher(request.text());
    Matcher model = MODEL.matcher(request.text());
    if (!run.find() || !model.find()) {
      return Answer.json(400, "{\"error\":{\"message\":\"no run, no model\"}}");
    }
    int number = Integer.parseInt(run.group(1));
    Bill bill = bills.computeIfAbsent(number, _ -> new Bill());
    Random random = new Random(number * 1_000L + bill.calls.getAndIncrement());
    int kind = random.nextInt(100);
    if (kind < 12) {
      int status = kind < 6 ? 503 : 429;
      return Answer.json(status, "{\"error\":{\"message\":\"busy\"}}").header("retry-after", "0");
    }
    if (kind < 15) {
      return Answer.json(401, "{\"error\":{\"message\":\"no\"}}");
    }
    boolean mini = model.group(1).startsWith("gpt-4o-mini");
    long prompt = 1L + random.nextInt(5_000);
    long cached = random.nextBoolean() ? 0 : random.nextLong(prompt);
    long completion = 1L + random.nextInt(2_000);
    // USD per million: gpt-4o-mini 0.15, 0.075 cached, 0.60; gpt-4o 2.50, 1.25 cached, 10.
    long nanoUsd =
        mini
            ? (prompt - cached) * 150 + cached * 75 + completion * 600
            : (prompt - cached) * 2_500 + cached * 1_250 + completion * 10_000;
    Answer.Reply answer =
        Answer.json(
            200,
            """
            {"id":"c-%d","object":"chat.completion","created":1,"model":"%s",
             "choices":[{"index":0,"finish_reason":"%s","message":{"role":"assistant","content":%s}}],
             "usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,
                      "prompt_tokens_details":{"cached_tokens":%d},
                      "completion_tokens_details":{"reasoning_tokens":%d}}}
            """
                .formatted(
                    number,
                    mini ? "gpt-4o-mini-2024-07-18" : "gpt-4o-2024-08-06",
                    kind < 25 ? "length" : kind < 30 ? "content_filter" : "stop",
                    content(kind, random),
                    prompt,
                    completion,
                    prompt + completion,
                    cached,
                    random.nextLong(completion)));
    if (kind >= 97) {
      bill.loseAnswer();
      return new Answer.Truncated(answer, 40);
    }
    bill.tell(nanoUsd);
    return answer;
  }

  private static String content(int kind, Random random) {
    String good = "{\\\"findings\\\":[],\\\"count\\\":0}";
    return switch (kind % 5) {
      case 0 -> "\"I cannot help with that.\"";
      case 1 -> "\"```json\\n" + good + "\\n```\"";
      case 2 -> "\"" + "{".repeat(random.nextInt(3)) + "\"";
      default -> "\"" + good + "\"";
    };
  }

  @Test
  void thousandReviews_allBooksSayWhatTheProviderBilled() throws Exception {
    RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());
    List<ReviewResult> results = new ArrayList<>();
    Map<String, List<SpanData>> traces;
    try (TestHttpServer provider = TestHttpServer.start(this::provide);
        SdkTracerProvider tracers =
            SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build();
        ModelClient mini = open("openai/gpt-4o-mini", provider);
        ModelClient large = open("openai/gpt-4o", provider);
        ExecutorService workers = Executors.newFixedThreadPool(PARALLEL)) {
      List<Future<ReviewResult>> running = new ArrayList<>();
      for (int run = 0; run < RUNS; run++) {
        String diff = diff(run);
        running.add(
            workers.submit(() ->
                new ReviewWorkflow(tracers.get("test"), Clock.systemUTC(), progress -> {})
                    .run(
                        DiffTextChangeSource.ofStream(
                            new ByteArrayInputStream(diff.getBytes(StandardCharsets.UTF_8)),
                            "test"),
                        new PullRequest("", "local", "", "", null, "", "", "", "", "", "", ""),
                        change -> plan(scanner, List.of(mini, large)))
                    .result()));
      }
      for (Future<ReviewResult> result : running) {
        results.add(result.get());
      }
      // Before the tracer is closed, which empties the exporter.
      traces =
          spans.getFinishedSpanItems().stream()
              .collect(Collectors.groupingBy(SpanData::getTraceId));
    }
    int whole = 0;
    int calls = 0;
    for (int run = 0; run < RUNS; run++) {
      Bill bill = bills.getOrDefault(run, new Bill());
      calls += bill.calls.get();
      ReviewResult result = results.get(run);
      List<SpanData> trace = traces.getOrDefault(result.traceId(), List.of());
      assertThat(sum(trace, "gen_ai.usage.cost")).as("run %d", run).isEqualByComparingTo(usd(bill));
      assertThat(json(result).path("cost").path("tokens").path("total").asLong())
          .isEqualTo(number(trace, "cost.tokens.total"));
      if (bill.untold) {
        assertThat(result.cost()).as("run %d", run).isInstanceOf(Cost.Unknown.class);
        assertThat(MarkdownReport.summary(result)).contains("unknown");
      } else {
        whole++;
        balances(run, bill, result, trace);
      }
    }
    assertThat(whole).isBetween(RUNS / 2, RUNS - 1);
    assertThat(calls).isGreaterThan(RUNS);
  }

  private static void balances(int run, Bill bill, ReviewResult result, List<SpanData> trace) {
    BigDecimal billed = usd(bill);
    assertThat(sum(trace, "cost.usd")).as("run %d", run).isEqualByComparingTo(billed);
    assertThat(sum(trace, "cost.total_usd")).as("run %d", run).isEqualByComparingTo(billed);
    assertThat(number(trace, "cost.nano_usd")).as("run %d", run).isEqualTo(bill.told);
    JsonNode cost = json(result).path("cost");
    assertThat(cost.path("nano_usd").asLong()).isEqualTo(bill.told);
    assertThat(cost.path("usd").decimalValue()).isEqualByComparingTo(billed);
    String shown = billed.signum() == 0 ? "0" : billed.stripTrailingZeros().toPlainString();
    assertThat(MarkdownReport.summary(result)).contains("Cost `$" + shown + "`");
  }

  private static ReviewPlan plan(RuleScanner scanner, List<ModelClient> models) {
    return new ReviewPlan(
        scanner,
        models,
        PriceBook.bundled(),
        Budget.unlimited(),
        PatchPolicy.SAFE,
        Clock.systemUTC().instant().plus(Duration.ofMinutes(5)),
        Optional.empty(),
        Optional.empty());
  }

  private static ModelClient open(String model, TestHttpServer provider) {
    return ModelClient.open(
        ModelId.parse(model),
        ModelSettings.of(List.of()),
        Map.of("OPENAI_BASE_URL", provider.uri() + "/v1", "OPENAI_API_KEY", "sk-test"),
        text -> text);
  }

  /// Plain code in files whose names tell the provider which run asks.
  private static String diff(int run) {
    StringBuilder diff = new StringBuilder();
    for (int file = 0; file <= run % 3; file++) {
      diff.append(
          "--- /dev/null\n+++ b/run_%d_%d.py\n@@ -0,0 +1,2 @@\n+def f(x):\n+    return x + %d\n"
              .formatted(run, file, file));
    }
    return diff.toString();
  }

  private static JsonNode json(ReviewResult result) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      JsonReport.write(result, bytes);
      return JSON.readTree(bytes.toByteArray());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static BigDecimal usd(Bill bill) {
    return BigDecimal.valueOf(bill.told, 9);
  }

  private static BigDecimal sum(List<SpanData> trace, String key) {
    return trace.stream()
        .map(span -> span.getAttributes().get(AttributeKey.doubleKey(key)))
        .filter(java.util.Objects::nonNull)
        .map(BigDecimal::valueOf)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static long number(List<SpanData> trace, String key) {
    return trace.stream()
        .map(span -> span.getAttributes().get(AttributeKey.longKey(key)))
        .filter(java.util.Objects::nonNull)
        .mapToLong(Long::longValue)
        .sum();
  }
}
