package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reviews killed with SIGKILL around the moments at which a model's answers arrive, two at a time
/// on one data folder: an answer whose span ended is in the books to the nano-dollar, and a kill
/// costs the one answer at most that was arriving.
final class BooksKillIT {
  private static final int KILLS = 10;
  private static final int WORKERS = 2;

  @TempDir Path folder;

  /// What the provider billed, in nano-dollars by the id of its answer.
  private final Map<String, Long> billed = new ConcurrentHashMap<>();

  /// Answers without findings, the first of two an empty one, which is billed and asked for again.
  private Answer bill(int worker, Random random, Semaphore answered) {
    long prompt = 1L + random.nextInt(3_000);
    long completion = 1L + random.nextInt(900);
    String id = "c-" + worker + "-" + billed.size() + "-" + random.nextInt();
    // USD per million tokens of gpt-4o-mini: 0.15 and 0.60.
    billed.put(id, prompt * 150 + completion * 600);
    answered.release();
    return Answer.json(
        200,
        """
        {"id":"%s","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18",
         "choices":[{"index":0,"finish_reason":"stop",
                     "message":{"role":"assistant","content":"%s"}}],
         "usage":{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d}}
        """
            .formatted(
                id,
                random.nextBoolean() ? "" : "{\\\"findings\\\":[],\\\"count\\\":0}",
                prompt,
                completion,
                prompt + completion));
  }

  @Test
  void killedAtAnAnswer_whatWasRecordedIsWhatWasBilled() throws Exception {
    Path diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);
    int killed = 0;
    try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<Integer>> running = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        int seed = worker;
        running.add(workers.submit(() -> killRuns(seed, diff)));
      }
      for (Future<Integer> worker : running) {
        killed += worker.get();
      }
    }
    Map<String, Long> recorded = new HashMap<>();
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder.resolve("home/data"))) {
      for (String trace : store.latestTraceIds(Integer.MAX_VALUE)) {
        List<SpanRecord> spans = store.trace(trace);
        spans.forEach(span -> answer(span, recorded));
        balances(spans);
      }
    }
    assertThat(killed).isGreaterThan(KILLS / 4);
    assertThat(recorded)
        .isNotEmpty()
        .allSatisfy((id, cost) -> assertThat(billed).containsEntry(id, cost));
    assertThat(billed.size() - recorded.size()).as("answers lost").isBetween(0, killed);
  }

  /// @return how many kills found the review still running
  private int killRuns(int seed, Path diff) throws Exception {
    Random random = new Random(seed);
    Semaphore answered = new Semaphore(0);
    int killed = 0;
    try (TestHttpServer model = TestHttpServer.start(_ -> bill(seed, random, answered))) {
      GuardProcess guard =
          new GuardProcess(folder.resolve("home"))
              .in(folder)
              .env("OPENAI_API_KEY", FaultRun.API_KEY)
              .env("OPENAI_BASE_URL", model.uri() + "/v1");
      for (int i = 0; i < KILLS / WORKERS; i++) {
        answered.drainPermits();
        Process process =
            guard.start(
                "review",
                diff.toString(),
                "--llm",
                "openai/gpt-4o-mini",
                "--fail-on",
                "none",
                "--quiet");
        assertThat(answered.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        // A cold JVM takes its time from the answer to the end of the call's span.
        if (!process.waitFor(random.nextInt(700), TimeUnit.MILLISECONDS)) {
          killed++;
        }
        process.destroyForcibly().waitFor();
      }
    }
    return killed;
  }

  private static void answer(SpanRecord span, Map<String, Long> recorded) {
    if (span.attributes().get("gen_ai.response.id") instanceof StringValue(String id)) {
      recorded.put(id, nanoUsd(span, "gen_ai.usage.cost"));
    }
  }

  /// An operation that ended has the cost of its calls; a review that ended, that of all.
  private static void balances(List<SpanRecord> spans) {
    for (SpanRecord span : spans) {
      if (span.attributes().containsKey("cost.nano_usd")) {
        assertThat(nanoUsd(span, "cost.usd"))
            .isEqualTo(
                spans.stream()
                    .filter(call -> span.spanId().equals(call.parentSpanId()))
                    .mapToLong(call -> nanoUsd(call, "gen_ai.usage.cost"))
                    .sum());
      }
      if (span.parentSpanId() == null) {
        assertThat(nanoUsd(span, "cost.total_usd"))
            .isEqualTo(spans.stream().mapToLong(call -> nanoUsd(call, "gen_ai.usage.cost")).sum());
      }
    }
  }

  private static long nanoUsd(SpanRecord span, String key) {
    return span.attributes().get(key) instanceof DoubleValue(double usd)
        ? BigDecimal.valueOf(usd).movePointRight(9).longValueExact()
        : 0;
  }
}
