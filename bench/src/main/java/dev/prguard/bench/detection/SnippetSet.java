package dev.prguard.bench.detection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Files of snippets, one after another: `--- CATEGORY CWE[,CWE] FILE bad|ok [LINE]` and the text
/// below it. `any` in the place of the CWE counts every security finding; with the line of the
/// weakness, a finding has to be there.
final class SnippetSet {

  private SnippetSet() {}

  /// @throws IOException when the file cannot be read
  static List<LabelledCase> read(Path file) throws IOException {
    List<LabelledCase> cases = new ArrayList<>();
    String[] head = {};
    StringBuilder text = new StringBuilder();
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("--- ")) {
        add(cases, head, text);
        head = line.substring(4).split(" ", -1);
        if (head.length < 4 || head.length > 5) {
          throw new IOException(
              file + ": " + line + " (expected: CATEGORY CWE FILE bad|ok [LINE])");
        }
        text.setLength(0);
      } else {
        text.append(line).append('\n');
      }
    }
    add(cases, head, text);
    return List.copyOf(cases);
  }

  private static void add(List<LabelledCase> cases, String[] head, StringBuilder text) {
    if (head.length > 0) {
      cases.add(
          new LabelledCase(
              head[0],
              Set.of(head[1].split(",", -1)),
              head[2],
              text.toString(),
              head[3].equals("bad"),
              head.length == 5 ? Integer.parseInt(head[4]) : 0));
    }
  }
}
