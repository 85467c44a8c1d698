package dev.prguard.review.diff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.review.diff.FileDiff.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Named cases: each is a place where another reviewer or parser was seen to lose or shift lines.
class DiffParserTest {
  private static final String HEADER = "diff --git a/x b/x\n--- a/x\n+++ b/x\n";

  private static PullRequestDiff parse(String diff) {
    return DiffParser.parse(diff.getBytes(UTF_8));
  }

  private static FileDiff file(String diff) {
    PullRequestDiff parsed = parse(diff);
    assertThat(parsed.files()).hasSize(1);
    return parsed.files().getFirst();
  }

  private static List<String> lines(FileDiff file) {
    return file.hunks().stream()
        .flatMap(hunk -> hunk.lines().stream())
        .map(line -> line.kind().marker() + line.bytes() + (line.newline() ? "" : "$"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "os.system(x)  # \\ no newline at end of file",
        "\\ No newline at end of file",
        "-- x",
        "++ y",
        "-- a/x",
        "++ b/x",
        "@@ -1 +1 @@",
        "@@@ -1 -1 +1 @@@",
        "diff --git a/y b/y",
        "diff --cc y",
        "form\ffeed",
        "nel\u0085",
        "u2028\u2028u2029\u2029",
        "crlf\r",
        "\r",
        "vertical\u000btab",
        "@generated",
        "GIT binary patch",
        ""
      })
  void parse_addedAndDeletedLineOfAnyText_isOneLineOfContent(String text) {
    String diff = HEADER + "@@ -1,2 +1,2 @@\n-" + text + "\n+" + text + "\n after\n";
    String bytes = new String(text.getBytes(UTF_8), ISO_8859_1);

    assertThat(lines(file(diff))).containsExactly("-" + bytes, "+" + bytes, " after");
  }

  @Test
  void parse_countsLeftOut_areOne() {
    Hunk hunk = file(HEADER + "@@ -5 +5 @@ def f():\n-a\n+b\n").hunks().getFirst();

    assertThat(hunk)
        .extracting(Hunk::oldStart, Hunk::oldCount, Hunk::newStart, Hunk::newCount, Hunk::section)
        .containsExactly(5, 1, 5, 1, "def f():");
  }

  @Test
  void parse_deletionsOnly_areKept() {
    FileDiff file = file(HEADER + "@@ -3,2 +2,0 @@\n-check_auth()\n-verify()\n");

    assertThat(lines(file)).containsExactly("-check_auth()", "-verify()");
    assertThat(file.deletedLines()).isEqualTo(2);
  }

  @Test
  void parse_generatedOrAttributesFile_isNothingSpecial() {
    String text =
        "diff --git a/.gitattributes b/.gitattributes\n--- a/.gitattributes\n"
            + "+++ b/.gitattributes\n@@ -0,0 +1 @@\n+*.py linguist-generated\n"
            + HEADER
            + "@@ -1 +1,2 @@\n // @generated\n+os.system(x)\n";

    PullRequestDiff diff = parse(text);

    assertThat(diff.files()).extracting(FileDiff::addedLines).containsExactly(1L, 1L);
    assertThat(diff.sizeChars()).isEqualTo(text.length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\ No newline at end of file",
        "\\ Pas de fin de ligne à la fin du fichier",
        "\\ 文件末尾没有换行符"
      })
  void parse_noNewlineMarker_ofAnyLanguage(String marker) {
    FileDiff file = file(HEADER + "@@ -1 +1 @@\n-a\n" + marker + "\n+b\n" + marker + "\n");

    assertThat(lines(file)).containsExactly("-a$", "+b$");
  }

  @Test
  void parse_emptyContextLineWithoutItsSpace_isContext() {
    assertThat(lines(file(HEADER + "@@ -1,2 +1,3 @@\n\n+b\n c\n")))
        .containsExactly(" ", "+b", " c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a/plain.txt b/plain.txt                         | plain.txt
          a/with space b/with space                       | with space
          a/x b/x b/x b/x                                 | x b/x
          "a/\\303\\274 \\"q\\"\\t.txt" "b/\\303\\274 \\"q\\"\\t.txt" | ü "q"\t.txt
          i/mnemonic w/mnemonic                           | mnemonic
          c/mnemonic w/mnemonic                           | mnemonic
          src/no/prefix src/no/prefix                     | src/no/prefix
          b/f b/f                                         | b/f
          old/f newer/f                                   | f
          """)
  void parse_names_asGitWritesThem(String names, String path) {
    FileDiff file = file("diff --git " + names + "\nold mode 100644\nnew mode 100755\n");

    assertThat(file.path()).isEqualTo(path.translateEscapes());
    assertThat(file.oldPath()).isEqualTo(file.newPath());
    assertThat(file.status()).isEqualTo(Status.MODE_CHANGED);
    assertThat(file.newMode()).isEqualTo("100755");
  }

  @Test
  void parse_nameWithSpaceBeforeTab_endsAtTheTab() {
    FileDiff file = file("diff --git a/a b b/a b\n--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n-a\n+b\n");

    assertThat(file.path()).isEqualTo("a b");
  }

  @Test
  void parse_renameCopyDeleteEmptySubmoduleBinary_haveTheirStatus() {
    PullRequestDiff diff =
        parse(
            """
            diff --git a/old name b/new name
            similarity index 100%
            rename from old name
            rename to new name
            diff --git a/src b/copy
            similarity index 90%
            copy from src
            copy to copy
            index 1111111..2222222 100644
            --- a/src
            +++ b/copy
            @@ -1 +1 @@
            -a
            +b
            diff --git a/gone b/gone
            deleted file mode 100644
            index 1111111..0000000
            --- a/gone
            +++ /dev/null
            @@ -1 +0,0 @@
            -a
            diff --git a/empty b/empty
            new file mode 100644
            index 0000000..e69de29
            diff --git a/lib b/lib
            index 1111111..2222222 160000
            --- a/lib
            +++ b/lib
            @@ -1 +1 @@
            -Subproject commit 1111111111111111111111111111111111111111
            +Subproject commit 2222222222222222222222222222222222222222
            diff --git a/logo.png b/logo.png
            index 1111111..2222222 100644
            Binary files a/logo.png and b/logo.png differ
            diff --git a/new.bin b/new.bin
            new file mode 100644
            index 0000000..2222222
            GIT binary patch
            literal 4
            LcmZQzWMT#Y01f~L

            literal 0
            HcmV?d00001

            """);

    assertThat(diff.files())
        .extracting(file -> file.path() + " " + file.status() + " " + file.binary())
        .containsExactly(
            "new name RENAMED false",
            "copy COPIED false",
            "gone DELETED false",
            "empty ADDED false",
            "lib SUBMODULE false",
            "logo.png MODIFIED true",
            "new.bin ADDED true");
    assertThat(diff.files().get(0).oldPath()).isEqualTo("old name");
    assertThat(diff.files().get(2).newPath()).isNull();
    assertThat(diff.files().get(3).oldPath()).isNull();
  }

  @Test
  void parse_diffWithoutGit_isRead() {
    PullRequestDiff diff =
        parse(
            """
            diff -ruN old/a.c new/a.c
            --- old/a.c\t2026-01-02 03:04:05.000000000 +0100
            +++ new/a.c\t2026-01-02 03:04:06.000000000 +0100
            @@ -1 +1 @@
            -a
            +b
            --- old/fresh.c\t1970-01-01 01:00:00.000000000 +0100
            +++ new/fresh.c\t2026-01-02 03:04:06.000000000 +0100
            @@ -0,0 +1 @@
            +b
            Binary files old/x and y and new/x and y differ
            Index: svn.c
            ===================================================================
            --- svn.c\t(revision 4)
            +++ svn.c\t(working copy)
            @@ -1 +1 @@
            -a
            +b
            --- /dev/null
            +++ b/d/added.c
            @@ -0,0 +1 @@
            +b
            """);

    assertThat(diff.files())
        .extracting(file -> file.path() + " " + file.status())
        .containsExactly(
            "a.c MODIFIED",
            "fresh.c ADDED",
            "x and y MODIFIED",
            "svn.c MODIFIED",
            "d/added.c ADDED");
  }

  @Test
  void parse_mailsOfFormatPatch_areReadOneAfterTheOther() {
    String mail =
        """
        From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001
        From: Ada <ada@example.org>
        Subject: [PATCH 1/2] Say it

        @@ -1 +1 @@ is no hunk here
        ---
         x | 2 +-
         1 file changed, 1 insertion(+), 1 deletion(-)

        diff --git a/x b/x
        index 1111111..2222222 100644
        --- a/x
        +++ b/x
        @@ -1,2 +1 @@
         a
        --- b
        --\s
        2.39.5

        """;

    PullRequestDiff diff = parse(mail + mail);

    assertThat(diff.files()).hasSize(2);
    assertThat(lines(diff.files().getFirst())).containsExactly(" a", "--- b");
  }

  @Test
  void parse_nothing_isAnEmptyChange() {
    assertThat(parse("").isEmpty()).isTrue();
    assertThat(parse("\n \n").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          hello                                              | 1 | not a unified diff
          *** a/x\\n--- b/x\\n***************\\n*** 1 ****\\n! a\\n | 1 | not a unified diff
          \\033[1mdiff --git a/x b/x\\033[m\\n                 | 1 | --no-color
          @@ -1 +1 @@\\n-a\\n+b\\n                            | 1 | without the file's name
          diff --cc x\\nindex 1,2..3\\n                       | 1 | combined diff
          --- a/x\\n+++ b/x\\n@@@ -1 -1 +1 @@@\\n             | 3 | combined diff
          * Unmerged path x\\n                               | 1 | unfinished merge
          Submodule lib 1111111..2222222:\\n                 | 1 | --submodule=short
          """)
  void parse_whatIsNoUnifiedDiff_saysSo(String diff, int line, String words) {
    assertRefused(diff.translateEscapes(), line, words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          @@ -1,3 +1,3 @@\\n a\\n-b\\n+c\\n                   | 8 | cut off
          @@ -1,2 +1,2 @@\\n-a\\n+b                         | 6 | middle of a line
          @@ -1 +1 @@\\n-a\\n+b\\n+c\\n                      | 7 | longer than its @@ header
          @@ -1 +1 @@\\n-a\\n+b\\n-c\\n                      | 7 | longer than its @@ header
          @@ -1 +1 @@\\n-a\\n-b\\n                          | 6 | longer than its @@ header
          @@ -1,2 +1,2 @@\\n a\\n*b\\n                      | 6 | cut off
          @@ -1 +1,2 @@\\n-a\\n+b\\n\\\\ No newline at end of file\\n+c\\n | 8 | without a newline
          @@ -0 +1 @@\\n-a\\n+b\\n                          | 4 | line 0
          @@ -1,0 +1,0 @@\\n                               | 4 | without lines
          @@ -1,99999999999 +1 @@\\n a\\n                   | 4 | malformed hunk header
          @@ -1 +1\\n-a\\n+b\\n                             | 4 | malformed hunk header
          hello\\n                                         | 4 | expected a hunk
          """)
  void parse_hunkAtOddsWithItsHeader_isRefused(String hunk, int line, String words) {
    assertRefused(HEADER + hunk.translateEscapes(), line, words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --- a/evil\\n+++ b/evil\\n@@ -1 +1 @@\\n-a\\n+b\\n                 | 1 | contradict
          rename from x\\n                                              | 1 | both names
          new file mode 100644\\n--- a/x\\n+++ b/x\\n@@ -1 +1 @@\\n-a\\n+b\\n | 1 | contradict
          --- /dev/null\\n+++ b/x\\n@@ -1 +1 @@\\n-a\\n+b\\n                | 1 | old lines
          deleted file mode 100644\\n--- a/x\\n+++ /dev/null\\n@@ -1 +1 @@\\n-a\\n+b\\n | 1 | new lines
          old mode 100644\\nold mode 100755\\nnew mode 100644\\n          | 3 | contradicts
          new file mode 100644\\nindex 0000000..1234567\\n               | 1 | lines are missing
          deleted file mode 100644\\nindex 1234567..0000000\\n           | 1 | lines are missing
          index 1234567..89abcde 100644\\n                              | 1 | lines are missing
          old mode 100644\\nnew mode 1\\n                                | 3 | file mode
          --- a/x\\n                                                    | 2 | cut off
          GIT binary patch\\nliteral 4\\nLcmZQzWMT#Y01f~L\\n              | 5 | cut off
          """)
  void parse_headersAtOddsWithEachOther_areRefused(String headers, int line, String words) {
    assertRefused("diff --git a/x b/x\n" + headers.translateEscapes(), line, words);
  }

  private static void assertRefused(String diff, int line, String words) {
    assertThatThrownBy(() -> parse(diff))
        .isInstanceOfSatisfying(
            DiffSyntaxException.class, e -> assertThat(e.line()).as(e.reason()).isEqualTo(line))
        .hasMessageContaining(words);
  }

  @Test
  void parse_hunkOfFiftyThousandLines_isLinear() {
    String lines = "+x = 1\n".repeat(50_000);
    Instant start = Instant.now();

    FileDiff file = file(HEADER + "@@ -0,0 +1,50000 @@\n" + lines);

    assertThat(file.addedLines()).isEqualTo(50_000);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void parse_overALimit_isRefused() {
    byte[] diff = (HEADER + "@@ -0,0 +1,3 @@\n+a\n+b\n+c\n").getBytes(UTF_8);

    assertThat(DiffParser.parse(diff, new DiffLimits(diff.length, 7)).files()).hasSize(1);
    assertThatThrownBy(() -> DiffParser.parse(diff, new DiffLimits(diff.length, 6)))
        .isInstanceOf(DiffSyntaxException.class)
        .hasMessageContaining("6 lines");
    assertThatThrownBy(() -> DiffParser.parse(diff, new DiffLimits(diff.length - 1, 7)))
        .isInstanceOf(DiffSyntaxException.class)
        .hasMessageContaining("bytes");
  }

  @Test
  void parseHunks_fragmentOfGitHub_mayLackTheLastNewline() {
    byte[] patch = "@@ -1 +1 @@\n-a\n+b\n@@ -9,0 +10 @@ f\n+c".getBytes(UTF_8);
    byte[] marked = "@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file".getBytes(UTF_8);

    assertThat(DiffParser.parseHunks(patch)).extracting(Hunk::newStart).containsExactly(1, 10);
    assertThat(DiffParser.parseHunks(patch).get(1).lines().getFirst().newline()).isTrue();
    assertThat(DiffParser.parseHunks(marked).getFirst().lines().getLast().newline()).isFalse();
    assertThat(DiffParser.parseHunks(new byte[0])).isEmpty();
    assertThatThrownBy(() -> DiffParser.parseHunks("@@ -1,2 +1 @@\n-a\n+b".getBytes(UTF_8)))
        .isInstanceOf(DiffSyntaxException.class);
    assertThatThrownBy(() -> DiffParser.parseHunks("--- a/x\n".getBytes(UTF_8)))
        .isInstanceOf(DiffSyntaxException.class);
  }
}
