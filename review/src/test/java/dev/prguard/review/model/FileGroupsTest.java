package dev.prguard.review.model;

import static dev.prguard.review.model.ModelTestBed.openAi;
import static dev.prguard.review.model.TestChanges.answer;
import static dev.prguard.review.model.TestChanges.change;
import static dev.prguard.review.model.TestChanges.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.change.Change;
import dev.prguard.review.result.Coverage.Look;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What goes to the model together, and what does not go at all.
class FileGroupsTest {
  private static ModelReviewer reviewer(ModelSettings settings) {
    return new ModelReviewer(settings, TestChanges::redact);
  }

  @Test
  void groups_nameAHunkThatIsTooBig() {
    String[] lines = new String[4_000];
    Arrays.fill(lines, "+" + "x".repeat(3_000));
    ModelSettings roomy =
        new ModelSettings(List.of(), 1000, null, Duration.ofSeconds(9), 1, 1, 100_000, 999, false);
    FileGroups groups = FileGroups.of(change("t", file("a.js", lines)), roomy);
    assertThat(groups.unsent())
        .containsExactly(
            Map.entry(new HunkKey("a.js", 0), "too big: only the first 4 MB can be sent"));
    assertThat(groups.groups()).isNotEmpty();
  }

  @Test
  void groups_putTheRiskiestFirstAndLoseNothing() {
    String[] huge = new String[5_000];
    for (int i = 0; i < huge.length; i++) {
      huge[i] = "+line " + i + " of a very long file that has to be cut into pieces";
    }
    Change change =
        change(
            "t",
            file("README.md", "+hello"),
            file("src/huge.py", huge),
            file("src/auth.py", "+a"),
            file(".github/workflows/ci.yml", "+a"),
            file("package-lock.json", "+a"));
    ModelSettings settings = ModelTestBed.settings();
    FileGroups groups = FileGroups.of(change, settings);
    List<FileGroup.Piece> pieces =
        groups.groups().stream().flatMap(group -> group.pieces().stream()).toList();
    assertThat(pieces.stream().map(piece -> piece.file().path()).distinct())
        .containsExactly(
            ".github/workflows/ci.yml",
            "src/auth.py",
            "package-lock.json",
            "src/huge.py",
            "README.md");
    assertThat(groups.groups())
        .allSatisfy(g -> assertThat(g.roughTokens()).isLessThanOrEqualTo(8_000));
    assertThat(
            pieces.stream()
                .filter(piece -> piece.file().path().equals("src/huge.py"))
                .mapToInt(piece -> piece.to() - piece.from())
                .sum())
        .isEqualTo(5_000);
    assertThat(groups.unsent()).isEmpty();
  }

  @Test
  void groups_overTheLimitAreNamed() {
    String[] lines = new String[4_000];
    Arrays.fill(lines, "+some line of code that takes its place");
    ModelSettings few =
        new ModelSettings(List.of(), 1000, null, Duration.ofSeconds(9), 1, 1, 1_500, 2, false);
    Change change = change("t", file("a.py", lines), file("auth.py", "+a"));
    FileGroups groups = FileGroups.of(change, few);
    assertThat(groups.groups()).hasSize(2);
    assertThat(groups.unsent())
        .containsExactly(Map.entry(new HunkKey("a.py", 0), "over the limit of 2 model calls"));
    try (ModelTestBed bed = ModelTestBed.of(openAi(answer(), "stop"))) {
      ModelReview review =
          reviewer(few).review(change, bed.client("openai/gpt-4o-mini"), bed.scope());
      assertThat(review.looks().get(new HunkKey("a.py", 0)))
          .isEqualTo(Look.partly("over the limit of 2 model calls"));
      assertThat(review.looks().get(new HunkKey("auth.py", 0))).isEqualTo(Look.YES);
    }
  }
}
