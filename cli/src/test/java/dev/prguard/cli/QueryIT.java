package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.cli.GuardProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `pr-guard query` on the traces of real reviews, as a process.
final class QueryIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private GuardProcess guard;

  @BeforeEach
  void reviewTwice() throws IOException {
    guard = new GuardProcess(folder.resolve("home")).in(folder);
    Path diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);
    for (int i = 0; i < 2; i++) {
      Result review = guard.run("review", diff.toString(), "--llm", "none", "--fail-on", "none");
      assertThat(review.exitCode()).as(review.err()).isZero();
    }
  }

  private Result fine(String... arguments) {
    Result result = guard.run(arguments);
    assertThat(result.exitCode()).as(result.err()).isZero();
    return result;
  }

  @Test
  void search_isATable_JsonOfTempo_orCsv() throws IOException {
    String query = "{ span.operation.type = \"nitpicker\" } | select(span.latency.ms)";
    assertThat(fine("query", query).out())
        .contains("operation.type", "latency.ms", "nitpicker", "2 spans in 2 traces");

    JsonNode json = JSON.readTree(fine("query", query, "--json").out());
    assertThat(json.path("traces")).hasSize(2);
    assertThat(json.at("/traces/0/rootTraceName").asText()).isEqualTo("pr_review.workflow");
    assertThat(json.at("/traces/0/spanSets/0/matched").asInt()).isEqualTo(1);

    assertThat(fine("query", query, "--csv").out().lines()).hasSize(3);
    assertThat(JSON.readTree(fine("query", query, "--json", "--limit", "1").out()).path("traces"))
        .hasSize(1);
  }

  @Test
  void metrics_countWhatTheReviewsDid() throws IOException {
    String query = "{ span.operation.type != nil } | count_over_time() by (span.operation.type)";
    Result table = fine("query", query, "--instant");
    assertThat(table.out()).contains("span.operation.type=fetch", "span.operation.type=workflow");

    JsonNode json = JSON.readTree(fine("query", query, "--instant", "--json").out());
    assertThat(json.path("series")).hasSize(6);
    json.path("series").forEach(series -> assertThat(series.path("value").asInt()).isEqualTo(2));

    assertThat(fine("query", query, "--since", "1h", "--step", "10m").out()).contains("6 series");

    String quantile = "{ span.cost.usd != nil } | quantile_over_time(span.cost.usd, .5)";
    assertThat(fine("query", quantile, "--instant").out()).contains("1 series");
    // Tempo has none of doubles.
    assertThat(fine("query", quantile, "--instant", "--tempo-quantiles").out())
        .contains("0 series");
  }

  @Test
  void queryOfThePrototype_isTurned_andRun_unlessStrict() {
    String query =
        "{service.name=\"secure-pr-guard\"} | select(latency.ms) | group_by(operation.type)";
    Result turned = fine("query", query, "--limit", "5");
    assertThat(turned.err())
        .contains("asked instead", "resource.service.name", "by(span.operation.type)");
    assertThat(turned.out()).contains("latency.ms", "nitpicker");

    Result strict = guard.run("query", query, "--strict");
    assertThat(strict.exitCode()).isEqualTo(2);
    assertThat(strict.err())
        .contains("line 1, col 2", "unknown identifier: service", "^", "resource.service.name");
    assertThat(strict.err()).doesNotContain("\tat ");
  }

  @Test
  void queryThatIsNotWhatItLooksLike_isWarnedOf_withTheRightForm() {
    assertThat(fine("query", "{ span.cost.usd > 0 }").err()).contains("warning", "> 0.0");
    assertThat(fine("query", "{ span.cost.usd > 0.0 }").err()).doesNotContain("warning");
  }

  @Test
  void beginningOfAQuery_isCompleted_fromWhatTheReviewsLeft() throws IOException {
    assertThat(fine("query", "--complete", "{ span.operation.t").out())
        .isEqualTo("span.operation.type\tattribute\n");
    assertThat(fine("query", "--complete", "{ span.operation.type = \"fe").out())
        .isEqualTo("\"fetch\"\tvalue\n");
    JsonNode json =
        JSON.readTree(
            fine("query", "--complete", "{ dur } | rate()", "--cursor", "5", "--json").out());
    assertThat(json.path("from").asInt()).isEqualTo(2);
    assertThat(json.path("to").asInt()).isEqualTo(5);
    assertThat(json.at("/suggestions/0/text").asText()).isEqualTo("duration");
    assertThat(fine("query", "--complete", "\"}){").out()).isEmpty();
    assertThat(guard.run("query", "--complete", "{", "--cursor", "2").err())
        .contains("--cursor 2: expected 0 to 1");
    assertThat(guard.run("query").err()).contains("TRACEQL is missing");
  }

  @Test
  void wrongOptions_areNamed() {
    assertThat(guard.run("query", "{}", "--since", "yesterday").err())
        .contains("--since yesterday");
    assertThat(guard.run("query", "{}", "--instant").err()).contains("--instant", "metrics");
    assertThat(guard.run("query", "{}", "--start", "2026-11-02", "--end", "2026-11-01").err())
        .contains("the range is empty");
    assertThat(guard.run("query", "{} | rate()", "--step", "1ms").err())
        .contains("step of 1ms is too small");
    assertThat(guard.run("query", "{}", "--limit", "0").exitCode()).isEqualTo(2);
  }
}
