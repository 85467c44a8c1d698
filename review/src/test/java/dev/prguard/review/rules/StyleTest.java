package dev.prguard.review.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.Commits;
import dev.prguard.review.change.FileContents;
import dev.prguard.review.result.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StyleTest {
  private static final String LONG = "total = " + "first_value + ".repeat(12) + "1\n";

  private final RuleScanner scanner = new RuleScanner(RuleCatalog.bundled());

  private List<Finding> tabs(Change change) {
    return found("style.tab-indent", change);
  }

  private List<Finding> longLines(Change change) {
    return found("style.line-length", change);
  }

  private List<Finding> found(String rule, Change change) {
    return scanner.scan(change).findings().stream()
        .filter(finding -> finding.rule().equals(rule))
        .toList();
  }

  private static Change change(@Nullable String before, String after) {
    return new Samples.ChangeBuilder().file("a.py", before, after).build();
  }

  @Test
  void newFileOfTabs_isOneFindingInAll() {
    String block = "def f%d():\n\tx = 1\n\n\treturn x\n\n\n";
    String text = block.repeat(40).formatted((Object[]) numbers(40));

    assertThat(tabs(change(null, text)))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.line()).isEqualTo(2);
          assertThat(finding.endLine()).isEqualTo(238);
        });
  }

  private static Integer[] numbers(int count) {
    Integer[] numbers = new Integer[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  @Test
  void newFileOfSpacesWithTabs_isAFindingAtEach() {
    String text = "def f():\n    return 1\n\n\ndef g():\n\treturn 2\n\n\ndef h():\n\treturn 3\n";
    assertThat(tabs(change(null, text))).extracting(Finding::line).containsExactly(6, 10);
  }

  @Test
  void tabsInAFileOfTabs_areItsStyle_alsoWhereTheHunkDoesNotShowIt() {
    String before = "def f():\n\treturn 1\n" + "\n".repeat(10);
    assertThat(tabs(change(before, before + "def g():\n\treturn 2\n"))).isEmpty();
  }

  @Test
  void tabsInAFileOfSpaces_areFound_alsoWhereTheHunkDoesNotShowIt() {
    String before = "def f():\n    return 1\n" + "\n".repeat(10);
    assertThat(tabs(change(before, before + "def g():\n\treturn 2\n")))
        .extracting(Finding::line)
        .containsExactly(14);
  }

  @Test
  void newFileOfTabs_isItsStyle_inALanguageThatLetsItsAuthorsChoose() {
    String text = "int f() {\n\treturn 1;\n\n\t// one\n}\n".repeat(10);
    assertThat(tabs(new Samples.ChangeBuilder().file("A.cs", null, text).build())).isEmpty();
  }

  @Test
  void longLineInAFileThatHasSuchLines_isItsStyle() {
    String before = (LONG + "x = 1\n".repeat(40)).repeat(2);
    assertThat(longLines(change(before, before + "y = 2\n" + LONG))).isEmpty();
  }

  @Test
  void longLineInAFileThatHasNone_isFound() {
    String before = "x = 1\n".repeat(40);
    assertThat(longLines(change(before, before + LONG)))
        .extracting(Finding::line)
        .containsExactly(41);
  }

  @Test
  void longLinesOfAChange_areOneFindingThatTellsOfTheOthers() {
    String text = LONG + "x = 1\n".repeat(40) + LONG;
    Change change =
        new Samples.ChangeBuilder().file("a.py", null, text).file("b.py", null, LONG).build();
    assertThat(longLines(change))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.line()).isEqualTo(1);
          assertThat(finding.message())
              .endsWith(" The change has 2 more of them in 2 files, the next at a.py:42.");
        });
  }

  @Test
  void longLineInAProjectThatHasSuchLines_isItsStyle_alsoInANewFile() {
    Change change =
        new Samples.ChangeBuilder()
            .file("a.py", LONG + "x = 1\n", LONG + "x = 2\n")
            .file("b.py", null, "y = 1\n" + LONG)
            .file("c.js", null, LONG)
            .build();
    assertThat(longLines(change)).extracting(Finding::path).containsExactly("c.js");
  }

  @Test
  void filesBesideTheChangedOnes_tellTheProjectsStyle_whereReadingThemCostsLittle() {
    Change change =
        new Samples.ChangeBuilder()
            .file("src/a.py", null, LONG)
            .file("lib/a.py", null, "def f():\n\treturn 1\n")
            .build();
    assertThat(scanner.scan(change).findings()).hasSize(2);

    FileContents near = new NearFiles(Map.of("src/old.py", LONG, "lib/old.py", "if x:\n\ty()\n"));
    Change inProject =
        new Change(
            change.pullRequest(), change.diff(), change.head(), near, List.of(), Commits.NONE);
    assertThat(scanner.scan(inProject).findings()).isEmpty();
  }

  private record NearFiles(Map<String, String> files) implements FileContents {
    @Override
    public Optional<byte[]> read(String path) {
      return Optional.ofNullable(files.get(path)).map(text -> text.getBytes(UTF_8));
    }

    @Override
    public List<String> list(String folder) {
      return files.keySet().stream().filter(path -> path.startsWith(folder + "/")).toList();
    }

    @Override
    public boolean isNear() {
      return true;
    }
  }
}
