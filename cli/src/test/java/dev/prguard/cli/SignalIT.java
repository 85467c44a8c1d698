package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.testkit.FakeGitHub;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.testkit.TestRepository;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// SIGINT and SIGTERM while a review waits for somebody: it ends within seconds, claims no review,
/// and its trace has every cent that was spent.
@Execution(ExecutionMode.CONCURRENT)
final class SignalIT {
  private static final int SIGTERM_EXIT = 143;

  /// Nobody waits for this: longer than any test.
  private static final Duration HANG = Duration.ofMinutes(5);

  /// 1.5 s for the review to end its spans and 5 s for the flush, on a machine that is busy.
  private static final Duration BOUND = Duration.ofSeconds(20);

  /// 1,586 prompt and 714 completion tokens of gpt-4o-mini.
  private static final double SPENT_USD = 0.0006663;

  @TempDir Path folder;
  private Path home;
  private GuardProcess guard;
  private final CountDownLatch waiting = new CountDownLatch(1);

  @BeforeEach
  void newHome() {
    home = folder.resolve("home");
    guard = new GuardProcess(home).in(folder);
  }

  /// Its first answer is billed and says nothing; the second, asked for again, never comes.
  private TestHttpServer model() {
    AtomicInteger asked = new AtomicInteger();
    TestHttpServer server =
        TestHttpServer.start(_ -> {
          if (asked.incrementAndGet() == 1) {
            return Answer.json(
                200,
                """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,
                 "model":"gpt-4o-mini-2024-07-18",
                 "choices":[{"index":0,"finish_reason":"stop",
                             "message":{"role":"assistant","content":""}}],
                 "usage":{"prompt_tokens":1586,"completion_tokens":714,"total_tokens":2300}}
                """);
          }
          return hang();
        });
    guard
        .env("OPENAI_API_KEY", FaultRun.API_KEY)
        .env("OPENAI_BASE_URL", server.uri() + "/v1")
        .env("PR_GUARD_LLM", "openai/gpt-4o-mini");
    return server;
  }

  private Answer hang() {
    waiting.countDown();
    return new Answer.Delayed(HANG, new Answer.Reset());
  }

  private FaultRun signalled(String signal, String... arguments) {
    List<String> words = new ArrayList<>(List.of("review"));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--json", "-", "--fail-on", "none"));
    AtomicLong sent = new AtomicLong();
    Thread.ofVirtual()
        .start(() -> {
          try {
            waiting.await();
            sent.set(System.nanoTime());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    FaultRun run =
        FaultRun.of(home, () -> guard.signalled(signal, waiting, words.toArray(String[]::new)));
    assertThat(Duration.ofNanos(System.nanoTime() - sent.get())).isLessThan(BOUND);
    return run.isHonest(FaultRun.API_KEY);
  }

  private String diff() throws Exception {
    return Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF).toString();
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void duringAModelCall_traceIsWhole_andWhatWasSpentIsOnIt(String signal, int exitCode)
      throws Exception {
    try (TestHttpServer model = model()) {
      FaultRun run = signalled(signal, diff());

      assertThat(run.result().exitCode()).as(run.result().err()).isEqualTo(exitCode);
      assertThat(model.requests()).hasSize(2);
      run.leavesATrace("partial");
      assertThat(run.spans())
          .filteredOn(span -> span.name().equals("chat gpt-4o-mini"))
          .as("the billed attempt and the one given up")
          .hasSize(2);
      assertThat(span(run, "nitpicker.analyze").attributes())
          .containsEntry("cost.usd", AttributeValue.of(SPENT_USD))
          .containsEntry("cost.nano_usd", AttributeValue.of(666_300L))
          .containsEntry("cost.priced", AttributeValue.of(false))
          .containsEntry("issues.rule_detected", AttributeValue.of(1L));
      assertThat(span(run, "pr_review.workflow").status()).isEqualTo(SpanRecord.Status.ERROR);
      assertThat(span(run, "pr_review.workflow").attributes())
          .containsEntry("cost.total_usd", AttributeValue.of(SPENT_USD))
          .containsEntry("cost.priced", AttributeValue.of(false));
    }
  }

  @Test
  void beforeAnythingWasRead_isNotReviewed() throws Exception {
    try (FakeGitHub github = github()) {
      github.instead(request -> request.path().endsWith("/files") ? hang() : null);
      FaultRun run = signalled("TERM", github.pullUrl(), "--llm", "none");

      assertThat(run.result().exitCode()).as(run.result().err()).isEqualTo(SIGTERM_EXIT);
      run.leavesATrace("not_reviewed");
    }
  }

  @Test
  void stoppedReview_isNotPosted() throws Exception {
    try (TestHttpServer _ = model();
        FakeGitHub github = github()) {
      guard.env("GITHUB_TOKEN", FakeGitHub.TOKEN);
      FaultRun run = signalled("TERM", github.pullUrl(), "--post", "--patch-pr");

      assertThat(run.result().exitCode()).as(run.result().err()).isEqualTo(SIGTERM_EXIT);
      run.leavesATrace("partial");
      assertThat(github.writes()).isEmpty();
    }
  }

  @Test
  void receiverThatHangs_holdsItUpForTheFlushTimeoutOnly_andNoSpanIsLost() throws Exception {
    try (TestHttpServer _ = model();
        TestHttpServer receiver =
            TestHttpServer.start(_ -> new Answer.Delayed(HANG, new Answer.Reset()))) {
      guard.env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.uri().toString());
      FaultRun run = signalled("INT", diff(), "--flush-timeout", "1s");

      assertThat(run.result().exitCode()).as(run.result().err()).isEqualTo(130);
      assertThat(run.result().err()).contains("will be sent next time");
      run.leavesATrace("partial");
      assertThat(receiver.requests()).extracting(Request::method).contains("POST");
    }
    assertThat(guard.script("exec \"$@\"").run("telemetry", "status").out())
        .containsPattern("owed {7}[1-9][0-9]* spans of 1 runs");
  }

  private FakeGitHub github() throws Exception {
    TestRepository repository =
        TestRepository.create(Files.createDirectory(folder.resolve("shop")));
    repository.write("app.py", "import yaml\n\ndef load(file):\n    return {}\n").commit("base");
    repository.git("checkout", "-q", "-b", "feature");
    repository
        .write("app.py", "import yaml\n\ndef load(file):\n    return yaml.load(file)\n")
        .commit("change");
    return FakeGitHub.start(repository, "main", "feature");
  }

  private static SpanRecord span(FaultRun run, String name) {
    return run.spans().stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }
}
