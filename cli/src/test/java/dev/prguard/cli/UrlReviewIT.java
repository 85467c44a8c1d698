package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.testkit.FakeGitHub;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.testkit.TestRepository;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// `pr-guard review URL` against a GitHub that keeps what is written to it.
@Execution(ExecutionMode.CONCURRENT)
final class UrlReviewIT {
  private static final String LOAD = "    return yaml.load(file, Loader=yaml.Loader)\n";
  private static final String SAFE_LOAD = "    return yaml.safe_load(file)\n";
  private static final String CALL = "    subprocess.call(\"convert \" + name, shell=True)\n";
  private static final String SAFE_CALL = "    subprocess.call([\"convert\", name])\n";
  private static final String DELETE =
      "def delete(request, id):\n    Order.objects.get(id=id).delete()\n";

  /// What is dangerous in the pull request: path, line, and the side of the diff that shows it.
  private static final String[] DANGERS = {
    ".pr-guard.yml 1 RIGHT", "shop.py 6 RIGHT", "shop.py 10 RIGHT", "views.py 3 LEFT"
  };

  @TempDir Path folder;
  private TestRepository repository;
  private FakeGitHub github;

  /// The base's settings let a review with findings pass; those of the pull request would not.
  @BeforeEach
  void openPullRequest() throws Exception {
    repository = TestRepository.create(Files.createDirectory(folder.resolve("repository")));
    repository
        .write(".pr-guard.yml", "fail_on: none\n")
        .write("shop.py", shop("    return {}\n", ""))
        .write("views.py", "import shop\n\n@permission_required(\"shop.delete\")\n" + DELETE)
        .commit("base");
    repository.git("checkout", "-q", "-b", "feature");
    repository
        .write(".pr-guard.yml", "fail_on: low\n")
        .write("shop.py", shop(LOAD, CALL))
        .write("views.py", "import shop\n\n" + DELETE)
        .commit("change");
    github = FakeGitHub.start(repository, "main", "feature");
  }

  @AfterEach
  void stop() {
    github.close();
  }

  private static String shop(String load, String call) {
    return "import subprocess\nimport yaml\n\n\ndef load(file):\n"
        + load
        + "\n\ndef convert(name):\n"
        + call
        + "    return name\n";
  }

  @Test
  void publicPullRequest_withoutToken_isReviewed_andOnlyRead() {
    FaultRun run =
        review("").isHonest(FaultRun.API_KEY).ends("reviewed", 0, "").leavesATrace("reviewed");

    assertThat(places(run.json().path("findings")))
        .as("exact lines, and the exit code of the base's settings")
        .containsExactlyInAnyOrder(DANGERS);
    assertThat(run.json().path("findings").findValuesAsText("message"))
        .as("the ignored change of the settings is told")
        .anyMatch(message -> message.contains("base branch"));
    assertThat(run.spans()).hasSize(8);
    for (SpanRecord span : run.spans()) {
      assertThat(span.attributes())
          .as(span.name())
          .containsEntry("pr.url", AttributeValue.of(github.pullUrl()))
          .containsEntry("pr.repository", AttributeValue.of("acme/shop"))
          .containsEntry("pr.owner", AttributeValue.of("acme"))
          .containsEntry("pr.repo", AttributeValue.of("shop"))
          .containsEntry("pr.number", AttributeValue.of(7L))
          .containsEntry("pr.author", AttributeValue.of("author"))
          .containsEntry("pr.head_sha", AttributeValue.of(repository.id("feature")));
    }
    assertThat(span(run, "patch.generate").attributes())
        .containsEntry("patch.verified", AttributeValue.of(true))
        .containsEntry("patch.pr_created", AttributeValue.of(false));
    assertThat(span(run, "comment.post").attributes())
        .containsEntry("comment.posted", AttributeValue.of(false))
        .hasEntrySatisfying("comment.length", length -> assertThat(number(length)).isPositive());
    assertThat(github.requests())
        .allMatch(request -> request.method().equals("GET"))
        .noneMatch(request -> request.headers().containsKey("authorization"));
  }

