package dev.prguard.review.diff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Broken diffs: refused with a line number, or read as git reads them; never anything else.
class DiffParserFuzzTest {
  private static final String MAIL =
      """
      From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001
      Subject: [PATCH] x

      ---
      diff --git a/with space b/with space
      index 1111111..2222222 100644
      --- a/with space\t
      +++ b/with space\t
      @@ -1,3 +1,4 @@ section
       one
      -two
      +2
      +zwei
       three
      @@ -9,2 +10 @@
      -nine
      -ten
      \\ No newline at end of file
      +neun
      diff --git "a/q\\303\\274\\t" "b/q\\303\\274\\t"
      new file mode 100644
      index 0000000..2222222
      --- /dev/null
      +++ "b/q\\303\\274\\t"
      @@ -0,0 +1 @@
      +hello
      diff --git a/from b/to
      similarity index 80%
      rename from from
      rename to to
      index 1111111..3333333 100755
      --- a/from
      +++ b/to
      @@ -5 +5 @@
      -a
      +b
      diff --git a/gone b/gone
      deleted file mode 100644
      index 1111111..0000000
      --- a/gone
      +++ /dev/null
      @@ -1 +0,0 @@
      -bye
      diff --git a/run b/run
      old mode 100644
      new mode 100755
      --\s
      2.39.5
      --- plain.c\t2026-01-02 03:04:05.000000000 +0100
      +++ plain.c\t2026-01-02 03:04:05.000000000 +0100
      @@ -1,0 +2 @@
      +x
      """;

  /// Git passes over this line; here it is a file.
  private static final String BINARY = "Binary files a/l and b/l differ\n";

  private static final List<String> PIECES =
      List.of(
          "\n",
          "+",
          "-",
          " ",
          "\\ No newline at end of file\n",
          "@@ -1 +1 @@\n",
          "\0",
          "\r",
          "--- a/x\n+++ b/x\n",
          "diff --git a/x b/x\n",
          "diff --git \"a/",
          "Binary files ",
          "Binary files differ\n",
          " and ",
          "GIT binary patch\n",
          "literal 3\n",
          "/dev/null",
          "\"",
          "999999999",
          "0",
          ",",
          "rename to y\n",
          "160000",
          "\u00e2\u0080\u00a8",
          "index ..\n");

  @TempDir Path temp;

  @Test
  @Timeout(60)
  void parse_mutatedDiffs_throwsOnlyItsOwnException() {
    Random random = new Random(1);
    int read = 0;
    for (int i = 0; i < 8_000; i++) {
      String text = mutate(MAIL + BINARY, random, 1 + random.nextInt(6));
      byte[] diff = text.getBytes(ISO_8859_1);
      try {
        for (FileDiff file : DiffParser.parse(diff).files()) {
          apply(file, diff);
        }
        read++;
      } catch (DiffSyntaxException e) {
        assertThat(e.line()).isBetween(1, (int) text.lines().count() + 1);
        assertThat(e.getMessage()).matches("[ -~]+");
      } catch (RuntimeException e) {
        fail("mutation " + i + " of seed 1:\n" + text, e);
      }
    }
    assertThat(read).as("mutations that are still diffs").isBetween(500, 7_500);
  }

  private static void apply(FileDiff file, byte[] old) {
    try {
      DiffApplier.apply(file, old);
    } catch (DiffConflictException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /// What git would apply is in the result, or the diff is refused: nothing vanishes. The result
  /// may name more: git passes over binary files that plain diff names.
  @Test
  void parse_mutatedDiffsThatGitTakes_hasAllTheirLines() throws Exception {
    Random random = new Random(2);
    int compared = 0;
    for (int i = 0; i < 300; i++) {
      String text = mutate(MAIL, random, 1 + random.nextInt(2));
      List<String> git = numstat(text);
      if (!git.isEmpty()) {
        try {
          assertThat(numstat(DiffParser.parse(text.getBytes(ISO_8859_1))))
              .as("mutation %s of seed 2:%n%s", i, text)
              .containsSubsequence(git);
          compared++;
        } catch (DiffSyntaxException e) {
          // Stricter than git, which is allowed.
        }
      }
    }
    assertThat(compared).as("mutations that both take").isGreaterThan(50);
  }

  private static List<String> numstat(PullRequestDiff diff) {
    return diff.files().stream()
        .map(file -> file.binary() ? "-\t-" : file.addedLines() + "\t" + file.deletedLines())
        .toList();
  }

  /// Added and deleted lines of each file, as git counts them; none when git refuses the diff.
  private List<String> numstat(String diff) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("git", "apply", "--numstat", "-")
            .directory(temp.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("GIT_CEILING_DIRECTORIES", String.valueOf(temp.getParent()));
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(diff.getBytes(ISO_8859_1));
    }
    String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
    if (process.waitFor() != 0) {
      return List.of();
    }
    List<String> counts = new ArrayList<>();
    for (String line : output.split("\n", -1)) {
      if (!line.isEmpty()) {
        counts.add(line.substring(0, line.lastIndexOf('\t')));
      }
    }
    return counts;
  }

  private static String mutate(String diff, Random random, int times) {
    StringBuilder text = new StringBuilder(diff);
    for (int i = 0; i < times; i++) {
      int at = random.nextInt(text.length());
      int until = Math.min(text.length(), at + 1 + random.nextInt(60));
      switch (random.nextInt(7)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.delete(at, until);
        case 2 -> text.insert(at, text.substring(at, until));
        case 3 -> text.setLength(Math.max(1, at));
        case 4 -> deleteLine(text, at);
        case 5 -> text.insert(lineStart(text, at), PIECES.get(random.nextInt(PIECES.size())));
        default -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
      }
      if (text.isEmpty()) {
        text.append('x');
      }
    }
    return text.toString();
  }

  private static int lineStart(StringBuilder text, int at) {
    return text.lastIndexOf("\n", at) + 1;
  }

  private static void deleteLine(StringBuilder text, int at) {
    int end = text.indexOf("\n", at);
    text.delete(lineStart(text, Math.max(0, at - 1)), end < 0 ? text.length() : end + 1);
  }
}
