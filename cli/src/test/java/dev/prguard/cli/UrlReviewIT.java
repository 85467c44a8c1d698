package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.testkit.FakeGitHub;
import dev.prguard.testkit.TestRepository;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A review of a pull request by its URL, against a server that answers as GitHub does.
final class UrlReviewIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String BEFORE = "import os\n\n\ndef load(path):\n    return open(path)\n";
  private static final String AFTER =
      """
      import os
      import yaml


      def load(path):
          return yaml.load(open(path), Loader=yaml.Loader)


      def pack(name):
          os.system("tar -c " + name)
      """;

  @TempDir Path folder;
  private TestRepository repository;
  private FakeGitHub github;
  private GuardProcess guard;

  @BeforeEach
  void openPullRequest() throws IOException {
    repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    repository.write("app.py", BEFORE).write(".pr-guard.yml", "fail_on: critical\n").commit("base");
    repository.git("checkout", "-q", "-b", "feature");
    repository.write("app.py", AFTER).write(".pr-guard.yml", "fail_on: none\n").commit("change");
    github = FakeGitHub.start(repository, "main", "feature");
    guard =
        new GuardProcess(folder.resolve("home")).in(folder).env("GITHUB_TOKEN", FakeGitHub.TOKEN);
  }

  @AfterEach
  void stop() {
    github.close();
  }

  private Result review(String... more) {
    String[] arguments = new String[more.length + 6];
    List.of("review", github.pullUrl(), "--llm", "none", "--json", "-").toArray(arguments);
    System.arraycopy(more, 0, arguments, 6, more.length);
    return guard.run(arguments);
  }

  private static JsonNode json(Result result) {
    try {
      return JSON.readTree(result.out());
    } catch (IOException e) {
      throw new AssertionError(result.out() + result.err(), e);
    }
  }

  private List<SpanRecord> trace(JsonNode json) {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder.resolve("home/data"))) {
      return store.trace(json.path("trace_id").asText());
    }
  }

  @Test
  void findings_areOnTheLinesOfTheHead_andNothingIsWritten() {
    Result result = review();
    JsonNode json = json(result);

    assertThat(json.path("status").asText()).as(result.out()).isEqualTo("reviewed");
    assertThat(json.path("findings"))
        .extracting(f -> f.path("path").asText() + ":" + f.path("line").asInt())
        .contains("app.py:6", "app.py:10");
    assertThat(github.writes()).isEmpty();
    // The base branch says critical; what the pull request makes of it is ignored, and told.
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains(".pr-guard.yml");
    assertThat(json.path("patch").path("verified").asBoolean()).isTrue();
  }

  @Test
  void everySpan_namesThePullRequest() {
    List<SpanRecord> spans = trace(json(review()));

    assertThat(spans).hasSizeGreaterThanOrEqualTo(7);
    assertThat(spans)
        .allSatisfy(span ->
            assertThat(span.attributes())
                .containsEntry("pr.url", AttributeValue.of(github.pullUrl()))
                .containsEntry("pr.repository", AttributeValue.of("acme/shop"))
                .containsEntry("pr.owner", AttributeValue.of("acme"))
                .containsEntry("pr.repo", AttributeValue.of("shop"))
                .containsEntry("pr.number", AttributeValue.of(7L)));
    assertThat(spans)
        .filteredOn(span -> !span.name().equals("fetch.diff"))
        .allSatisfy(span ->
            assertThat(span.attributes())
                .containsEntry("pr.head_sha", AttributeValue.of(repository.id("feature"))));
  }

  @Test
  void publicPullRequest_needsNoToken_andAPrivateOneSaysSo() {
    guard.env("GITHUB_TOKEN", "");
    assertThat(json(review()).path("status").asText()).isEqualTo("reviewed");

    github.isPrivate();
    Result hidden = guard.run("review", github.pullUrl(), "--llm", "none");
    assertThat(hidden.exitCode()).isEqualTo(2);
    assertThat(hidden.err()).contains("GITHUB_TOKEN");
  }

  @Test
  void post_twice_repeatsNothing_andResolvesWhatWasFixed() {
    JsonNode first = json(review("--post"));
    assertThat(first.path("receipt").path("posted").asInt())
        .isEqualTo(first.path("findings").size());
    List<String> comments = bodies(github.lineComments());
    assertThat(github.lineComments())
        .extracting(c -> c.path("path").asText() + ":" + c.path("line").asInt())
        .contains("app.py:6", "app.py:10");
    assertThat(github.issueComments())
        .singleElement()
        .satisfies(summary ->
            assertThat(summary.path("body").asText())
                .contains("Coverage", "Cost", "tokens", first.path("trace_id").asText()));

    JsonNode second = json(review("--post"));
    assertThat(second.path("receipt").path("posted").asInt()).isZero();
    assertThat(bodies(github.lineComments())).isEqualTo(comments);
    assertThat(github.issueComments())
        .singleElement()
        .satisfies(summary ->
            assertThat(summary.path("body").asText())
                .contains(second.path("trace_id").asText())
                .doesNotContain(first.path("trace_id").asText()));

    repository.write("app.py", AFTER.replace("os.system(\"tar -c \" + name)", "return name"));
    repository.commit("fix one");
    JsonNode third = json(review("--post"));
    assertThat(third.path("receipt").path("resolved").asInt()).isEqualTo(1);
    ObjectNode fixed =
        github.lineComments().stream()
            .filter(c -> c.path("body").asText().contains("command"))
            .findFirst()
            .orElseThrow();
    assertThat(github.isResolved(fixed.path("id").asLong())).isTrue();

    SpanRecord comment =
        trace(third).stream()
            .filter(s -> s.name().equals("comment.post"))
            .findFirst()
            .orElseThrow();
    assertThat(comment.attributes()).containsEntry("comment.posted", AttributeValue.of(true));
  }

  @Test
  void markersOfAnotherAccount_areNotTaken() {
    review("--post");
    String summary = github.issueComments().getFirst().path("body").asText();
    try (FakeGitHub other = FakeGitHub.start(repository, "main", "feature")) {
      other.addForeignComment(summary);
      JsonNode json =
          json(guard.run("review", other.pullUrl(), "--llm", "none", "--json", "-", "--post"));

      assertThat(json.path("receipt").path("posted").asInt()).isPositive();
      assertThat(other.issueComments()).hasSize(2);
      assertThat(other.issueComments().getFirst().path("body").asText()).isEqualTo(summary);
    }
  }

  @Test
  void patchPr_opensOneDraftWithTheProvenFix() {
    JsonNode first = json(review("--patch-pr"));
    assertThat(github.opened())
        .singleElement()
        .satisfies(pull -> assertThat(pull.path("draft").asBoolean()).isTrue());
    assertThat(first.path("patch").path("pull_request_url").asText()).contains("/pull/");
    assertThat(trace(first))
        .filteredOn(span -> span.name().equals("patch.generate"))
        .singleElement()
        .satisfies(span ->
            assertThat(span.attributes())
                .containsEntry("patch.pr_created", AttributeValue.of(true)));

    JsonNode second = json(review("--patch-pr"));
    assertThat(github.opened()).hasSize(1);
    assertThat(second.path("patch").path("pull_request_url"))
        .isEqualTo(first.path("patch").path("pull_request_url"));
  }

  private static List<String> bodies(List<ObjectNode> comments) {
    return comments.stream().map(c -> c.path("body").asText()).toList();
  }
}
