package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.cli.GuardProcess.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Wrong input ends in one or two clear lines, the right exit code, and nothing half-written.
final class BadInputIT {
  @TempDir Path folder;
  private GuardProcess guard;

  @BeforeEach
  void newHome() {
    guard = new GuardProcess(folder.resolve("home")).in(folder);
  }

  @Test
  void source_neitherUrlNorPath_saysHowAPullRequestIsGiven() {
    refused(guard.run("review", "no-such-thing"), 2, "no such file or folder", "/pull/NUMBER");
    refused(guard.run("review", "o/r#7"), 2, "https://github.com/o/r/pull/7");
    refused(
        guard.run("review", "git.example.org/o/r/pull/7"), 2, "https://git.example.org/o/r/pull/7");
  }

  /// `pr-guard review "$URL"` of a script in which URL is not set is no review of the folder.
  @Test
  void source_empty_isNotTheFolder() throws IOException, InterruptedException {
    Path repository = GitFixture.repository(folder.resolve("repo"), "a.py", "x = 1\n");
    refused(guard.in(repository).run("review", ""), 2, "SOURCE is empty");
  }

  @Test
  void url_notOfAPullRequest_saysTheRightForm() {
    refused(guard.run("review", "https://github.com/o/r/issues/7"), 2, "/pull/");
  }

  @Test
  void source_missing_saysUsage() {
    refused(guard.run("review"), 2, "SOURCE", "--help");
  }

  @Test
  void commandOrOption_mistyped_isAnsweredWithTheLikeliest() {
    refused(guard.run("reviw", "x"), 2, "'reviw'", "did you mean", "review");
    refused(
        guard.run("review", "x", "--fail-onn", "low"),
        2,
        "--fail-onn",
        "did you mean",
        "--fail-on");
  }

  @Test
  void folder_notARepository_saysSo() throws IOException {
    Path plain = Files.createDirectory(folder.resolve("plain"));
    refused(guard.run("review", plain.toString()), 2, "not a git repository");
  }

  @Test
  void revision_unknown_isNamed() throws IOException, InterruptedException {
    Path repository = GitFixture.repository(folder.resolve("repo"), "a.py", "x = 1\n");
    refused(guard.run("review", repository.toString(), "--base", "no-such-rev"), 2, "no-such-rev");
  }

  @Test
  void revision_thatIsAnOption_isRefused() throws IOException, InterruptedException {
    Path repository = GitFixture.repository(folder.resolve("repo"), "a.py", "x = 1\n");
    Path victim = folder.resolve("victim");
    refused(guard.run("review", repository.toString(), "--base=--output=" + victim), 2, "--output");
    assertThat(victim).doesNotExist();
  }

