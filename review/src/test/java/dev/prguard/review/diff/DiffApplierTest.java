package dev.prguard.review.diff;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiffApplierTest {

  private static String apply(String hunks, String old) {
    String diff = "--- a/x\n+++ b/x\n" + hunks;
    FileDiff file = DiffParser.parse(diff.getBytes(UTF_8)).files().getFirst();
    return new String(DiffApplier.apply(file, old.getBytes(UTF_8)), UTF_8);
  }

  @Test
  void apply_hunksAtTheirPlaces_changeOnlyThose() {
    assertThat(apply("@@ -1 +1,2 @@\n-a\n+A\n+B\n@@ -3 +4 @@\n-c\n+C\n", "a\nb\nc\nd"))
        .isEqualTo("A\nB\nb\nC\nd");
    assertThat(apply("@@ -2,0 +3 @@\n+new\n", "a\nb\nc\n")).isEqualTo("a\nb\nnew\nc\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          @@ -1 +1 @@\\n-a\\n+b\\n                     | x\\n       | does not match the file at line 1
          @@ -1 +1 @@\\n-a\\n+b\\n                     | \\na\\n    | does not match the file at line 1
          @@ -1 +1 @@\\n-a\\n+b\\n                     | a          | does not match
          @@ -1 +1 @@\\n-a\\n+b\\n                     | a\\r\\n    | does not match
          @@ -3 +3 @@\\n-a\\n+b\\n                     | a\\n       | after the end
          @@ -2 +1 @@\\n-a\\n+b\\n                     | x\\na\\n   | would land at new line 2
          @@ -2 +2 @@\\n-b\\n+B\\n@@ -1 +1 @@\\n-a\\n+A\\n | a\\nb\\n | overlaps
          @@ -1,0 +2 @@\\n+b\\n                       | a          | without a newline
          """)
  void apply_whereTheFileDiffers_isAConflict(String hunks, String old, String words) {
    assertThatThrownBy(() -> apply(hunks.translateEscapes(), old.translateEscapes()))
        .isInstanceOf(DiffConflictException.class)
        .hasMessageContaining(words);
  }
}