  @Test
  void privatePullRequest_withoutToken_saysWhatIsMissing() {
    github.isPrivate();
    Result hidden = guard("").run("review", github.pullUrl(), "--llm", "none");
    assertThat(hidden.exitCode()).isEqualTo(2);
    assertThat(hidden.err()).contains("GITHUB_TOKEN").doesNotContain("\tat ");
    assertThat(hidden.out()).isEmpty();
  }

  @Test
  void post_writesComments_summaryAndDraft_andRepeatsNothing() {
    github.isPrivate();
    FaultRun first = review(FakeGitHub.TOKEN, "--post", "--patch-pr").isHonest(FakeGitHub.TOKEN);
    first.ends("reviewed", 0, "").leavesATrace("reviewed");

    assertThat(places(github.lineComments())).containsExactlyInAnyOrder(DANGERS);
    assertThat(github.reviews()).hasSize(1);
    summaryTells(first);
    assertThat(first.json().path("receipt").path("posted").asInt()).isEqualTo(DANGERS.length);
    assertThat(span(first, "comment.post").attributes())
        .containsEntry("comment.posted", AttributeValue.of(true))
        .hasEntrySatisfying(
            "comment.length", length -> assertThat(number(length)).isEqualTo(summary().length()));
    assertThat(span(first, "patch.generate").attributes())
        .containsEntry("patch.pr_created", AttributeValue.of(true));
    draftHasTheFix(first);

    List<ObjectNode> comments = github.lineComments();
    int writes = github.writes().size();
    FaultRun second = review(FakeGitHub.TOKEN, "--post", "--patch-pr").ends("reviewed", 0, "");

    assertThat(github.lineComments()).isEqualTo(comments);
    assertThat(github.reviews()).hasSize(1);
    summaryTells(second);
    assertThat(second.json().path("receipt").path("updated").asInt()).isEqualTo(DANGERS.length);
    draftHasTheFix(second);
    assertThat(span(second, "patch.generate").attributes())
        .as("the draft was there")
        .containsEntry("patch.pr_created", AttributeValue.of(false));
    assertThat(github.writes().stream().skip(writes))
        .filteredOn(write -> !write.path().contains("/git/"))
        .extracting(write -> write.method() + " " + write.path().replaceAll("[0-9]+$", "N"))
        .as("the summary has a new trace id; nothing else is written where people see it")
        .containsExactly("PATCH /api/v3/repos/acme/shop/issues/comments/N");
  }

  private void draftHasTheFix(FaultRun run) {
    assertThat(github.opened()).hasSize(1);
    ObjectNode draft = github.opened().getFirst();
    assertThat(run.json().path("patch").path("pull_request_url")).isEqualTo(draft.path("html_url"));
    assertThat(draft.path("draft").asBoolean()).isTrue();
    assertThat(draft.path("base").path("ref").asText()).isEqualTo("feature");
    String branch = draft.path("head").path("ref").asText();
    assertThat(repository.git("diff", "--name-only", "feature", branch)).isEqualTo("shop.py\n");
    assertThat(repository.git("show", branch + ":shop.py")).isEqualTo(shop(SAFE_LOAD, CALL));
  }

  private void summaryTells(FaultRun run) {
    assertThat(github.issueComments()).hasSize(1);
    assertThat(summary())
        .contains("4 findings", "shop.py", "Coverage", "Rules: 3 of 3 files")
        .contains("Cost `$0`", "0 tokens", "trace `" + run.json().path("trace_id").asText() + "`")
        .containsPattern("tokens · [0-9.,]+ m?s · trace");
  }

  private String summary() {
    return github.issueComments().getFirst().path("body").asText();
  }

