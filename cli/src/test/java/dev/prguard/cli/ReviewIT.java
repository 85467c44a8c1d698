package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.testkit.LargePullRequest;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A review without a model, end to end: the real command, real diffs, real repositories.
final class ReviewIT {
  static final String SMALL_DIFF =
      """
      diff --git a/app.py b/app.py
      index 1111111..2222222 100644
      --- a/app.py
      +++ b/app.py
      @@ -1,3 +1,6 @@
       import os
      +import subprocess
      +
       def run(name):
      -    return name
      +    subprocess.call("convert " + name, shell=True)
      +    return name
      """;

  @TempDir Path folder;
  private GuardProcess guard;

  @BeforeEach
  void newHome() {
    guard = new GuardProcess(folder.resolve("home")).in(folder);
  }

  @Test
  void diffFile_commandInjection_isFoundOnItsLine() throws IOException {
    Path diff = Files.writeString(folder.resolve("small.diff"), SMALL_DIFF);
    Result result = guard.run("review", diff.toString(), "--json", "-");
    JsonNode json = new ObjectMapper().readTree(result.out());
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(json.path("status").asText()).isEqualTo("reviewed");
    JsonNode finding = json.path("findings").get(0);
    assertThat(finding.path("path").asText()).isEqualTo("app.py");
    assertThat(finding.path("line").asInt()).isEqualTo(5);
    assertThat(finding.path("cwe").asText()).isEqualTo("CWE-78");
    assertThat(finding.path("source").asText()).isEqualTo("rule");
    assertThat(json.path("cost").path("usd").decimalValue()).isZero();
    assertThat(json.path("cost").path("model").asText()).isEqualTo("none");
  }

  @Test
  void standardInput_andTerminal_sayTheSame() {
    Result result =
        guard.run(
            new ByteArrayInputStream(SMALL_DIFF.getBytes(StandardCharsets.UTF_8)),
            "review",
            "-",
            "--fail-on",
            "none");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("app.py", "CWE-78").doesNotContain("\u001b");
  }

  @Test
  void repository_branch_isComparedWithWhereItLeftMain() throws Exception {
    Path repository = GitFixture.repository(folder.resolve("repo"), "app.py", "import os\n");
    GitFixture.git(repository, "checkout", "-q", "-b", "feature");
    GitFixture.commit(repository, "app.py", "import os\nos.system(\"rm \" + name)\n");
    GitFixture.git(repository, "checkout", "-q", "main");
    GitFixture.commit(repository, "other.py", "eval(input())\n");
    GitFixture.git(repository, "checkout", "-q", "feature");

    Result result = guard.run("review", repository.toString(), "--json", "-");
    List<String> paths =
        StreamSupport.stream(
                new ObjectMapper().readTree(result.out()).path("findings").spliterator(), false)
            .map(finding -> finding.path("path").asText() + ":" + finding.path("line").asInt())
            .distinct()
            .toList();
    assertThat(paths).containsExactly("app.py:2");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void repository_uncommitted_isReviewedToo() throws Exception {
    Path repository = GitFixture.repository(folder.resolve("repo"), "app.py", "import os\n");
    Files.writeString(repository.resolve("new.py"), "import os\nos.system(\"rm \" + name)\n");
    Result without = guard.run("review", repository.toString());
    Result with = guard.run("review", repository.toString(), "--uncommitted");
    assertThat(without.err())
        .contains("nothing to review: main would be compared with itself", "--uncommitted");
    assertThat(without.exitCode()).isZero();
    assertThat(with.out()).contains("new.py");
    assertThat(with.exitCode()).isEqualTo(1);
  }

  @Test
  void config_changedByTheChange_isIgnoredAndReported() throws Exception {
    Path repository =
        GitFixture.repository(folder.resolve("repo"), ".pr-guard.yml", "fail_on: low\n");
    GitFixture.git(repository, "checkout", "-q", "-b", "feature");
    GitFixture.commit(repository, ".pr-guard.yml", "fail_on: none\n");
    GitFixture.commit(repository, "app.py", "import os\nos.system(\"rm \" + name)\n");
    Result result = guard.run("review", repository.toString());
    assertThat(result.exitCode()).as("the base branch's fail_on holds").isEqualTo(1);
    assertThat(result.out()).contains(".pr-guard.yml");
  }

  @Test
  void trace_ofARulesOnlyReview_isWholeAndInTheStore() throws IOException {
    Path diff = Files.writeString(folder.resolve("small.diff"), SMALL_DIFF);
    Result result = guard.run("review", diff.toString(), "--json", "-");
    String traceId = new ObjectMapper().readTree(result.out()).path("trace_id").asText();
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder.resolve("home/data"))) {
      List<SpanRecord> spans = store.trace(traceId);
      assertThat(spans)
          .extracting(SpanRecord::name)
          .containsExactlyInAnyOrder(
              "pr_review.workflow",
              "fetch.diff",
              "nitpicker.analyze",
              "rules.scan",
              "architect.analyze",
              "patch.generate",
              "patch.verify",
              "comment.post");
      for (SpanRecord span : spans) {
        assertThat(span.attributes()).as(span.name()).containsKeys("pr.url", "pr.repository");
        if (span.name().equals("rules.scan") || span.name().equals("patch.verify")) {
          continue;
        }
        assertThat(span.attributes()).as(span.name()).containsKeys("operation.type", "latency.ms");
        if (!span.name().equals("pr_review.workflow")) {
          assertThat(span.attributes())
              .as(span.name())
              .containsEntry("cost.usd", AttributeValue.of(0.0))
              .containsEntry("cost.nano_usd", AttributeValue.of(0L))
              .containsEntry("cost.model", AttributeValue.of("none"))
              .containsEntry("cost.tokens.total", AttributeValue.of(0L));
        }
      }
    }
    Result tree = guard.run("trace", traceId);
    assertThat(tree.out()).contains("pr_review.workflow", "└─ comment.post");
  }

  @Test
  void hugeChange_theFourDangersAreFoundWithoutAModel() throws IOException {
    Path diff =
        Files.writeString(folder.resolve("large.diff"), LargePullRequest.diff(1_000, 60_000, 7));
    Result result = guard.run("review", diff.toString(), "--json", "-");
    JsonNode json = new ObjectMapper().readTree(result.out());
    List<String> paths = new ArrayList<>();
    json.path("findings").forEach(finding -> paths.add(finding.path("path").asText()));
    assertThat(paths)
        .contains(
            LargePullRequest.SECRET_PATH,
            LargePullRequest.REMOVED_CHECK_PATH,
            LargePullRequest.WORKFLOW_PATH,
            LargePullRequest.LOCK_PATH);
    assertThat(json.path("coverage").path("files")).hasSize(1_000);
  }
}