  @Test
  void diff_empty_isNothingToReview() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.diff"));
    Path json = folder.resolve("empty.json");
    Result result =
        guard.run("review", empty.toString(), "--json", json.toString(), "--sarif", "-");
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).contains("nothing to review");
    assertThat(Files.readString(json)).contains("\"not_reviewed\"").doesNotContain("\"reviewed\"");
    assertThat(result.out()).contains("\"executionSuccessful\" : true");
  }

  @Test
  void timeout_ofNothing_isRefused() throws IOException {
    Path diff = Files.createFile(folder.resolve("a.diff"));
    refused(guard.run("review", diff.toString(), "--timeout", "0s"), 2, "--timeout 0s");
  }

  @Test
  void file_notADiff_isNamedWithItsLine() throws IOException {
    Path text = Files.writeString(folder.resolve("letter.txt"), "Dear Sir,\nno diff here.\n");
    refused(guard.run("review", text.toString()), 2, "letter.txt", "not a unified diff");
  }

  @Test
  void file_binaryJunk_isNotADiff() throws IOException {
    byte[] junk = new byte[50_000];
    new Random(1).nextBytes(junk);
    Path file = Files.write(folder.resolve("junk.bin"), junk);
    refused(guard.run("review", file.toString()), 2, "junk.bin");
  }

  @Test
  void diff_truncated_isNeverTakenAsWhole() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("cut.diff"), "--- a/x.py\n+++ b/x.py\n@@ -1,3 +1,4 @@\n a\n+b\n");
    refused(guard.run("review", file.toString()), 2, "cut.diff");
  }

  @Test
  void standardInput_of200Megabytes_isRefusedInBoundedMemory() {
    Result result = guard.heap(300).run(new EndlessDiff(200L * 1024 * 1024), "review", "-");
    refused(result, 2, "standard input");
  }

  @Test
  void dataFolder_unwritable_reviewGoesOnAndWarns() throws IOException {
    Path blocked = Files.writeString(folder.resolve("blocked"), "a file, not a folder");
    Path diff = Files.writeString(folder.resolve("ok.diff"), ReviewIT.SMALL_DIFF);
    Result result =
        guard
            .env("PR_GUARD_HOME", blocked.resolve("data").toString())
            .run("review", diff.toString(), "--fail-on", "none");
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).contains("warning").doesNotContain("\tat ");
    assertThat(result.out()).contains("app.py");
  }

  @Test
  void file_unreadable_isNamed() throws IOException {
    Path diff = Files.writeString(folder.resolve("secret.diff"), ReviewIT.SMALL_DIFF);
    Files.setPosixFilePermissions(diff, PosixFilePermissions.fromString("---------"));
    if (Files.isReadable(diff)) {
      // The superuser may read everything: a folder's entry that is no file does it instead.
      diff = Path.of("/dev/null/x");
    }
    refused(guard.run("review", diff.toString()), 2, diff.getFileName().toString());
  }

  @Test
  void provider_unknown_namesTheKnownOnes() throws IOException {
    Path diff = Files.writeString(folder.resolve("ok.diff"), ReviewIT.SMALL_DIFF);
    refused(guard.run("review", diff.toString(), "--llm", "acme/gpt"), 2, "acme", "openai");
  }

  @Test
  void model_withoutKey_namesTheVariable() throws IOException {
    Path diff = Files.writeString(folder.resolve("ok.diff"), ReviewIT.SMALL_DIFF);
    refused(
        guard.run("review", diff.toString(), "--llm", "openai/gpt-4o-mini"), 2, "OPENAI_API_KEY");
  }

  @Test
  void severity_unknown_namesTheKnownOnes() throws IOException {
    Path diff = Files.writeString(folder.resolve("ok.diff"), ReviewIT.SMALL_DIFF);
    refused(guard.run("review", diff.toString(), "--fail-on", "awful"), 2, "awful", "critical");
  }

  @Test
  void configOfBaseBranch_malformed_isNamedWithLineAndColumn()
      throws IOException, InterruptedException {
    Path repository =
        GitFixture.repository(folder.resolve("repo"), ".pr-guard.yml", "fail_on: high\nllm: [a\n");
    GitFixture.commit(repository, "a.py", "x = 1\n");
    refused(
        guard.run("review", repository.toString(), "--base", "HEAD~1"),
        2,
        ".pr-guard.yml of the base branch:3:1");
  }

  @Test
  void output_unwritable_isNamed() throws IOException {
    Path diff = Files.writeString(folder.resolve("ok.diff"), ReviewIT.SMALL_DIFF);
    refused(
        guard.run("review", diff.toString(), "--json", folder.resolve("no/where.json").toString()),
        2,
        "--json",
        "no such folder");
    refused(
        guard.run("review", diff.toString(), "--sarif", folder.toString()),
        2,
        "--sarif",
        "a folder");
    refused(guard.run("review", diff.toString(), "--patch", ""), 2, "--patch", "empty");
    assertThat(folder.resolve("home/data")).as("said before the review").doesNotExist();
  }

  @Test
  void outputs_inOnePlace_areRefused_andTheDiffIsNotWrittenOver() throws IOException {
    Path diff = Files.writeString(folder.resolve("ok.diff"), ReviewIT.SMALL_DIFF);
    refused(
        guard.run("review", "ok.diff", "--json", "-", "--sarif", "-"),
        2,
        "--sarif",
        "--json has standard output already");
    refused(
        guard.run("review", "ok.diff", "--json", "a", "--markdown", "./a"),
        2,
        "--markdown",
        "--json writes it already");
    refused(guard.run("review", "ok.diff", "--patch", diff.toString()), 2, "--patch", "reviewed");
    assertThat(diff).hasContent(ReviewIT.SMALL_DIFF);
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void budgetOrPriceFile_thatIsNone_isNamedOnce() throws IOException {
    Files.writeString(folder.resolve("ok.diff"), ReviewIT.SMALL_DIFF);
    for (String amount : new String[] {"abc", "-1", "1e999999999"}) {
      refused(
          guard.run("review", "ok.diff", "--budget", amount),
          2,
          "--budget " + amount + ": expected 0 or more, in USD");
    }
    Result prices = guard.run("review", "ok.diff", "--prices", "none.jsonl");
    refused(prices, 2, "--prices none.jsonl: cannot be read: no such file");
  }

  private static void refused(Result result, int exitCode, String... words) {
    assertThat(result.err()).contains(words).doesNotContain("\tat ");
    assertThat(result.err().lines().count()).as(result.err()).isBetween(1L, 2L);
    assertThat(result.exitCode()).isEqualTo(exitCode);
  }

  /// One added file of the stated size, made while it is read.
  private static final class EndlessDiff extends InputStream {
    private static final byte[] HEAD =
        "--- /dev/null\n+++ b/x.txt\n@@ -0,0 +1,99999999 @@\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] LINE = "+all work and no play\n".getBytes(StandardCharsets.UTF_8);
    private final long size;
    private long position;

    EndlessDiff(long size) {
      this.size = size;
    }

    @Override
    public int read() {
      if (position >= size) {
        return -1;
      }
      long at = position++;
      return at < HEAD.length ? HEAD[(int) at] : LINE[(int) ((at - HEAD.length) % LINE.length)];
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (position >= size) {
        return -1;
      }
      int count = (int) Math.min(length, size - position);
      for (int i = 0; i < count; i++) {
        buffer[offset + i] = (byte) read();
      }
      return count;
    }
  }
}
