package dev.prguard.review.patch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.diff.DiffApplier;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.patch.FileLines.Edit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnifiedDiffWriterTest {

  private static final int FILES = 400;
  private static final int FILES_OF_A_PATCH = 40;
  private static final List<String> NAMES =
      List.of(
          "plain.py",
          "with space.py",
          "grün/ß.txt",
          "日本.js",
          "tab\there.txt",
          "quote\".txt",
          "back\\slash.go",
          "b/b/a",
          "new\nline",
          "emoji 🎉.md",
          " lead",
          "trail ",
          "-dash",
          "a b/c d");
  private static final List<String> TEXTS =
      List.of(
          "",
          "x = 1",
          "    return",
          "\ttab",
          "trailing ",
          "grün",
          "日本語 🎉",
          "form\ffeed",
          "next\u0085line",
          "ls\u2028sep",
          "-- minus",
          "++ plus",
          "@@ -1 +1 @@",
          "\\ No newline at end of file",
          "diff --git a/x b/x",
          "\r",
          "a\rb");

  @TempDir Path folder;

  @Test
  void write_anyEdits_isWhatGitApplyTakes() throws Exception {
    for (int batch = 0; batch < FILES / FILES_OF_A_PATCH; batch++) {
      Path root = Files.createDirectory(folder.resolve("batch" + batch));
      StringBuilder patch = new StringBuilder();
      Map<String, byte[]> expected = new LinkedHashMap<>();
      for (int i = 0; i < FILES_OF_A_PATCH; i++) {
        int seed = batch * FILES_OF_A_PATCH + i;
        Random random = new Random(seed);
        String path = i + "/" + NAMES.get(random.nextInt(NAMES.size()));
        byte[] old = randomFile(random);
        FileLines lines = FileLines.of(old);
        List<Edit> edits = randomEdits(random, lines);
        byte[] fixed = lines.with(edits).bytes();
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, old);
        expected.put(path, fixed);

        BitSet secrets = seed % 2 == 0 ? new BitSet() : randomSecrets(seed, lines, edits);
        String diff = UnifiedDiffWriter.write(path, lines, edits, secrets);
        patch.append(diff);

        assertThat(diff.isEmpty()).as("seed %d", seed).isEqualTo(Arrays.equals(old, fixed));
        if (!diff.isEmpty()) {
          FileDiff parsed =
              DiffParser.parse(diff.getBytes(StandardCharsets.UTF_8)).files().getFirst();
          assertThat(parsed.path()).as("seed %d", seed).isEqualTo(path);
          assertThat(DiffApplier.apply(parsed, old)).as("seed %d", seed).isEqualTo(fixed);
        }
      }

      String said = gitApply(root, patch.toString());

      for (Map.Entry<String, byte[]> entry : expected.entrySet()) {
        assertThat(Files.readAllBytes(root.resolve(entry.getKey())))
            .as("batch %d, %s: %s", batch, entry.getKey(), said)
            .isEqualTo(entry.getValue());
      }
    }
  }

  @Test
  void write_oneLine_isWhatGitDiffPrints() {
    FileLines old = FileLines.of("1\n2\n3\n4\n5\n6\n7\n8\n9".getBytes(StandardCharsets.UTF_8));
    String diff =
        UnifiedDiffWriter.write(
            "a b.txt", old, List.of(old.edit(1, 1, "one"), old.edit(9, 9, "n")), new BitSet());
    assertThat(diff)
        .isEqualTo(
            """
            diff --git a/a b.txt b/a b.txt
            --- a/a b.txt\t
            +++ b/a b.txt\t
            @@ -1,4 +1,4 @@
            -1
            +one
             2
             3
             4
            @@ -6,4 +6,4 @@
             6
             7
             8
            -9
            \\ No newline at end of file
            +n
            \\ No newline at end of file
            """);
  }

  @Test
  void write_besideSecrets_endsTheContextBeforeThem() {
    FileLines old = FileLines.of("1\nS\n3\n4\n5\n6\nS\n8\n".getBytes(StandardCharsets.UTF_8));
    BitSet secrets = new BitSet();
    secrets.set(2);
    secrets.set(7);
    String diff =
        UnifiedDiffWriter.write(
            "a.txt",
            old,
            List.of(old.edit(1, 1, "1 "), old.edit(4, 4, "four"), old.edit(8, 8, "n")),
            // The line after a change is needed by git: such a fix is refused before.
            secrets);
    assertThat(diff.lines().filter(line -> line.contains("S"))).isEmpty();
    assertThat(diff).contains("@@ -3,4 +3,4 @@\n 3\n-4\n+four\n 5\n 6\n@@ -8 +8 @@\n-8\n+n\n");
  }

  @Test
  void edit_keepsTheEndOfEachLine() {
    FileLines lines = FileLines.of("a\r\nb\nc\r\nd".getBytes(StandardCharsets.UTF_8));
    assertThat(text(lines, lines.edit(1, 1, "x\ny"))).isEqualTo("x\r\ny\r\nb\nc\r\nd");
    assertThat(text(lines, lines.edit(1, 3, "x\ny"))).isEqualTo("x\r\ny\r\nd");
    assertThat(text(lines, lines.edit(2, 2, ""))).isEqualTo("a\r\n\nc\r\nd");
    assertThat(text(lines, lines.edit(4, 4, "x\ny"))).isEqualTo("a\r\nb\nc\r\nx\r\ny");
    FileLines bare = FileLines.of("a".getBytes(StandardCharsets.UTF_8));
    assertThat(text(bare, bare.edit(1, 1, "x\ny"))).isEqualTo("x\ny");
  }

  private static String text(FileLines lines, Edit edit) {
    return new String(lines.with(List.of(edit)).bytes(), StandardCharsets.UTF_8);
  }

  private static byte[] randomFile(Random random) {
    StringBuilder text = new StringBuilder();
    String end = random.nextInt(3) == 0 ? "\r\n" : "\n";
    int lines = 1 + random.nextInt(random.nextInt(5) == 0 ? 200 : 20);
    for (int i = 0; i < lines; i++) {
      text.append(TEXTS.get(random.nextInt(TEXTS.size())));
      text.append(random.nextInt(10) == 0 ? "\n" : end);
    }
    if (random.nextBoolean()) {
      text.append("no newline at the end");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static List<Edit> randomEdits(Random random, FileLines lines) {
    List<Edit> edits = new ArrayList<>();
    int line = 1 + random.nextInt(4);
    while (line <= lines.count()) {
      int end = Math.min(lines.count(), line + random.nextInt(3));
      StringBuilder replacement = new StringBuilder(TEXTS.get(random.nextInt(8)));
      for (int i = random.nextInt(4); i > 0; i--) {
        replacement.append('\n').append(TEXTS.get(random.nextInt(TEXTS.size() - 2)));
      }
      edits.add(lines.edit(line, end, replacement.toString()));
      line = end + 1 + random.nextInt(12);
    }
    return edits;
  }

  /// Lines away from the edits.
  private static BitSet randomSecrets(long seed, FileLines lines, List<Edit> edits) {
    Random random = new Random(seed);
    BitSet secrets = new BitSet();
    for (int line = 1; line <= lines.count(); line++) {
      secrets.set(line, random.nextInt(4) == 0);
    }
    edits.forEach(edit -> secrets.clear(edit.line(), edit.endLine() + 2));
    return secrets;
  }

  private String gitApply(Path root, String patch) throws IOException, InterruptedException {
    Files.writeString(root.resolve("the.patch"), patch);
    ProcessBuilder builder =
        new ProcessBuilder("git", "apply", "--whitespace=nowarn", "the.patch")
            .directory(root.toFile())
            .redirectErrorStream(true);
    builder.environment().put("GIT_CEILING_DIRECTORIES", folder.toString());
    Process git = builder.start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(said).isZero();
    return said;
  }
}
