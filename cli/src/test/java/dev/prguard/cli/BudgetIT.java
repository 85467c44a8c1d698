package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.testkit.TestHttpServer;
import dev.prguard.testkit.TestHttpServer.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Budgets that more than one review share, and models without a price, with the real command.
final class BudgetIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private GuardProcess guard;
  private Path diff;

  @BeforeEach
  void newHome() throws IOException {
    guard = new GuardProcess(folder.resolve("home")).in(folder);
    diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);
    Files.createDirectories(folder.resolve("home/data"));
  }

  /// Bills 666,300 nano-dollars a call of gpt-4o-mini.
  private TestHttpServer model(String name) {
    TestHttpServer server =
        TestHttpServer.start(_ ->
            Answer.json(
                200,
                """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"%s",
                 "choices":[{"index":0,"finish_reason":"stop",
                   "message":{"role":"assistant","content":"{\\"findings\\":[],\\"count\\":0}"}}],
                 "usage":{"prompt_tokens":1586,"completion_tokens":714,"total_tokens":2300}}
                """
                    .formatted(name)));
    guard.env("OPENAI_API_KEY", "sk-canary-4242").env("OPENAI_BASE_URL", server.uri() + "/v1");
    return server;
  }

  private void userConfig(String yaml) throws IOException {
    Files.writeString(folder.resolve("home/data/config.yml"), yaml);
  }

  private Result review(String model, String... more) {
    String[] arguments = new String[more.length + 8];
    System.arraycopy(
        new String[] {
          "review", diff.toString(), "--json", "-", "--llm", model, "--fail-on", "none"
        },
        0,
        arguments,
        0,
        8);
    System.arraycopy(more, 0, arguments, 8, more.length);
    return guard.run(arguments);
  }

  @Test
  void dayLimit_usedUpByTheFirstRun_leavesRulesToTheSecond() throws IOException {
    // The least that a call is reserved with: 1,000 tokens of output alone are 600,000.
    userConfig("budget:\n  day_usd: 0.0012\n  month_usd: 5\n");
    try (TestHttpServer server = model("gpt-4o-mini-2024-07-18")) {
      Result first = review("openai/gpt-4o-mini");
      assertThat(first.exitCode()).as(first.err()).isZero();
      assertThat(JSON.readTree(first.out()).path("cost").path("nano_usd").asLong())
          .isEqualTo(666_300);
      assertThat(server.requests()).hasSize(1);

      Result second = review("openai/gpt-4o-mini");
      JsonNode json = JSON.readTree(second.out());
      assertThat(server.requests()).hasSize(1);
      assertThat(second.exitCode()).as(second.err()).isZero();
      assertThat(json.path("status").asText()).isEqualTo("partial");
      assertThat(json.path("findings")).isNotEmpty();
      assertThat(json.path("cost").path("nano_usd").asLong(-1)).isZero();
      assertThat(json.path("problems").toString())
          .contains("over budget: the limit of $0.0012 a day (day_usd) has no room for this call");

      // Findings decide on the exit code as ever.
      Result failing =
          guard.run("review", diff.toString(), "--llm", "openai/gpt-4o-mini", "--fail-on", "low");
      assertThat(failing.exitCode()).isEqualTo(1);
      assertThat(failing.out()).contains("PARTLY REVIEWED", "$0.0012 a day (day_usd)");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void ledger_isNotTouched_withoutASharedLimit() {
    try (TestHttpServer _ = model("gpt-4o-mini-2024-07-18")) {
      assertThat(review("openai/gpt-4o-mini", "--budget", "0.05").exitCode()).isZero();
      assertThat(folder.resolve("home/data/budget")).doesNotExist();
    }
  }

  @Test
  void ledger_thatCannotBeUsed_holdsNoLimit_soNothingIsSpent() throws IOException {
    userConfig("budget: {month_usd: 5}\n");
    Files.writeString(folder.resolve("home/data/budget"), "a file where the folder should be");
    try (TestHttpServer server = model("gpt-4o-mini-2024-07-18")) {
      Result result = review("openai/gpt-4o-mini");
      assertThat(server.requests()).isEmpty();
      assertThat(JSON.readTree(result.out()).path("status").asText()).isEqualTo("partial");
      assertThat(result.out()).contains("cannot be used");
    }
  }

  @Test
  void unknownPrice_underABudget_isRefused_untilAllowedOrAdded() throws IOException {
    try (TestHttpServer server = model("acme-9")) {
      Result refused = review("openai/acme-9", "--budget", "1");
      assertThat(server.requests()).isEmpty();
      JsonNode json = JSON.readTree(refused.out());
      assertThat(json.path("status").asText()).isEqualTo("partial");
      assertThat(json.path("problems").toString()).contains("--allow-unpriced");

      Result allowed = review("openai/acme-9", "--budget", "1", "--allow-unpriced");
      assertThat(server.requests()).hasSize(1);
      json = JSON.readTree(allowed.out());
      assertThat(json.path("status").asText()).isEqualTo("reviewed");
      assertThat(json.path("cost").path("usd").isNull()).isTrue();
      String line = lineToAdd(json.path("problems"));

      // As printed it is refused, with the place; filled in it is the price.
      Path prices = folder.resolve("prices.json");
      Files.writeString(prices, "{\"prices\": [\n" + line + "\n]}");
      Result unfilled = review("openai/acme-9", "--prices", prices.toString());
      assertThat(unfilled.exitCode()).isEqualTo(2);
      assertThat(unfilled.err()).contains("prices.json:2:");
      Files.writeString(
          prices, "{\"prices\": [\n" + line.replace("USD_PER_MILLION", "10") + "\n]}");
      Result priced = review("openai/acme-9", "--prices", prices.toString(), "--budget", "1");
      assertThat(JSON.readTree(priced.out()).path("cost").path("nano_usd").asLong())
          .isEqualTo(23_000_000);
    }
  }

  private static String lineToAdd(JsonNode problems) {
    for (JsonNode problem : problems) {
      String text = problem.asText();
      int start = text.indexOf("{\"provider\"");
      if (start >= 0) {
        return text.substring(start, text.indexOf('}', start) + 1);
      }
    }
    throw new AssertionError("no line to add in " + problems);
  }

  @Test
  void budgetOfTheRepository_neverWidensTheReviewers() throws IOException, InterruptedException {
    userConfig("budget: {day_usd: 0.0000001}\n");
    Path repository =
        GitFixture.repository(
            folder.resolve("repo"),
            ".pr-guard.yml",
            "budget: {day_usd: 1000}\nallow_unpriced: true\n");
    GitFixture.commit(repository, "a.py", "import os\nos.system(input())\n");
    try (TestHttpServer server = model("gpt-4o-mini-2024-07-18")) {
      for (String model : new String[] {"openai/gpt-4o-mini", "openai/acme-9"}) {
        Result result =
            guard.run(
                "review", repository.toString(), "--base", "HEAD~1", "--llm", model, "--json", "-");
        assertThat(result.out()).contains("over budget");
      }
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void budget_malformed_isNamedWithLineAndColumn() throws IOException {
    userConfig("budget:\n  day_usd: much\n");
    assertThat(review("none").err()).contains("config.yml:2:12", "expected an amount in USD");
    userConfig("budget:\n  week_usd: 1\n");
    assertThat(review("none").err()).contains("config.yml:2:3", "week_usd", "day_usd");
    userConfig("budget_usd: 1\nbudget: {review_usd: 2}\n");
    assertThat(review("none").err()).contains("config.yml:2:10", "review_usd is there twice");
    userConfig("");
    Result absurd = review("none", "--budget", "1e999999999");
    assertThat(absurd.exitCode()).isEqualTo(2);
    assertThat(absurd.err()).contains("--budget");
  }

  @Test
  void prices_areListed_andUnknownOnesNamedWithTheirNeighbours() throws IOException {
    Result all = guard.run("prices");
    assertThat(all.exitCode()).as(all.err()).isZero();
    assertThat(all.out()).contains("openai/gpt-4o-mini", "anthropic/claude-haiku-4-5");
    Result sol = guard.run("prices", "gpt-5.6-sol");
    assertThat(sol.out()).contains("until 2026-08-20", "2026-08-21", "over 272,000");
    Result json = guard.run("prices", "openai/gpt-4o-mini", "--json", "-");
    assertThat(JSON.readTree(json.out()).at("/prices/0/input").decimalValue())
        .isEqualByComparingTo("0.15");
    Path copy =
        Files.write(folder.resolve("copy.json"), json.out().getBytes(StandardCharsets.UTF_8));
    assertThat(guard.run("prices", "gpt-4o-mini", "--prices", copy.toString()).out())
        .isEqualTo(guard.run("prices", "gpt-4o-mini").out());
    Result unknown = guard.run("prices", "gpt-4o-minni");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("gpt-4o-minni", "openai/gpt-4o-mini");
    assertThat(guard.run("prices", "gpt-4o-mini-2024-07-18").out()).contains("openai/gpt-4o-mini");
  }
}
