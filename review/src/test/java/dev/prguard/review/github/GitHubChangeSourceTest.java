package dev.prguard.review.github;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.prguard.review.change.Change;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.change.Commits;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.diff.PullRequestDiff;
import dev.prguard.testkit.FakeGitHub;
import dev.prguard.testkit.TestHttpServer.Answer;
import dev.prguard.testkit.TestHttpServer.Request;
import dev.prguard.testkit.TestRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitHubChangeSourceTest {
  private final TestRepository repository;
  private final SteppedTime time = new SteppedTime();
  private @Nullable FakeGitHub started;

  GitHubChangeSourceTest(@TempDir Path folder) {
    repository = TestRepository.create(folder);
    repository.write("README.md", "shop\n").commit("first");
  }

  @AfterEach
  void stop() {
    if (started != null) {
      started.close();
    }
  }

  /// Commits the working tree as the head of the pull request.
  private FakeGitHub pullRequest() {
    repository.git("checkout", "-q", "-b", "feature");
    repository.commit("change");
    started = FakeGitHub.start(repository, "main", "feature");
    return started;
  }

  private Change fetch(FakeGitHub github) {
    return source(github, FakeGitHub.TOKEN).fetch();
  }

  private GitHubChangeSource source(FakeGitHub github, @Nullable String token) {
    return new GitHubChangeSource(PullRequestUrl.parse(github.pullUrl()), client(github, token));
  }

  private GitHubClient client(FakeGitHub github, @Nullable String token) {
    return new GitHubClient(
        github.api(),
        token,
        time,
        time::pause,
        new GitHubClient.Limits(Duration.ofSeconds(60), Duration.ofSeconds(10), 32 << 20));
  }

  /// The same change as git itself tells it.
  private PullRequestDiff byGit() {
    return DiffParser.parse(
        repository.run(new byte[0], "diff", "-M", "--full-index", "main...feature"));
  }

  private static FileDiff file(Change change, String path) {
    return change.diff().files().stream()
        .filter(f -> f.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static ChangeSourceException failure(GitHubChangeSource source) {
    return assertThatExceptionOfType(ChangeSourceException.class)
        .isThrownBy(source::fetch)
        .actual();
  }

  @Test
  void fetch_changeOfManyKinds_isTheOneThatGitTells() {
    repository
        .write("a/mod.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")
        .write("gone.txt", "bye\n")
        .write("old name.txt", "keep\n".repeat(20))
        .write("moved.txt", "x\n".repeat(20))
        .write("crlf.txt", "a\r\nb\r\n")
        .write("cut.txt", "no end")
        .commit("base");
    String mergeBase = repository.id("HEAD");
    repository
        .write("a/mod.txt", "1\n2\n3\n4\nfive\f5\n6\n7\n8\n9\nten  # no newline at end of file\n")
        .delete("gone.txt")
        .delete("old name.txt")
        .write("new näme.txt", "keep\n".repeat(20))
        .delete("moved.txt")
        .write("sub/moved.txt", "x\n".repeat(19) + "y\n")
        .write("crlf.txt", "a\r\nc\r\n\u0085d\u2028e\n")
        .write("cut.txt", "no end\nor so")
        .write("added.txt", "one\ntwo\n")
        .write("empty.txt", "");
    FakeGitHub github = pullRequest();
    repository.git("checkout", "-q", "main");
    repository.write("later.txt", "the base moves on\n").commit("later");

    Change change = fetch(github);

    assertThat(change.gaps()).isEmpty();
    PullRequestDiff expected = byGit();
    assertThat(change.diff().files())
        .usingRecursiveFieldByFieldElementComparatorOnFields(
            "status", "oldPath", "newPath", "binary")
        .containsExactlyElementsOf(expected.files());
    for (FileDiff file : expected.files()) {
      assertThat(file(change, file.path()).hunks()).isEqualTo(file.hunks());
    }
    assertThat(change.pullRequest().baseSha()).isEqualTo(mergeBase);
    assertThat(change.pullRequest().headSha()).isEqualTo(repository.id("feature"));
    assertThat(change.pullRequest().number()).isEqualTo(7);
    assertThat(change.pullRequest().author()).isEqualTo("author");
    assertThat(change.head().read("cut.txt")).hasValue("no end\nor so".getBytes(ISO_8859_1));
    assertThat(change.base().read("cut.txt")).hasValue("no end".getBytes(ISO_8859_1));
    assertThat(change.base().read("gone.txt")).hasValue("bye\n".getBytes(ISO_8859_1));
    assertThat(change.head().read("gone.txt")).isEmpty();
    assertThat(change.head().read("README.md")).isPresent();
    assertThat(change.base().read("later.txt")).isEmpty();
  }

  @Test
  void fetch_patchesLeftOut_areMadeFromTheFiles() {
    repository
        .write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n")
        .write("gone.txt", "bye\nbye")
        .write("same.txt", "same\n".repeat(9))
        .write("x/binary.bin", new byte[] {1, 0, 2})
        .write("x/mode.sh", "run\n")
        .commit("base");
    repository
        .write("a.txt", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n15\n16")
        .delete("gone.txt")
        .delete("same.txt")
        .write("other.txt", "same\n".repeat(9))
        .write("x/binary.bin", new byte[] {1, 0, 3})
        .write("new.txt", "a\nb\n")
        .write("empty.txt", "");
    repository.git("add", "-A");
    repository.git("update-index", "--chmod=+x", "x/mode.sh");
    repository.git("checkout", "-q", "-b", "feature");
    repository.git("commit", "-q", "-m", "change");
    started = FakeGitHub.start(repository, "main", "feature").withoutPatch(_ -> true);

    Change change = fetch(started);

    assertThat(change.gaps()).isEmpty();
    PullRequestDiff expected = byGit();
    assertThat(change.diff().files())
        .usingRecursiveFieldByFieldElementComparatorOnFields(
            "status", "oldPath", "newPath", "binary")
        .containsExactlyElementsOf(expected.files());
    for (FileDiff file : expected.files()) {
      assertThat(file(change, file.path()).hunks())
          .usingRecursiveComparison()
          .ignoringFields("section")
          .isEqualTo(file.hunks());
    }
    assertThat(file(change, "x/mode.sh").newMode()).isEqualTo("100755");
    assertThat(file(change, "x/mode.sh").status()).isEqualTo(Status.MODE_CHANGED);
  }

  @Test
  void fetch_bytesThatJsonCannotHold_areTakenFromTheFiles() {
    repository.write("latin.txt", "caf\u00e9\n".getBytes(ISO_8859_1)).commit("base");
    repository.write("latin.txt", "caf\u00e9 \u00fc\n".getBytes(ISO_8859_1));

    Change change = fetch(pullRequest());

    assertThat(file(change, "latin.txt").hunks().getFirst().lines())
        .extracting(DiffLine::bytes)
        .containsExactly("caf\u00e9", "caf\u00e9 \u00fc");
  }

  @Test
  void fetch_submodule_isKnownAsOne() {
    repository.commit("base");
    repository.git("update-index", "--add", "--cacheinfo", "160000," + "1".repeat(40) + ",lib");
    repository.git("commit", "-q", "-m", "submodule");
    repository.git("checkout", "-q", "-b", "feature");
    repository.git("update-index", "--cacheinfo", "160000," + "2".repeat(40) + ",lib");
    repository.write("fake.txt", "Subproject commit " + "3".repeat(40) + "\n");
    repository.git("add", "fake.txt");
    repository.git("commit", "-q", "-m", "change");
    started = FakeGitHub.start(repository, "main", "feature");

    Change change = fetch(started);
    Change bare = fetch(started.withoutPatch(_ -> true));

    assertThat(file(change, "lib").status()).isEqualTo(Status.SUBMODULE);
    assertThat(file(change, "fake.txt").status()).isEqualTo(Status.ADDED);
    assertThat(file(bare, "lib")).usingRecursiveComparison().isEqualTo(file(change, "lib"));
    assertThat(change.head().read("lib")).isEmpty();
  }

  @Test
  void fetch_symbolicLink_isItsTargetAndNotFollowed() {
    repository.commit("base");
    String target =
        new String(
                repository.run("README.md".getBytes(ISO_8859_1), "hash-object", "-w", "--stdin"),
                ISO_8859_1)
            .strip();
    repository.git("update-index", "--add", "--cacheinfo", "120000," + target + ",link");
    repository.git("checkout", "-q", "-b", "feature");
    repository.git("commit", "-q", "-m", "change");
    started = FakeGitHub.start(repository, "main", "feature");

    Change change = fetch(started);

    assertThat(change.head().read("link")).hasValue("README.md".getBytes(ISO_8859_1));
  }

  @Test
  void fetch_filesOnManyPages_areAllThere() {
    for (int i = 0; i < 350; i++) {
      repository.write("src/f%03d.txt".formatted(i), "line " + i + "\n");
    }
    FakeGitHub github = pullRequest();

    Change change = fetch(github);

    assertThat(change.diff().files()).hasSize(350);
    assertThat(change.gaps()).isEmpty();
    assertThat(change.diff().addedLines()).isEqualTo(350);
    assertThat(github.requests()).hasSize(4 + 3);
    assertThat(github.requests())
        .noneMatch(r -> r.headers().getOrDefault("accept", "").contains("diff"));
  }

  @Test
  void fetch_filesThatGitHubDoesNotList_areAGap() {
    for (int i = 0; i < 5; i++) {
      repository.write("f" + i + ".txt", "line\n");
    }
    Change change = fetch(pullRequest().listedFiles(3));

    assertThat(change.diff().files()).hasSize(3);
    assertThat(change.gaps())
        .singleElement()
        .satisfies(gap -> assertThat(gap.path()).contains("2 more files"));
  }

  @Test
  void fetch_fileTooLargeToCompare_isAGap() {
    repository.write("big.txt", "x\n".repeat(FileDiffReader.MAX_COMPARED_LINES + 1));
    repository.write("wide.txt", "y".repeat(FileDiffReader.MAX_COMPARED_BYTES + 1));
    repository.write("small.txt", "z\n");

    Change change = fetch(pullRequest().withoutPatch(_ -> true));

    assertThat(change.gaps()).extracting(Change.Gap::path).containsExactly("big.txt", "wide.txt");
    assertThat(change.diff().files()).extracting(FileDiff::path).containsExactly("small.txt");
  }

  @Test
  void fetch_fileThatCannotBeRead_isAGapAndTheRestIsThere() {
    repository.write("a.txt", "a\n").write("b.txt", "b\n");
    FakeGitHub github = pullRequest().withoutPatch("b.txt"::equals);
    github.instead(r -> r.path().contains("/git/blobs/") ? FakeGitHub.refusal(500, "oops") : null);

    Change change = fetch(github);

    assertThat(change.diff().files()).extracting(FileDiff::path).containsExactly("a.txt");
    assertThat(change.gaps())
        .singleElement()
        .satisfies(gap -> assertThat(gap.reason()).contains("oops"));
  }

  @Test
  void fetch_patchThatIsNotWhole_isNotBelieved() {
    repository.write("a.txt", "1\n2\n3\n").commit("base");
    repository.write("a.txt", "1\n2\n3\n4\n5\n");
    FakeGitHub github = pullRequest();
    String sha = repository.git("rev-parse", "feature:a.txt").strip();
    github.instead(r ->
        r.path().endsWith("/files")
            ? Answer.json(
                200,
                "[{\"filename\":\"a.txt\",\"status\":\"modified\",\"sha\":\""
                    + sha
                    + "\",\"additions\":2,\"deletions\":0,"
                    + "\"patch\":\"@@ -1,3 +1,4 @@\\n 1\\n 2\\n 3\\n+4\"}]")
            : null);

    assertThat(file(fetch(github), "a.txt").hunks()).isEqualTo(byGit().files().getFirst().hunks());
  }

  @Test
  void fetch_wrongBytes_areNotBelieved() {
    repository.write("a.txt", "secret = 1\n");
    FakeGitHub github = pullRequest();
    github.instead(r ->
        r.path().contains("/git/blobs/")
            ? Answer.bytes(200, "text/plain", "harmless = 1\n".getBytes(ISO_8859_1))
            : null);

    Change change = fetch(github);

    assertThatExceptionOfType(ChangeSourceException.class)
        .isThrownBy(() -> change.head().read("a.txt"));
  }

  @Test
  void fetch_treeTooLargeForOneAnswer_isWalked() {
    repository.write("deep/er/a.txt", "a\n").write("top.txt", "t\n").commit("base");
    repository.write("b.txt", "b\n");
    FakeGitHub github = pullRequest();
    github.instead(r ->
        r.target().contains("recursive=1")
            ? Answer.json(200, "{\"truncated\":true,\"tree\":[]}")
            : null);

    Change change = fetch(github);

    assertThat(change.base().read("deep/er/a.txt")).hasValue("a\n".getBytes(ISO_8859_1));
    assertThat(change.base().read("deep/none/a.txt")).isEmpty();
    assertThat(change.base().read("deep/er")).isEmpty();
    assertThat(change.head().read("top.txt/x")).isEmpty();
  }

  @Test
  void fetch_publicRepository_needsNoToken() {
    repository.write("a.txt", "a\n");
    Change change = source(pullRequest(), null).fetch();
    assertThat(change.diff().files()).hasSize(1);
  }

  @Test
  void fetch_privateRepository_saysThatATokenIsNeeded() {
    repository.write("a.txt", "a\n");
    FakeGitHub github = pullRequest().isPrivate();
    ChangeSourceException failure = failure(source(github, null));
    assertThat(failure)
        .hasMessageContaining("set GITHUB_TOKEN")
        .hasMessageContaining(github.pullUrl());
    assertThat(failure.category()).isEqualTo(ChangeSourceException.Category.INPUT);
    assertThat(fetch(github).diff().files()).hasSize(1);
  }

  @Test
  void fetch_wrongToken_saysSo() {
    repository.write("a.txt", "a\n");
    ChangeSourceException failure = failure(source(pullRequest(), "wrong-token"));
    assertThat(failure)
        .hasMessageContaining("GITHUB_TOKEN was refused")
        .hasMessageNotContaining("wrong-token");
    assertThat(failure.category()).isEqualTo(ChangeSourceException.Category.OUTSIDE);
  }

  @Test
  void fetch_pushWhileReading_readsAgain() {
    repository.write("a.txt", "a\n");
    FakeGitHub github = pullRequest();
    int[] reads = {0};
    github.afterwards(r -> {
      if (r.path().endsWith("/files") && reads[0]++ == 0) {
        repository.write("b.txt", "b\n").commit("push");
      }
      return null;
    });

    Change change = fetch(github);

    assertThat(change.diff().files()).hasSize(2);
    assertThat(change.pullRequest().headSha()).isEqualTo(repository.id("feature"));
  }

  @Test
  void fetch_answersThatAreNoPullRequest_fail() {
    repository.write("a.txt", "a\n");
    FakeGitHub github = pullRequest();
    List<Function<Request, @Nullable Answer>> faults =
        List.of(
            _ -> Answer.json(200, "{}"),
            _ -> Answer.json(200, "[]"),
            _ -> Answer.bytes(200, "text/html", "<html>".getBytes(ISO_8859_1)),
            _ -> Answer.json(200, ""),
            _ -> new Answer.Reset(),
            _ -> FakeGitHub.refusal(503, "busy"),
            r -> r.path().endsWith("/files") ? Answer.json(200, "{}") : null,
            r -> r.path().endsWith("/files") ? Answer.json(200, "[{}]") : null,
            r -> r.path().endsWith("/files") ? FakeGitHub.refusal(422, "too large") : null);
    for (Function<Request, @Nullable Answer> fault : faults) {
      ChangeSourceException failure = failure(source(github.instead(fault), FakeGitHub.TOKEN));
      assertThat(failure.category()).isEqualTo(ChangeSourceException.Category.OUTSIDE);
      assertThat(failure.getMessage()).doesNotContain("\n").doesNotContain(FakeGitHub.TOKEN);
    }
  }

  @Test
  void secretOfAnEarlierCommit_isReadCommitByCommit() {
    FakeGitHub github = pullRequest();
    String first = "1".repeat(40);
    String second = "2".repeat(40);
    github.instead(r -> {
      String path = r.path().substring(r.path().indexOf("/acme/shop") + 10);
      return switch (path) {
        case "/pulls/7/commits" ->
            Answer.json(
                200,
                "[{\"sha\":\""
                    + first
                    + "\",\"parents\":[{}]},{\"sha\":\""
                    + second
                    + "\",\"parents\":[{}]}]");
        case "/commits/1111111111111111111111111111111111111111" ->
            Answer.json(
                200,
                "{\"files\":[{\"filename\":\"a.py\",\"status\":\"added\",\"additions\":1,"
                    + "\"patch\":\"@@ -0,0 +1 @@\\n+key = 1\"}]}");
        case "/commits/2222222222222222222222222222222222222222" -> FakeGitHub.refusal(404, "gone");
        default -> null;
      };
    });
    PullCommits commits =
        new PullCommits(client(github, null), PullRequestUrl.parse(github.pullUrl()));

    assertThat(commits.read(JsonNodeFactory.instance.objectNode().put("commits", 1)))
        .isEqualTo(Commits.NONE);
    assertThat(commits.read(JsonNodeFactory.instance.objectNode().put("commits", 2)))
        .satisfies(read -> {
          assertThat(read.diffs()).extracting(Commits.CommitDiff::id).containsExactly(first);
          assertThat(read.limit()).contains("1 of 2 commits were looked at");
        });
  }
}
