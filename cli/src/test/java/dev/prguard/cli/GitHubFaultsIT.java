package dev.prguard.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.testkit.FakeGitHub;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Answer.Reply;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.testkit.TestRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A GitHub that fails in every way seen, at each step of a review.
@Execution(ExecutionMode.CONCURRENT)
final class GitHubFaultsIT {
  private static final int FINE = 0;
  private static final int WRONG_INPUT = 2;
  private static final int OUTSIDE_FAILED = 3;

  private static final String BEFORE = "import os\n\ndef run(name):\n    return name\n";
  private static final String AFTER =
      """
      import os
      import subprocess

      def run(name):
          subprocess.call("convert " + name, shell=True)
          return name
      """;

  /// Read by all tests, written by none.
  private static TestRepository repository;

  @TempDir Path folder;

  @BeforeAll
  static void makeRepository(@TempDir Path shared) {
    repository = TestRepository.create(shared);
    repository.write("app.py", BEFORE).write("zoo.py", "x = 1\n").commit("base");
    repository.git("checkout", "-q", "-b", "feature");
    repository.write("app.py", AFTER).write("zoo.py", "x = 2\n").commit("change");
  }

  /// The list of files brings all changed lines; only what lies around them stays unknown.
  @Test
  void github_refusesTheFiles_reviewsTheHunksThatItGave() {
    try (FakeGitHub github = pullRequest()) {
      github.instead(on("/git/blobs/", FakeGitHub.refusal(500, "Server Error")));
      review(github, "30s")
          .isHonest(FakeGitHub.TOKEN)
          .ends("reviewed", FINE, "")
          .keepsTheRulesFindings()
          .leavesATrace("reviewed");
    }
  }

  static Stream<Fault> publishingFaults() {
    return Stream.of(
        unpublished("403", "403", FakeGitHub.refusal(403, "Resource not accessible")),
        unpublished("404", "404", FakeGitHub.refusal(404, "Not Found")),
        unpublished("422", "422", FakeGitHub.refusal(422, "line must be part of the diff")),
        unpublished(
            "rate limit",
            "rate limit",
            FakeGitHub.refusal(429, "slow").header("retry-after", "3600")),
        unpublished("500", "500", FakeGitHub.refusal(500, "Server Error")),
        unpublished(
            "hangs",
            "did not answer",
            new Answer.Delayed(Duration.ofSeconds(80), FakeGitHub.refusal(500, ""))),
        unpublished("reset", "no whole answer", new Answer.Reset()),
        unpublished("empty body", "empty", Answer.json(201, "")));
  }

  private static Fault unpublished(String name, String word, Answer answer) {
    return new Fault(
        name,
        "partial",
        OUTSIDE_FAILED,
        word,
        github -> github.instead(request -> request.method().equals("POST") ? answer : null));
  }

  @ParameterizedTest
  @MethodSource("publishingFaults")
  void publishing_broken_isToldAndFindingsStay(Fault fault) {
    try (FakeGitHub github = pullRequest()) {
      fault.breaking.accept(github);
      FaultRun run =
          review(github, fault.timeout(), "--post")
              .isHonest(FakeGitHub.TOKEN)
              .ends(fault.status, fault.exitCode, fault.word)
              .keepsTheRulesFindings()
              .leavesATrace(fault.status);
      assertThat(run.json().path("receipt").path("posted").asInt()).isZero();
    }
  }

  private static FakeGitHub pullRequest() {
    return FakeGitHub.start(repository, "main", "feature");
  }

