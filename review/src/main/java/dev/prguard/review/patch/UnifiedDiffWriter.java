package dev.prguard.review.patch;

import dev.prguard.review.patch.FileLines.Edit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/// Writes the edits of a file as `git diff` would: three lines of context, quoted paths, the note
/// about a missing final newline. Context ends before a line with a secret: git needs to see one
/// line after a change, and none before it. Built from the edits themselves, so nothing is guessed.
final class UnifiedDiffWriter {

  private static final int CONTEXT = 3;
  private static final String NO_NEWLINE = "\n\\ No newline at end of file\n";

  private UnifiedDiffWriter() {}

  /// The diff of one file; empty when the edits change nothing.
  ///
  /// @param edits in order, without overlaps
  /// @return UTF-8 text, if the file is UTF-8
  static String write(HeadFile head, List<Edit> edits) {
    return write(head.path(), head.lines(), edits, head.secrets());
  }

  /// @param secrets numbers of the lines not to be shown; none of them is in an edit, or right
  ///   after one
  static String write(String path, FileLines old, List<Edit> edits, BitSet secrets) {
    List<Edit> changes =
        edits.stream().map(e -> trimmed(old, e)).filter(e -> !isNothing(e)).toList();
    if (changes.isEmpty()) {
      return "";
    }
    StringBuilder diff = new StringBuilder();
    diff.append("diff --git ").append(quoted("a/" + path));
    diff.append(' ').append(quoted("b/" + path)).append('\n');
    diff.append("--- ").append(named("a/" + path)).append('\n');
    diff.append("+++ ").append(named("b/" + path)).append('\n');
    int growth = 0;
    int from = 0;
    while (from < changes.size()) {
      int to = from + 1;
      while (to < changes.size()
          && changes.get(to).line() - changes.get(to - 1).endLine() - 1 <= 2 * CONTEXT
          && next(secrets, changes.get(to - 1).endLine() + 1) >= changes.get(to).line()) {
        to++;
      }
      growth += hunk(diff, old, changes.subList(from, to), growth, secrets);
      from = to;
    }
    return diff.toString();
  }

  /// The same edit without equal lines at its ends, so that unchanged lines are context.
  private static Edit trimmed(FileLines old, Edit edit) {
    int line = edit.line();
    int endLine = edit.endLine();
    int from = 0;
    int to = edit.lines().size();
    while (line <= endLine && from < to && old.raw(line).equals(edit.lines().get(from))) {
      line++;
      from++;
    }
    while (line <= endLine && from < to && old.raw(endLine).equals(edit.lines().get(to - 1))) {
      endLine--;
      to--;
    }
    return new Edit(line, endLine, edit.lines().subList(from, to));
  }

  private static boolean isNothing(Edit edit) {
    return edit.line() > edit.endLine() && edit.lines().isEmpty();
  }

  /// Writes one hunk.
  ///
  /// @param growth lines that the hunks before it added
  /// @return lines that it adds
  private static int hunk(
      StringBuilder diff, FileLines old, List<Edit> changes, int growth, BitSet secrets) {
    int first = changes.getFirst().line();
    int last = changes.getLast().endLine();
    int start =
        Math.max(Math.max(1, first - CONTEXT), secrets.previousSetBit(Math.max(0, first - 1)) + 1);
    int end = Math.min(Math.min(old.count(), last + CONTEXT), next(secrets, last + 1) - 1);
    List<String> body = new ArrayList<>();
    int added = 0;
    int next = start;
    for (Edit change : changes) {
      for (; next < change.line(); next++) {
        body.add(' ' + old.raw(next));
      }
      for (; next <= change.endLine(); next++) {
        body.add('-' + old.raw(next));
      }
      for (String line : change.lines()) {
        body.add('+' + line);
      }
      added += change.growth();
    }
    for (; next <= end; next++) {
      body.add(' ' + old.raw(next));
    }
    int oldCount = end - start + 1;
    int newCount = oldCount + added;
    diff.append("@@ -").append(range(start, oldCount));
    diff.append(" +").append(range(start + growth, newCount)).append(" @@\n");
    for (String line : body) {
      // The file's bytes, one a char until here.
      diff.append(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
      if (!line.endsWith("\n")) {
        diff.append(NO_NEWLINE);
      }
    }
    return added;
  }

  private static int next(BitSet lines, int from) {
    int next = lines.nextSetBit(from);
    return next < 0 ? Integer.MAX_VALUE : next;
  }

  private static String range(int start, int count) {
    int shown = count == 0 ? start - 1 : start;
    return count == 1 ? Integer.toString(shown) : shown + "," + count;
  }

  /// The name of a `---` or `+++` line: git ends a name that has a blank in it with a tab, so that
  /// `patch` does not take the rest for a date.
  private static String named(String name) {
    String quoted = quoted(name);
    return quoted.startsWith("\"") || name.indexOf(' ') < 0 ? quoted : quoted + '\t';
  }

  /// The name as git writes it: in C quotes when a byte is not plain ASCII.
  static String quoted(String name) {
    StringBuilder text = new StringBuilder("\"");
    boolean special = false;
    for (byte signed : name.getBytes(StandardCharsets.UTF_8)) {
      int b = signed & 0xff;
      String escape =
          switch (b) {
            case 0x07 -> "\\a";
            case '\b' -> "\\b";
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case 0x0b -> "\\v";
            case '\f' -> "\\f";
            case '\r' -> "\\r";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            default ->
                b < 0x20 || b >= 0x7f
                    ? String.format(Locale.ROOT, "\\%03o", b)
                    : String.valueOf((char) b);
          };
      special |= escape.length() > 1;
      text.append(escape);
    }
    return special ? text.append('"').toString() : name;
  }
}
