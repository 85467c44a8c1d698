package dev.prguard.bench.detection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Files of snippets, one after another: `--- CATEGORY CWE[,CWE] FILE bad|ok [LINE]` and the text
/// below it. `any` in the place of the CWE counts every security finding; with the line of the
/// weakness, a finding has to be there.
///
/// `--- marked FILE` is a file with several: each has a comment above it, `# BAD CATEGORY` or `//
/// OK CATEGORY`, which is blanked out before anybody looks at the file.
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
        if (!isMarked(head) && (head.length < 4 || head.length > 5)) {
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

  /// A set with marks by file: one case each, vulnerable where it has a bad mark; any security
  /// finding on it counts.
  ///
  /// @throws IOException when the file cannot be read
  static List<LabelledCase> byFile(Path file) throws IOException {
    Map<String, LabelledCase> files = new LinkedHashMap<>();
    for (LabelledCase each : read(file)) {
      LabelledCase whole =
          new LabelledCase(
              each.category(),
              Set.of(LabelledCase.ANY),
              each.path(),
              each.text(),
              each.vulnerable(),
              0);
      files.merge(each.path(), whole, (one, other) -> one.vulnerable() ? one : other);
    }
    return List.copyOf(files.values());
  }

  private static void add(List<LabelledCase> cases, String[] head, StringBuilder text) {
    if (isMarked(head)) {
      marked(cases, head[1], text.toString());
    } else if (head.length > 0) {
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

  private static boolean isMarked(String[] head) {
    return head.length == 2 && head[0].equals("marked");
  }

  private record Mark(boolean bad, String category, int line) {}

  private static void marked(List<LabelledCase> cases, String path, String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    List<Mark> marks = new ArrayList<>();
    List<Mark> above = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher mark = MARK.matcher(lines.get(i));
      if (mark.matches()) {
        lines.set(i, "");
        above.add(new Mark(mark.group(1).equals("BAD"), mark.group(2), 0));
      } else if (!lines.get(i).isBlank()) {
        for (Mark each : above) {
          marks.add(new Mark(each.bad(), each.category(), i + 1));
        }
        above.clear();
      }
    }
    String code = String.join("\n", lines) + "\n";
    for (Mark mark : marks) {
      int next =
          marks.stream()
              .mapToInt(Mark::line)
              .filter(line -> line > mark.line())
              .min()
              .orElse(Integer.MAX_VALUE);
      cases.add(
          new LabelledCase(
              mark.category().split(",", 2)[0],
              Set.of(LabelledCase.ANY),
              path,
              code,
              mark.bad(),
              mark.line(),
              mark.line() - 1,
              Math.min(mark.line() + AFTER, next - 1)));
    }
  }

  /// So many lines below its first one a statement may be found.
  private static final int AFTER = 3;

  private static final Pattern MARK =
      Pattern.compile("\\s*(?:#|//|\\{?/\\*)\\s*(BAD|OK)\\s+([A-Z0-9, -]+?)\\s*(?:\\*/\\}?)?\\s*");
}