  /// @param status what the report must say; none, when there must be no report
  /// @param word what the report or standard error must say
  record Fault(
      String name, String status, int exitCode, String word, Consumer<FakeGitHub> breaking) {
    /// Only what hangs has to wait for the deadline; on a busy machine the rest may need long.
    String timeout() {
      return name.contains("hang") ? "6s" : "30s";
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /// Whatever is asked, this is the answer: nothing is reviewed.
  private static Fault always(String name, String word, Answer answer) {
    return at("", name, word, answer);
  }

  /// Requests whose path has this part get this answer, and without it there is no review.
  private static Fault at(String path, String name, String word, Answer answer) {
    return new Fault(
        name, "not_reviewed", OUTSIDE_FAILED, word, github -> github.instead(on(path, answer)));
  }

  private static Function<Request, @Nullable Answer> on(String path, Answer answer) {
    return request -> request.path().contains(path) ? answer : null;
  }

  static Stream<Fault> faults() {
    Reply notFound = FakeGitHub.refusal(404, "Not Found");
    Reply failed = FakeGitHub.refusal(500, "Server Error");
    Reply pull = Answer.json(200, "{\"number\":7,\"head\":{\"sha\":\"");
    return Stream.of(
        always("401", "GITHUB_TOKEN was refused", FakeGitHub.refusal(401, "Bad credentials")),
        always("403", "403", FakeGitHub.refusal(403, "Resource not accessible")),
        always("422", "422", FakeGitHub.refusal(422, "odd")),
        always("429", "rate limit", FakeGitHub.refusal(429, "slow").header("retry-after", "3600")),
        always(
            "rate limit",
            "rate limit",
            FakeGitHub.refusal(403, "limit")
                .header("x-ratelimit-remaining", "0")
                .header("x-ratelimit-reset", "32503680000")),
        always(
            "secondary limit",
            "rate limit",
            FakeGitHub.refusal(403, "You have exceeded a secondary rate limit")
                .header("retry-after", "3600")),
        always("500", "failed at", failed),
        always("503", "failed at", FakeGitHub.refusal(503, "Unavailable")),
        always("hangs", "did not answer", new Answer.Delayed(Duration.ofSeconds(80), failed)),
        always("reset", "no whole answer", new Answer.Reset()),
        always("cut off", "no whole answer", new Answer.Truncated(pull, 10)),
        always("half JSON", "not JSON, or cut off", pull),
        always("empty body", "empty", Answer.json(200, "")),
        always(
            "web page", "a web page", Answer.bytes(200, "text/html", "<p>Hi".getBytes(ISO_8859_1))),
        always("null", "not GitHub's", Answer.json(200, "null")),
        always("empty object", "is not the pull request", Answer.json(200, "{}")),
        always(
            "redirect to another host",
            "moved to",
            Answer.json(302, "").header("location", "http://127.0.0.2:9/")),
        new Fault(
            "404",
            "none",
            WRONG_INPUT,
            "or it is private",
            github -> github.instead(on("", notFound))),
        at("/files", "files: 500", "failed at", failed),
        at("/files", "files: no list", "not GitHub's", Answer.json(200, "{}")),
        at("/compare/", "comparison: 403", "403", FakeGitHub.refusal(403, "no")),
        at("/git/", "settings of the base: 500", "failed at", failed),
        at(
            "/git/",
            "settings of the base: hang",
            "did not answer",
            new Answer.Delayed(Duration.ofSeconds(80), failed)),
        partial("files: the list is short", "1 more files", github -> github.listedFiles(1)),
        new Fault(
            "files: the list is empty",
            "not_reviewed",
            OUTSIDE_FAILED,
            "2 more files",
            github -> github.listedFiles(0)),
        partial(
            "one file is not to be had",
            "app.py",
            github ->
                github
                    .withoutPatch(path -> path.equals("app.py"))
                    .instead(on("/git/blobs/", failed))),
        new Fault(
            "blob gone",
            "not_reviewed",
            OUTSIDE_FAILED,
            "app.py",
            github -> github.withoutPatch(path -> true).instead(on("/git/blobs/", notFound))),
        new Fault(
            "blob fails",
            "not_reviewed",
            OUTSIDE_FAILED,
            "app.py",
            github -> github.withoutPatch(path -> true).instead(on("/git/blobs/", failed))));
  }

  private static Fault partial(String name, String word, Consumer<FakeGitHub> breaking) {
    return new Fault(name, "partial", FINE, word, breaking);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void github_broken_isNeverAReview(Fault fault) {
    try (FakeGitHub github = pullRequest()) {
      fault.breaking.accept(github);
      review(github, fault.timeout())
          .isHonest(FakeGitHub.TOKEN)
          .ends(fault.status, fault.exitCode, fault.word)
          .leavesATrace(fault.status.equals("none") ? "not_reviewed" : fault.status);
      assertThat(github.writes()).isEmpty();
    }
  }

  private FaultRun review(FakeGitHub github, String timeout, String... more) {
    Path home = folder.resolve("home");
    GuardProcess guard = new GuardProcess(home).in(folder).env("GITHUB_TOKEN", FakeGitHub.TOKEN);
    List<String> arguments = new ArrayList<>(List.of("review", github.pullUrl()));
    arguments.addAll(List.of("--llm", "none", "--timeout", timeout, "--fail-on", "none"));
    arguments.addAll(List.of("--json", "-"));
    arguments.addAll(List.of(more));
    return FaultRun.of(home, () -> guard.run(arguments.toArray(String[]::new)));
  }
}
