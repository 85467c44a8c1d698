package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same questions to this machine and to a Tempo that holds the same spans.
final class TempoIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String BY_OPERATION =
      "{ span.operation.type != nil } | count_over_time() by (span.operation.type)";

  @TempDir Path folder;
  private GuardProcess guard;

  @BeforeEach
  void newHome() {
    guard = new GuardProcess(folder.resolve("home")).in(folder);
  }

  /// The demo data of some days, in the home's demo folder too.
  private InMemorySpanStore demo() {
    Result made =
        guard.run(
            "demo-data", "--days", "12", "--until", "2026-10-12", "--reviews", "5", "--seed", "3");
    assertThat(made.exitCode()).as(made.err()).isZero();
    InMemorySpanStore spans = new InMemorySpanStore();
    spans.append(new ArrayList<>(recorded(folder.resolve("home/data/demo"))));
    return spans;
  }

  private static List<SpanRecord> recorded(Path data) {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data)) {
      return store.latestTraceIds(1_000_000).stream()
          .flatMap(trace -> store.trace(trace).stream())
          .toList();
    }
  }

  private Result fine(String... arguments) {
    Result result = guard.run(arguments);
    assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    return result;
  }

  @Test
  void queryAndTrace_askTheTempoThatIsNamed_withTheSameAnswers() throws IOException {
    InMemorySpanStore spans = demo();
    guard.env("PR_GUARD_HOME", folder.resolve("home/data/demo").toString());
    String[] range = {"--start", "2026-10-03", "--end", "2026-10-11", "--json"};
    String search =
        "{ name = \"pr_review.workflow\" } | select(span.pr.url) with (most_recent=true)";
    try (TestHttpServer tempo = EngineTempo.start(spans)) {
      String url = tempo.uri().toString();
      for (String[] query :
          new String[][] {
            {BY_OPERATION, "--step", "1h"},
            {BY_OPERATION, "--step", "1h", "--instant"},
            {"{ span.cost.nano_usd != nil } | sum_over_time(span.cost.nano_usd)", "--step", "6h"},
            {search, "--limit", "500"}
          }) {
        List<String> words = new ArrayList<>(List.of("query"));
        words.addAll(List.of(query));
        if (words.remove("--instant")) {
          words.remove("--step");
          words.remove("1h");
          words.add("--instant");
        }
        words.addAll(List.of(range));
        JsonNode here = JSON.readTree(fine(words.toArray(String[]::new)).out());
        words.addAll(List.of("--tempo", url));
        JsonNode there = JSON.readTree(fine(words.toArray(String[]::new)).out());
        assertThat(there).as(query[0]).isEqualTo(here);
        assertThat(there.path("traces").size() + there.path("series").size()).isPositive();
      }
      assertThat(tempo.requests().size()).isGreaterThan(20);

      String traceId = recorded(folder.resolve("home/data/demo")).getFirst().traceId();
      assertThat(fine("trace", traceId, "--tempo", url).out())
          .isEqualTo(fine("trace", traceId).out());
      assertThat(guard.run("trace", "f".repeat(32), "--tempo", url).err())
          .contains("no trace", "in Tempo at 127.0.0.1");
    }
  }

  @Test
  void report_ofATempo_hasTheSameSums_andNamesWhatItLacks() throws IOException {
    InMemorySpanStore spans = demo();
    String demo = folder.resolve("home/data/demo").toString();
    String[] words = {"report", "--month", "2026-10", "--format", "json,md,csv", "--out"};
    try (TestHttpServer tempo = EngineTempo.start(spans)) {
      fine(with(words, "here", "--home", demo));
      fine(with(words, "there", "--tempo", tempo.uri().toString()));
    }
    JsonNode here = JSON.readTree(folder.resolve("here/pr-guard-2026-10.json").toFile());
    JsonNode there = JSON.readTree(folder.resolve("there/pr-guard-2026-10.json").toFile());
    assertThat(Files.readString(folder.resolve("there/pr-guard-2026-10.csv")))
        .isEqualTo(Files.readString(folder.resolve("here/pr-guard-2026-10.csv")))
        .contains("2026-10-05,nitpicker");
    for (String part : List.of("days", "repositories", "authors", "dearest", "objectives")) {
      assertThat(there.path(part)).as(part).isEqualTo(here.path(part));
    }
    assertThat(Files.readString(folder.resolve("there/pr-guard-2026-10.md")))
        .contains(
            "Tempo at 127.0.0.1", "reviews out of the ordinary: Tempo", "buckets of powers of two");
  }

  private static String[] with(String[] words, String... more) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void theFlag_comesBeforeTheEnvironment_andNoneMeansThisMachine() {
    try (TestHttpServer tempo = TestHttpServer.start(_ -> Answer.json(200, "{}"))) {
      guard
          .env("TEMPO_URL", tempo.uri() + "/tempo/")
          .env("TEMPO_USERNAME", "654321")
          .env("TEMPO_API_KEY", "canary-key")
          .env("TEMPO_TENANT", "team-a");
      Result asked = fine("query", "{ }");
      assertThat(asked.err())
          .contains("asking Tempo at " + tempo.uri().getAuthority(), "--tempo none")
          .doesNotContain("canary-key");
      assertThat(tempo.requests().getFirst().target()).startsWith("/tempo/api/search?");
      assertThat(tempo.requests().getFirst().headers())
          .containsEntry("authorization", "Basic NjU0MzIxOmNhbmFyeS1rZXk=")
          .containsEntry("x-scope-orgid", "team-a");

      assertThat(guard.run("query", "{ }", "--tempo", "none").err()).doesNotContain("Tempo");
      assertThat(tempo.requests()).hasSize(1);

      String elsewhere = tempo.uri().toString().replace("http://", "http://me:canary-word@");
      Result named = fine("query", "{ }", "--tempo", elsewhere);
      assertThat(named.err()).isEmpty();
      assertThat(tempo.requests().getLast().headers())
          .containsEntry("authorization", "Basic bWU6Y2FuYXJ5LXdvcmQ=");
    }
  }

  @Test
  void aTempoThatFails_isOneLine_andExit3() {
    Result nobody = guard.run("query", "{ }", "--tempo", "http://me:canary-word@127.0.0.1:9");
    assertThat(nobody.exitCode()).isEqualTo(3);
    assertThat(nobody.err())
        .isEqualTo("pr-guard: Tempo 127.0.0.1:9: connection refused" + System.lineSeparator());

    Result wrong = guard.run("report", "--tempo", "ftp://canary-word@there");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("--tempo: not an address").doesNotContain("canary-word");
    assertThat(guard.run("report", "--tempo", "http://x", "--home", folder.toString()).err())
        .contains("--home and --tempo: only one of them");

    guard.env("TEMPO_TOKEN", "canary\nword");
    assertThat(guard.run("query", "{ }", "--tempo", "http://127.0.0.1:9").err())
        .contains("TEMPO_TOKEN: has a character that no header can hold")
        .doesNotContain("canary");
  }
}