  @Test
  void newHead_fixedFinding_isResolved_andTheOthersStay() {
    review(FakeGitHub.TOKEN, "--post").ends("reviewed", 0, "");
    List<ObjectNode> before = github.lineComments();
    repository.write("shop.py", shop(LOAD, SAFE_CALL)).commit("do not ask a shell");

    FaultRun run = review(FakeGitHub.TOKEN, "--post").ends("reviewed", 0, "");

    assertThat(places(run.json().path("findings"))).doesNotContain("shop.py 10 RIGHT").hasSize(3);
    assertThat(run.json().path("receipt").path("resolved").asInt()).isEqualTo(1);
    assertThat(github.lineComments()).hasSameSizeAs(before);
    assertThat(before)
        .filteredOn(comment -> github.isResolved(comment.path("id").asLong()))
        .extracting(UrlReviewIT::place)
        .containsExactly("shop.py 10 RIGHT");
    assertThat(github.issueComments()).hasSize(1);
    assertThat(summary()).contains("3 findings");
  }

  @Test
  void markersForgedByAnother_hideNothing() {
    for (JsonNode finding : review("").json().path("findings")) {
      String path = finding.path("path").asText();
      String fingerprint = finding.path("fingerprint").asText();
      github.addForeignLineComment(
          path, "<!-- pr-guard:finding:" + fingerprint + ":v1 -->\nLooks fine to me.");
    }
    github.addForeignComment("<!-- pr-guard:summary:v1 -->\nNothing was found.");

    FaultRun run = review(FakeGitHub.TOKEN, "--post").ends("reviewed", 0, "");

    assertThat(run.json().path("receipt").path("posted").asInt()).isEqualTo(DANGERS.length);
    assertThat(github.lineComments())
        .filteredOn(comment -> comment.path("user").path("id").asLong() == FakeGitHub.ACCOUNT_ID)
        .extracting(UrlReviewIT::place)
        .containsExactlyInAnyOrder(DANGERS);
    assertThat(github.issueComments())
        .extracting(comment -> comment.path("user").path("login").asText())
        .containsExactly("mallory", "guard");
  }

  @Test
  void fork_isReviewedAndCommented_butGetsNoBranch() {
    github.fromFork();
    FaultRun run = review(FakeGitHub.TOKEN, "--post", "--patch-pr").isHonest(FakeGitHub.TOKEN);

    run.ends("partial", 3, "comes from a fork").leavesATrace("partial");
    assertThat(places(github.lineComments())).containsExactlyInAnyOrder(DANGERS);
    assertThat(summary()).contains("comes from a fork");
    assertThat(github.opened()).isEmpty();
    assertThat(github.writes()).extracting(Request::path).noneMatch(path -> path.contains("/git/"));
    assertThat(span(run, "patch.generate").attributes())
        .containsEntry("patch.verified", AttributeValue.of(true))
        .containsEntry("patch.pr_created", AttributeValue.of(false));
  }

  private GuardProcess guard(String token) {
    GuardProcess guard = new GuardProcess(folder.resolve("home")).in(folder);
    return token.isEmpty() ? guard : guard.env("GITHUB_TOKEN", token);
  }

  private FaultRun review(String token, String... more) {
    List<String> arguments = new ArrayList<>(List.of("review", github.pullUrl()));
    arguments.addAll(List.of("--llm", "none", "--json", "-"));
    arguments.addAll(List.of(more));
    return FaultRun.of(
        folder.resolve("home"), () -> guard(token).run(arguments.toArray(String[]::new)));
  }

  private static List<String> places(Iterable<? extends JsonNode> nodes) {
    return StreamSupport.stream(nodes.spliterator(), false).map(UrlReviewIT::place).toList();
  }

  /// The place of a finding, or of a comment.
  private static String place(JsonNode node) {
    String side = node.path("side").asText().replace("new", "RIGHT").replace("old", "LEFT");
    return node.path("path").asText() + " " + node.path("line").asInt() + " " + side;
  }

  private static long number(AttributeValue value) {
    return ((AttributeValue.LongValue) value).value();
  }

  private static SpanRecord span(FaultRun run, String name) {
    return run.spans().stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }
}
