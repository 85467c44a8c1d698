package dev.prguard.review.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.FileDiff;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenFilesTest {

  @Test
  void fileInTwoGroups_isDoneWithTheSecond() {
    FileGroup first = group("a.py", "big.py");
    FileGroup second = group("big.py");
    List<String> told = new ArrayList<>();
    OpenFiles open =
        new OpenFiles(List.of(first, second), (done, files) -> told.add(done + " of " + files));

    open.answered(first);
    open.answered(second);

    assertThat(told).containsExactly("1 of 2", "2 of 2");
  }

  private static FileGroup group(String... paths) {
    List<FileGroup.Piece> pieces = new ArrayList<>();
    for (String path : paths) {
      String diff = "--- /dev/null\n+++ b/" + path + "\n@@ -0,0 +1 @@\n+x\n";
      FileDiff file = DiffParser.parse(diff.getBytes(StandardCharsets.UTF_8)).files().getFirst();
      pieces.add(new FileGroup.Piece(file, 0, 0, 1));
    }
    return new FileGroup(pieces, 10);
  }
}
