package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.cli.GuardProcess.Result;
import dev.prguard.testkit.TestRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A machine that fails: files that vanish, disks that are full, a git that is missing or broken.
@Execution(ExecutionMode.CONCURRENT)
final class LocalFaultsIT {
  private static final int FINE = 0;
  private static final int WRONG_INPUT = 2;
  private static final int OUTSIDE_FAILED = 3;

  @TempDir Path folder;
  private Path home;
  private GuardProcess guard;
  private Path diff;

  @BeforeEach
  void newHome() throws IOException {
    home = folder.resolve("home");
    guard = new GuardProcess(home).in(folder);
    diff = Files.writeString(folder.resolve("small.diff"), ReviewIT.SMALL_DIFF);
  }

  private FaultRun review(String source, String... more) {
    String[] arguments = new String[more.length + 4];
    List.of("review", source, "--fail-on", "none").toArray(arguments);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return FaultRun.of(home, () -> guard.run(arguments)).isHonest(FaultRun.API_KEY);
  }

  @Test
  void diff_vanished_isNamed() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link.diff"), folder.resolve("gone.diff"));
    review(link.toString(), "--json", "-").ends("none", WRONG_INPUT, "link.diff");
  }

  /// Reading a process's memory from its start is an I/O error, for the superuser too.
  @Test
  void diff_diskError_isNamed() {
    review("/proc/self/mem", "--json", "-")
        .ends("none", WRONG_INPUT, "/proc/self/mem")
        .leavesATrace("not_reviewed");
  }

  @Test
  void git_missing_saysHowToGoOn() {
    guard.env("PATH", folder.resolve("nowhere").toString());
    review(repository().folder().toString(), "--json", "-")
        .ends("none", WRONG_INPUT, "install git")
        .leavesATrace("not_reviewed");
  }

  @Test
  void git_thatFailsAtAll_isNoReview() throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path git =
        Files.writeString(bin.resolve("git"), "#!/bin/sh\necho 'fatal: boom' >&2\nexit 128\n");
    assertThat(git.toFile().setExecutable(true)).isTrue();
    guard.env("PATH", bin.toString());
    review(repository().folder().toString(), "--json", "-")
        .ends("none", WRONG_INPUT, "boom")
        .leavesATrace("not_reviewed");
  }

  @Test
  void git_killedInTheMiddle_isNoReview() throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    String real =
        TestRepository.create(Files.createDirectory(folder.resolve("x"))).git("--exec-path").strip()
            + "/git";
    Path git =
        Files.writeString(
            bin.resolve("git"),
            "#!/bin/bash\nfor w in \"$@\"; do\n  if [ \"$w\" = diff ] || [[ \"$w\" == diff-* ]]; then\n"
                + "    "
                + real
                + " \"$@\" | head -c 60; kill -9 $$\n  fi\ndone\nexec "
                + real
                + " \"$@\"\n");
    assertThat(git.toFile().setExecutable(true)).isTrue();
    guard.env("PATH", bin + ":/usr/bin:/bin");
    FaultRun run = review(repository().folder().toString(), "--json", "-");
    assertThat(run.result().exitCode()).as(run.result().err()).isIn(WRONG_INPUT, OUTSIDE_FAILED);
    assertThat(run.result().err()).contains("git diff");
    run.leavesATrace("not_reviewed");
  }

  @Test
  void git_corruptObject_isNoReview() throws IOException {
    TestRepository repository = repository();
    Files.writeString(object(repository, "HEAD:app.py"), "no zlib stream");
    notReviewed(review(repository.folder().toString(), "--json", "-"));
  }

  @Test
  void git_missingObject_isNoReview() throws IOException {
    TestRepository repository = repository();
    Files.delete(object(repository, "HEAD:app.py"));
    notReviewed(review(repository.folder().toString(), "--json", "-"));
  }

  @Test
  void git_missingTree_isNoReview() throws IOException {
    TestRepository repository = repository();
    Files.delete(object(repository, "HEAD^{tree}"));
    notReviewed(review(repository.folder().toString(), "--json", "-"));
  }

  private static void notReviewed(FaultRun run) {
    assertThat(run.result().exitCode()).as(run.result().err()).isIn(WRONG_INPUT, OUTSIDE_FAILED);
    assertThat(run.result().err()).contains("git ");
    run.leavesATrace("not_reviewed");
  }

  @Test
  void dataFolder_isAFile_reviewsAndWarns() throws IOException {
    guard.env("PR_GUARD_HOME", Files.writeString(folder.resolve("file"), "").toString());
    FaultRun run = review(diff.toString(), "--json", "-");
    run.ends("reviewed", FINE, "the trace is not kept").keepsTheRulesFindings();
  }

  /// A limit on the size of files is what a full disk is to a process: each write fails.
  @Test
  void diskFull_reviewsWholeAndWarns() {
    // Nothing can be unpacked: the native libraries that read code stand beside their jars.
    guard.script("ulimit -f 0; java=$1; shift; exec \"$java\" -XX:-UsePerfData \"$@\"");
    FaultRun run = review(diff.toString(), "--json", "-");
    run.ends("reviewed", FINE, "the trace is not kept").keepsTheRulesFindings();
    assertThat(run.spans()).isEmpty();
  }

  @Test
  void dataFolder_ruinedSegments_areLeftAside() throws IOException {
    review(diff.toString(), "--json", "-").leavesATrace("reviewed");
    try (var files = Files.walk(home.resolve("data"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".seg")).toList()) {
        Files.writeString(file, "rubbish");
      }
    }
    review(diff.toString(), "--json", "-").ends("reviewed", FINE, "").leavesATrace("reviewed");
  }

  @Test
  void report_diskFull_isNoSuccess() {
    for (String option : List.of("--json", "--sarif", "--markdown")) {
      Result result =
          guard.run("review", diff.toString(), "--fail-on", "none", option, "/dev/full");
      assertThat(result.err()).as(option).contains(option + " /dev/full").doesNotContain("\tat ");
      assertThat(result.exitCode()).as(option).isEqualTo(WRONG_INPUT);
    }
  }

  @Test
  void standardOutput_diskFull_isNoSuccess() {
    guard.script("exec \"$@\" >/dev/full");
    for (String[] more : new String[][] {{}, {"--json", "-"}, {"--sarif", "-"}}) {
      FaultRun run = review(diff.toString(), more);
      run.ends("none", WRONG_INPUT, "standard output").leavesATrace("reviewed");
    }
  }

  @Test
  void collector_isDown_isToldAndTheReviewStands() {
    guard.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    review(diff.toString(), "--json", "-", "--flush-timeout", "2s")
        .ends("reviewed", FINE, "delivered 0")
        .keepsTheRulesFindings()
        .leavesATrace("reviewed");
  }

  /// A branch that makes `app.py` dangerous.
  private TestRepository repository() {
    Path where = folder.resolve("repository");
    assertThat(where.toFile().mkdir()).isTrue();
    TestRepository repository = TestRepository.create(where);
    repository.write("app.py", "import os\n").commit("base");
    repository.git("checkout", "-q", "-b", "feature");
    repository.write("app.py", "import os\nos.system(\"rm \" + name)\n").commit("change");
    return repository;
  }

  private static Path object(TestRepository repository, String revision) {
    String id = repository.git("rev-parse", revision).strip();
    Path file =
        repository.folder().resolve(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2));
    assertThat(file.toFile().setWritable(true)).isTrue();
    return file;
  }
}
