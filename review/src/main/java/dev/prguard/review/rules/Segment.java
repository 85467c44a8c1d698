package dev.prguard.review.rules;

import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.Hunk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Consecutive lines of the new file, as a hunk shows them: context and added lines.
///
/// @param firstLine number of the first line, 1-based
/// @param lines text, see [DiffLine#text()]
/// @param added which of them the change adds, by position in `lines`
/// @param afterDeletion which of them follow right after removed lines
record Segment(int firstLine, List<String> lines, BitSet added, BitSet afterDeletion) {

  static Segment of(Hunk hunk) {
    List<String> lines = new ArrayList<>(hunk.newCount());
    BitSet added = new BitSet();
    BitSet afterDeletion = new BitSet();
    boolean deleted = false;
    for (DiffLine line : hunk.lines()) {
      switch (line.kind()) {
        case DELETED -> deleted = true;
        case ADDED, CONTEXT -> {
          added.set(lines.size(), line.kind() == DiffLine.Kind.ADDED);
          afterDeletion.set(lines.size(), deleted);
          deleted = false;
          lines.add(line.text());
        }
      }
    }
    return new Segment(hunk.newStart(), lines, added, afterDeletion);
  }

  /// A whole file, as if every line were added.
  static Segment whole(byte[] content) {
    List<String> lines = linesOf(content);
    BitSet added = new BitSet();
    added.set(0, lines.size());
    return new Segment(1, lines, added, new BitSet());
  }

  static List<String> linesOf(byte[] content) {
    String bytes = new String(content, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < bytes.length()) {
      int end = bytes.indexOf('\n', start);
      if (end < 0) {
        end = bytes.length();
      }
      lines.add(DiffLine.text(bytes.substring(start, end)));
      start = end + 1;
    }
    return lines;
  }

  int number(int index) {
    return firstLine + index;
  }

  boolean isAdded(int index) {
    return added.get(index);
  }
}
