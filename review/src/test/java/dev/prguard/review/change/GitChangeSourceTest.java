package dev.prguard.review.change;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.review.change.ChangeSourceException.Category;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.FileDiff.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitChangeSourceTest {
  @TempDir Path temp;
  TestRepository repository;

  @BeforeEach
  void createRepository() {
    repository = TestRepository.init(temp.resolve("shop"));
    repository.write("app.py", "a\nb\nc\n").write("old.txt", "bye\n").commit("First");
  }

  private Change fetch(@Nullable String base, @Nullable String head, boolean uncommitted) {
    return new GitChangeSource(repository.folder, base, head, uncommitted).fetch();
  }

  private static List<String> paths(Change change) {
    return change.diff().files().stream().map(FileDiff::path).toList();
  }

  private static String read(FileContents side, String path) {
    return side.read(path).map(bytes -> new String(bytes, UTF_8)).orElse("(none)");
  }

  @Test
  void fetch_branch_isComparedWithWhereItLeftTheDefaultBranch() {
    String start = repository.git("rev-parse", "HEAD");
    repository.git("checkout", "-q", "-b", "feature");
    repository.write("app.py", "a\nB\nc\n").write("new dir/ünï.txt", "hello").commit("Add it");
    String end = repository.git("rev-parse", "HEAD");
    repository.git("checkout", "-q", "main");
    repository.write("other.txt", "not of the feature\n").commit("Meanwhile");
    repository.git("checkout", "-q", "feature");
    repository.git("remote", "add", "origin", "https://me:s3cret@git.example.org/acme/shop.git");

    Change change = fetch(null, null, false);

    assertThat(paths(change)).containsExactly("app.py", "new dir/ünï.txt");
    assertThat(read(change.head(), "app.py")).isEqualTo("a\nB\nc\n");
    assertThat(read(change.base(), "app.py")).isEqualTo("a\nb\nc\n");
    assertThat(read(change.head(), "new dir/ünï.txt")).isEqualTo("hello");
    assertThat(read(change.base(), "new dir/ünï.txt")).isEqualTo("(none)");
    assertThat(read(change.head(), "other.txt")).isEqualTo("(none)");
    PullRequest pullRequest = change.pullRequest();
    assertThat(pullRequest)
        .isEqualTo(
            new PullRequest(
                "file:" + repository.folder,
                "acme/shop",
                "acme",
                "shop",
                null,
                "Ada Author",
                "Add it",
                "",
                "feature",
                end,
                "main",
                start));
  }

  @Test
  void fetch_namedRevisions_needNoCheckout() {
    repository.write("app.py", "a\nb\nc\nd\n").commit("Second");
    repository.write("app.py", "a\nb\nc\nd\ne\n").commit("Third");

    Change change = fetch("HEAD~2", "HEAD~1", false);

    assertThat(change.diff().addedLines()).isEqualTo(1);
    assertThat(read(change.head(), "app.py")).isEqualTo("a\nb\nc\nd\n");
    assertThat(change.pullRequest().title()).isEqualTo("Second");
    assertThat(change.pullRequest().repository()).isEqualTo("shop");
    assertThat(change.pullRequest().owner()).isEmpty();
  }

  @Test
  void fetch_originHead_isTheDefaultBranch() {
    repository.git("branch", "trunk");
    repository.write("app.py", "a\n").commit("On main");
    repository.git("update-ref", "refs/remotes/origin/trunk", "trunk");
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk");

    assertThat(fetch(null, null, false).pullRequest().baseRef()).isEqualTo("trunk");
    assertThat(paths(fetch(null, null, false))).containsExactly("app.py");
  }

  @Test
  void fetch_nothingChanged_isEmpty() {
    assertThat(fetch(null, null, false).diff().isEmpty()).isTrue();
    assertThat(fetch(null, null, true).diff().isEmpty()).isTrue();
  }

  @Test
  void fetch_uncommitted_addsTrackedAndUntrackedButNotIgnoredFiles() throws Exception {
    repository.write(".gitignore", "*.log\n").commit("Ignore logs");
    repository.write("app.py", "a\nb\nX\n").write("noise.log", "no").write("sub/new.py", "n\n");
    repository.write("staged.py", "s\n").write("empty", "");
    repository.git("add", "staged.py");
    Files.delete(repository.folder.resolve("old.txt"));
    Files.writeString(temp.resolve("secret"), "top secret");
    Files.createSymbolicLink(repository.folder.resolve("link"), temp.resolve("secret"));
    List<String> before = state();

    Change change = fetch(null, null, true);

    assertThat(paths(change))
        .containsExactly("app.py", "empty", "link", "old.txt", "staged.py", "sub/new.py");
    assertThat(read(change.head(), "app.py")).isEqualTo("a\nb\nX\n");
    assertThat(read(change.head(), "sub/new.py")).isEqualTo("n\n");
    assertThat(read(change.head(), "empty")).isEmpty();
    assertThat(read(change.head(), "old.txt")).isEqualTo("(none)");
    assertThat(read(change.head(), ".gitignore")).isEqualTo("*.log\n");
    assertThat(read(change.head(), "noise.log")).isEqualTo("(none)");
    assertThat(read(change.head(), "link")).isEqualTo(temp.resolve("secret").toString());
    assertThat(read(change.head(), "../secret")).isEqualTo("(none)");
    assertThat(state()).as("the repository is not written to").isEqualTo(before);
  }

  private List<String> state() throws IOException {
    try (Stream<Path> files = Files.walk(repository.folder)) {
      return files.map(file -> file + " " + file.toFile().lastModified()).sorted().toList();
    }
  }

  @Test
  void fetch_uncommittedWithoutACommit_isEverything() {
    TestRepository fresh = TestRepository.init(temp.resolve("fresh")).write("a.txt", "a\n");

    Change change = new GitChangeSource(fresh.folder, null, null, true).fetch();

    assertThat(paths(change)).containsExactly("a.txt");
    assertThat(read(change.head(), "a.txt")).isEqualTo("a\n");
    assertThat(change.pullRequest().headSha()).isEmpty();
  }

  @Test
  void fetch_newFolderThatGitRefuses_isAGap() {
    TestRepository.init(repository.folder.resolve("nested")).write("n.txt", "n\n");
    repository.write("z.txt", "z\n");

    Change change = fetch(null, null, true);

    assertThat(paths(change)).containsExactly("z.txt");
    assertThat(change.gaps()).extracting(Change.Gap::path).containsExactly("nested/");
    assertThat(change.gaps().getFirst().reason()).contains("does not have a commit");
  }

  @Test
  void fetch_linkedWorkingTree_isItsOwn() throws Exception {
    repository.git("worktree", "add", "-q", "-b", "side", temp.resolve("side").toString());
    Files.writeString(temp.resolve("side/new.txt"), "n\n");

    Change change = new GitChangeSource(temp.resolve("side"), null, null, true).fetch();

    assertThat(paths(change)).containsExactly("new.txt");
    assertThat(change.pullRequest().headRef()).isEqualTo("side");
  }

  @Test
  void fetch_fromAFolderInside_isOfTheWholeRepository() {
    repository.write("deep/er/x.txt", "1\n").write("top.txt", "1\n");

    Change change =
        new GitChangeSource(repository.folder.resolve("deep/er"), null, null, true).fetch();

    assertThat(paths(change)).containsExactly("deep/er/x.txt", "top.txt");
  }

  @Test
  void fetch_bareRepository_works() {
    repository.write("app.py", "a\nb\n").commit("Second");
    repository.git("clone", "-q", "--bare", ".", temp.resolve("bare.git").toString());

    Change change = new GitChangeSource(temp.resolve("bare.git"), "HEAD~1", null, false).fetch();

    assertThat(paths(change)).containsExactly("app.py");
    assertThat(read(change.head(), "app.py")).isEqualTo("a\nb\n");
  }

  @Test
  void fetch_renameModeSubmoduleBinary_haveTheirStatus() {
    repository.write("logo.png", new byte[] {1, 0, 2}).write("run.sh", "#!/bin/sh\n").commit("2");
    repository.git("mv", "app.py", "moved name.py");
    repository.git("update-index", "--chmod=+x", "run.sh");
    repository.git(
        "update-index", "--add", "--cacheinfo", "160000," + "1".repeat(40) + ",vendor/lib");
    repository.write("logo.png", new byte[] {1, 0, 3});
    repository.git("add", "logo.png");
    repository.git("commit", "-q", "-m", "3");

    Change change = fetch("HEAD~1", null, false);

    assertThat(change.diff().files())
        .extracting(FileDiff::path, FileDiff::status, FileDiff::binary)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("logo.png", Status.MODIFIED, true),
            org.assertj.core.groups.Tuple.tuple("moved name.py", Status.RENAMED, false),
            org.assertj.core.groups.Tuple.tuple("run.sh", Status.MODE_CHANGED, false),
            org.assertj.core.groups.Tuple.tuple("vendor/lib", Status.SUBMODULE, false));
    assertThat(read(change.head(), "vendor/lib")).isEqualTo("(none)");
    assertThat(change.head().read("logo.png")).contains(new byte[] {1, 0, 3});
  }

  @Test
  void fetch_attributesThatHideText_areOverruled() {
    repository.write(".gitattributes", "*.py -diff\n*.txt binary\n").write("app.py", "evil()\n");
    repository.write("new.py", "more()\n").write("data.bin", new byte[] {0, 1});
    repository.commit("Hide");

    Change committed = fetch("HEAD~1", null, false);
    repository.write("later.py", "last()\n");
    Change uncommitted = fetch("HEAD~1", null, true);

    assertThat(committed.diff().files())
        .filteredOn(FileDiff::binary)
        .extracting(FileDiff::path)
        .containsExactly("data.bin");
    assertThat(committed.diff().files().get(1).addedLines()).isEqualTo(1);
    assertThat(uncommitted.diff().files())
        .filteredOn(file -> !file.binary())
        .extracting(FileDiff::path)
        .containsExactly(".gitattributes", "app.py", "later.py", "new.py");
  }

  @Test
  void fetch_hostileConfiguration_runsNothing() throws Exception {
    Path ran = temp.resolve("ran");
    Path script = temp.resolve("evil.sh");
    Files.writeString(script, "#!/bin/sh\necho \"$0 $@\" >> '" + ran + "'\ncat\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    String evil = script.toString();
    repository.write(".gitattributes", "* diff=evil filter=evil\n*.q filter=a=b.clean\n");
    repository.write("app.py", "changed\n").commit("Second");
    for (String key :
        List.of(
            "diff.external",
            "core.fsmonitor",
            "core.pager",
            "pager.diff",
            "pager.log",
            "core.sshCommand",
            "gpg.program",
            "diff.evil.command",
            "diff.evil.textconv",
            "filter.evil.clean",
            "filter.evil.smudge",
            "filter.a=b.clean.clean",
            "filter.a=b.clean.process",
            "remote.origin.uploadpack")) {
      repository.git("config", key, evil);
    }
    repository.git("config", "filter.evil.required", "true");
    repository.git("config", "log.showSignature", "true");
    repository.git("config", "diff.noprefix", "true");
    repository.git("config", "diff.renames", "copies");
    repository.git("config", "core.worktree", "/");
    Path hooks = Files.createDirectories(repository.folder.resolve(".git/hooks"));
    Files.copy(script, hooks.resolve("post-index-change"));
    Files.writeString(repository.folder.resolve("app.py"), "uncommitted\n");
    Files.writeString(repository.folder.resolve("x.q"), "untracked\n");

    Change change = fetch("HEAD~1", null, true);

    assertThat(paths(change)).containsExactly(".gitattributes", "app.py", "x.q");
    assertThat(read(change.head(), "app.py")).isEqualTo("uncommitted\n");
    assertThat(read(fetch("HEAD~1", null, false).head(), "app.py")).isEqualTo("changed\n");
    assertThat(ran).doesNotExist();
  }

  @Test
  void read_manyThreadsAndOddPaths_isExact() {
    byte[] latin = "caf\u00e9\f\r\n\u0085no end".getBytes(ISO_8859_1);
    repository.write("odd\nname", latin).write("big", "x".repeat(300_000)).commit("Odd");
    FileContents head = fetch(null, null, false).head();

    List<String> wrong =
        Stream.generate(() -> List.of("odd\nname", "big", "nope", "app.py"))
            .limit(50)
            .flatMap(List::stream)
            .parallel()
            .filter(path ->
                switch (path) {
                  case "odd\nname" -> !read(head, path).equals(new String(latin, UTF_8));
                  case "big" -> read(head, path).length() != 300_000;
                  case "nope" -> head.read(path).isPresent();
                  default -> !read(head, path).equals("a\nb\nc\n");
                })
            .toList();

    assertThat(wrong).isEmpty();
    assertThat(head.read("odd\nname")).contains(latin);
    for (String path : List.of("", "/app.py", "./app.py", "x/../app.py", "a\0b", "app.py/")) {
      assertThat(head.read(path)).isEmpty();
    }
  }

  @Test
  void fetch_wrongInput_saysWhatToDo() {
    Path empty = temp.resolve("empty");
    TestRepository fresh = TestRepository.init(temp.resolve("fresh"));
    TestRepository odd = TestRepository.init(temp.resolve("odd"));
    odd.commit("One").git("branch", "-m", "main", "odd");

    assertInput(() -> new GitChangeSource(empty, null, null, false).fetch(), "no such folder");
    assertThat(empty.toFile().mkdirs()).isTrue();
    assertInput(
        () -> new GitChangeSource(empty, null, null, false).fetch(), "not a git repository");
    assertInput(() -> fetch("nope", null, false), "unknown revision \"nope\"");
    assertInput(() -> fetch("--output=/tmp/x", null, false), "unknown revision");
    assertInput(() -> fetch("", null, false), "unknown revision");
    assertInput(() -> fetch("main..main", null, false), "unknown revision");
    assertInput(() -> fetch(null, "v9", false), "unknown revision \"v9\"");
    assertInput(() -> fetch(null, "main", true), "leave out --head");
    assertInput(() -> new GitChangeSource(fresh.folder, null, null, false).fetch(), "no commits");
    assertInput(() -> new GitChangeSource(odd.folder, null, null, false).fetch(), "--base");
  }

  private static void assertInput(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ChangeSourceException.class, e -> assertThat(e.category()).isEqualTo(Category.INPUT))
        .hasMessageContaining(words)
        .hasMessageNotContaining("\n");
  }
}
