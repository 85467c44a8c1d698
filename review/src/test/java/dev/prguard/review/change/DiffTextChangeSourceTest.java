package dev.prguard.review.change;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.review.change.ChangeSourceException.Category;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffTextChangeSourceTest {
  private static final String DIFF =
      """
      --- /dev/null
      +++ b/new.txt
      @@ -0,0 +1,2 @@
      +one
      +two
      \\ No newline at end of file
      --- a/gone.txt
      +++ /dev/null
      @@ -1 +0,0 @@
      -bye
      --- a/part.txt
      +++ b/part.txt
      @@ -5 +5 @@
      -a
      +b
      """;

  @TempDir Path temp;

  private static Change fetch(String diff) {
    return DiffTextChangeSource.ofStream(
            new ByteArrayInputStream(diff.getBytes(UTF_8)), "standard input")
        .fetch();
  }

  @Test
  void fetch_file_knowsWholeFilesOnly() throws Exception {
    Path file = Files.writeString(temp.resolve("change.diff"), DIFF);

    Change change = DiffTextChangeSource.ofFile(file).fetch();

    assertThat(change.diff().files()).hasSize(3);
    assertThat(change.head().read("new.txt")).contains("one\ntwo".getBytes(UTF_8));
    assertThat(change.head().read("part.txt")).isEmpty();
    assertThat(change.head().read("gone.txt")).isEmpty();
    assertThat(change.base().read("gone.txt")).contains("bye\n".getBytes(UTF_8));
    assertThat(change.base().read("new.txt")).isEmpty();
    assertThat(change.base().read(".pr-guard.yml")).isEmpty();
    assertThat(change.pullRequest().url()).isEqualTo("file:" + file);
    assertThat(change.pullRequest().repository()).isEqualTo("local");
  }

  @Test
  void fetch_series_followsAFileThroughItsPatches() {
    Change change =
        fetch(
            DIFF
                + "--- a/new.txt\n+++ b/new.txt\n@@ -1 +1 @@\n-one\n+1\n"
                + "--- /dev/null\n+++ b/gone.txt\n@@ -0,0 +1 @@\n+back\n");

    assertThat(change.head().read("new.txt")).contains("1\ntwo".getBytes(UTF_8));
    assertThat(change.head().read("gone.txt")).contains("back\n".getBytes(UTF_8));
    assertThat(change.base().read("gone.txt")).contains("bye\n".getBytes(UTF_8));
  }

  @Test
  void fetch_emptyStream_isAnEmptyChange() {
    Change change = fetch("");

    assertThat(change.diff().isEmpty()).isTrue();
    assertThat(change.pullRequest().url()).isEmpty();
  }

  @Test
  void fetch_badInput_isOneLineWithItsPlace() throws Exception {
    Path junk = Files.write(temp.resolve("junk"), new byte[] {0, 1, 2, (byte) 0xFF, '\n', 27});
    Path locked = Files.writeString(temp.resolve("cut.diff"), DIFF.substring(0, DIFF.length() - 3));

    assertInput(() -> DiffTextChangeSource.ofFile(junk).fetch(), junk + ":1: not a unified diff");
    assertInput(() -> DiffTextChangeSource.ofFile(locked).fetch(), "cut.diff:15: ");
    assertInput(() -> DiffTextChangeSource.ofFile(temp.resolve("no")).fetch(), "no such file");
    assertInput(() -> DiffTextChangeSource.ofFile(temp).fetch(), "cannot be read");
    assertInput(() -> fetch("hello\n"), "standard input:1: not a unified diff");
  }

  @Test
  void fetch_twoHundredMegabytes_stopsReadingAtTheLimit() {
    Endless endless = new Endless();

    assertInput(
        () -> DiffTextChangeSource.ofStream(endless, "standard input").fetch(), "limit of 64 MiB");
    assertThat(endless.given).isLessThan(80L << 20);
  }

  private static void assertInput(ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ChangeSourceException.class, e -> assertThat(e.category()).isEqualTo(Category.INPUT))
        .hasMessageContaining(words)
        .hasMessageNotContaining("\n");
  }

  /// 200 MB of added lines.
  private static final class Endless extends InputStream {
    private long given;

    @Override
    public int read() {
      given++;
      return '+';
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (given > 200_000_000) {
        return -1;
      }
      java.util.Arrays.fill(bytes, offset, offset + length, (byte) '+');
      given += length;
      return length;
    }
  }
}
