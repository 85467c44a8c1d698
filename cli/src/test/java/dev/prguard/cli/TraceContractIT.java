package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.prguard.testkit.FakeGitHub;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.testkit.TestRepository;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanRecord.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Every span of every kind of run is what the table of the trace says: dashboards, alerts and
/// reports ask for these attributes by name and type, and a missing one is a wrong sum.
@Execution(ExecutionMode.CONCURRENT)
final class TraceContractIT {
  private static final long CLOCKS_NANOS = 2_000_000;
  private static final String MODEL = "openai/gpt-4o-mini";

  @TempDir Path folder;

  @Test
  void rulesOnly() {
    FaultRun run = review(List.of("--llm", "none"), "reviewed");
    assertThat(names(run)).doesNotContain("chat gpt-4o-mini");
  }

  @Test
  void emptyDiff() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.diff"));
    contract(run(guard(), List.of(empty.toString(), "--llm", "none")), "not_reviewed");
  }

  @Test
  void model_answers() {
    FaultRun run = asked(_ -> saying("{\"findings\":[],\"count\":0}"), "reviewed");
    SpanRecord chat = one(run, "chat gpt-4o-mini");
    assertThat(chat.attributes())
        .containsEntry("gen_ai.response.model", AttributeValue.of("gpt-4o-mini-2024-07-18"))
        .containsEntry("gen_ai.usage.input_tokens", AttributeValue.of(1586L))
        .containsEntry("gen_ai.usage.output_tokens", AttributeValue.of(714L))
        .containsEntry("gen_ai.usage.cost", AttributeValue.of(0.0006663))
        .containsEntry(
            "gen_ai.response.finish_reasons", AttributeValue.of(List.of(AttributeValue.of("stop"))))
        .doesNotContainKey("error.type");
  }

  @Test
  void model_retried() {
    AtomicInteger calls = new AtomicInteger();
    FaultRun run =
        asked(
            _ -> calls.incrementAndGet() == 1 ? busy() : saying("{\"findings\":[],\"count\":0}"),
            "reviewed");
    assertThat(named(run, "chat gpt-4o-mini"))
        .extracting(span -> span.attributes().get("error.type"))
        .containsExactlyInAnyOrder(AttributeValue.of("503"), null);
  }

  @Test
  void model_fallsBack() {
    FaultRun run =
        asked(
            request ->
                request.text().contains("\"gpt-4o\"")
                    ? Answer.json(401, "{}")
                    : saying("{\"findings\":[],\"count\":0}"),
            "reviewed",
            "--llm",
            "openai/gpt-4o," + MODEL);
    assertThat(named(run, "nitpicker.analyze"))
        .extracting(span -> span.attributes().get("cost.model"))
        .containsExactlyInAnyOrder(AttributeValue.of("gpt-4o"), AttributeValue.of("gpt-4o-mini"));
  }

  @Test
  void model_down() {
    FaultRun run = asked(_ -> busy(), "partial");
    assertThat(one(run, "nitpicker.analyze").status()).isEqualTo(SpanRecord.Status.ERROR);
  }

  /// Billed although nothing came of it.
  @Test
  void model_refuses_isPaid() {
    FaultRun run = asked(_ -> saying("I would rather not."), "partial");
    assertThat(run.json().path("cost").path("nano_usd").asLong()).isPositive();
  }

  @Test
  void model_hangs_costIsUnknown() {
    FaultRun run =
        asked(
            _ -> new Answer.Delayed(Duration.ofSeconds(60), busy()),
            "partial",
            "--llm",
            MODEL,
            "--timeout",
            "12s");
    assertThat(one(run, "nitpicker.analyze").attributes())
        .containsEntry("cost.priced", AttributeValue.of(false));
  }

  @Test
  void model_withoutPrice_costsNoZero() {
    FaultRun run =
        asked(
            _ -> saying("{\"findings\":[],\"count\":0}", "acme-9"),
            "reviewed",
            "--llm",
            "openai/acme-9");
    assertThat(one(run, "nitpicker.analyze").attributes())
        .containsEntry("cost.priced", AttributeValue.of(false));
    assertThat(run.json().path("cost").path("usd").isNull()).isTrue();
  }

  @Test
  void budget_stops() {
    FaultRun run = asked(_ -> busy(), "partial", "--llm", MODEL, "--budget", "0.0000001");
    assertThat(names(run)).doesNotContain("chat gpt-4o-mini");
  }

  @Test
  void fetch_aborted() {
    TestRepository repository = pullRequest();
    try (FakeGitHub github = FakeGitHub.start(repository, "main", "feature")) {
      github.instead(_ -> FakeGitHub.refusal(500, "down"));
      FaultRun run =
          contract(run(guard(), List.of(github.pullUrl(), "--llm", "none")), "not_reviewed");
      assertThat(names(run)).containsExactlyInAnyOrder("pr_review.workflow", "fetch.diff");
      assertThat(one(run, "fetch.diff").status()).isEqualTo(SpanRecord.Status.ERROR);
    }
  }

  @Test
  void pullRequest_withPatch_posted() {
    TestRepository repository = pullRequest();
    try (FakeGitHub github = FakeGitHub.start(repository, "main", "feature")) {
      FaultRun run =
          contract(run(guard(), List.of(github.pullUrl(), "--llm", "none", "--post")), "reviewed");
      assertThat(one(run, "patch.generate").attributes())
          .containsEntry("patch.verified", AttributeValue.of(true));
      assertThat(one(run, "comment.post").attributes())
          .containsEntry("comment.posted", AttributeValue.of(true));
      for (SpanRecord span : run.spans()) {
        assertThat(span.attributes())
            .as(span.name())
            .containsEntry("pr.number", AttributeValue.of(7L))
            .containsEntry("pr.repository", AttributeValue.of("acme/shop"))
            .containsEntry("pr.url", AttributeValue.of(github.pullUrl()));
      }
    }
  }

  private TestRepository pullRequest() {
    Path where = folder.resolve("repository");
    assertThat(where.toFile().mkdir()).isTrue();
    TestRepository repository = TestRepository.create(where);
    repository.write("app.py", "import os\n").commit("base");
    repository.git("checkout", "-q", "-b", "feature");
    repository
        .write("app.py", "import os   \nos.system(\"rm \" + name)\nx = 1   \n")
        .commit("change");
    return repository;
  }

  /// A run with a model behind this server.
  private FaultRun asked(Function<Request, Answer> handler, String status, String... llm) {
    try (TestHttpServer server = TestHttpServer.start(handler)) {
      GuardProcess guard =
          guard()
              .env("OPENAI_API_KEY", FaultRun.API_KEY)
              .env("OPENAI_BASE_URL", server.uri() + "/v1");
      List<String> arguments = new ArrayList<>(List.of(diff()));
      arguments.addAll(llm.length == 0 ? List.of("--llm", MODEL) : List.of(llm));
      return contract(run(guard, arguments), status);
    }
  }

  private FaultRun review(List<String> more, String status) {
    List<String> arguments = new ArrayList<>(List.of(diff()));
    arguments.addAll(more);
    return contract(run(guard(), arguments), status);
  }

  private FaultRun run(GuardProcess guard, List<String> arguments) {
    List<String> words = new ArrayList<>(List.of("review"));
    words.addAll(arguments);
    words.addAll(List.of("--fail-on", "none", "--json", "-"));
    return FaultRun.of(folder.resolve("home"), () -> guard.run(words.toArray(String[]::new)));
  }

  private GuardProcess guard() {
    return new GuardProcess(folder.resolve("home"))
        .in(folder)
        .env("GITHUB_TOKEN", FakeGitHub.TOKEN)
        .env("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test");
  }

  private String diff() {
    try {
      return Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF).toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// What holds of every trace, whatever happened in the run.
  private static FaultRun contract(FaultRun run, String status) {
    run.isHonest(FaultRun.API_KEY, FakeGitHub.TOKEN).leavesATrace(status);
    for (SpanRecord span : run.spans()) {
      SpanRecord parent = parent(run, span);
      TraceTable.check(span, parent == null ? "" : parent.name());
      if (parent != null) {
        // Two clocks may disagree a little; a child outside of its parent breaks every waterfall.
        assertThat(span.startNanos()).isGreaterThanOrEqualTo(parent.startNanos() - CLOCKS_NANOS);
        assertThat(span.endNanos()).isLessThanOrEqualTo(parent.endNanos() + CLOCKS_NANOS);
      }
    }
    SpanRecord root = one(run, "pr_review.workflow");
    assertThat(root.attributes().get("latency.total_ms"))
        .isEqualTo(root.attributes().get("latency.ms"));
    assertThat(run.json().path("trace_id").asText()).isEqualTo(root.traceId());
    List<SpanRecord> operations =
        run.spans().stream().filter(span -> span.attributes().containsKey("cost.model")).toList();
    assertThat(sum(operations, "cost.tokens.total"))
        .isEqualTo(sum(List.of(root), "workflow.tokens.total"))
        .isEqualTo(run.json().path("cost").path("tokens").path("total").asLong());
    for (SpanRecord operation : operations) {
      List<SpanRecord> chats =
          run.spans().stream()
              .filter(span -> span.kind() == Kind.CLIENT)
              .filter(span -> operation.spanId().equals(span.parentSpanId()))
              .toList();
      assertThat(sum(operation, "cost.tokens.prompt"))
          .isEqualTo(sum(chats, "gen_ai.usage.input_tokens"));
      assertThat(sum(operation, "cost.tokens.completion"))
          .isEqualTo(sum(chats, "gen_ai.usage.output_tokens"));
      double usd =
          chats.stream()
              .map(chat -> chat.attributes().get("gen_ai.usage.cost"))
              .mapToDouble(value -> value instanceof DoubleValue(double amount) ? amount : 0)
              .sum();
      if (AttributeValue.of(true).equals(operation.attributes().get("cost.priced"))) {
        assertThat(operation.attributes().get("cost.usd"))
            .isInstanceOfSatisfying(
                DoubleValue.class,
                value -> assertThat(value.value()).isCloseTo(usd, within(1e-12)));
      }
    }
    return run;
  }

  private static @Nullable SpanRecord parent(FaultRun run, SpanRecord span) {
    return run.spans().stream()
        .filter(other -> other.spanId().equals(span.parentSpanId()))
        .findFirst()
        .orElse(null);
  }

  private static long sum(SpanRecord span, String key) {
    return sum(List.of(span), key);
  }

  private static long sum(List<SpanRecord> spans, String key) {
    return spans.stream()
        .map(span -> span.attributes().get(key))
        .mapToLong(value -> value instanceof LongValue(long amount) ? amount : 0)
        .sum();
  }

  private static List<String> names(FaultRun run) {
    return run.spans().stream().map(SpanRecord::name).toList();
  }

  private static List<SpanRecord> named(FaultRun run, String name) {
    return run.spans().stream().filter(span -> span.name().equals(name)).toList();
  }

  private static SpanRecord one(FaultRun run, String name) {
    assertThat(names(run)).contains(name);
    return named(run, name).getFirst();
  }

  private static Answer busy() {
    return Answer.json(503, "{}").header("retry-after", "0");
  }

  private static Answer saying(String content) {
    return saying(content, "gpt-4o-mini-2024-07-18");
  }

  private static Answer saying(String content, String model) {
    return ModelFaultsIT.saying(content, model);
  }
}
