package dev.prguard.review.github;

import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.Hunk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The hunks between two files, for where GitHub leaves them out. Lines end at LF only, as git's.
final class BlobDiff {
  private static final int CONTEXT = 3;

  /// Comparisons of two lines after which no shorter diff is looked for: about a second.
  private static final long MAX_COMPARISONS = 100_000_000;

  /// A changed range: old lines `from`..`to` (0-based, `to` excluded) became the new ones.
  private record Edit(int oldFrom, int oldTo, int newFrom, int newTo) {}

  private static final class TooManyComparisons extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyComparisons() {
      super("too many comparisons", null, false, false);
    }
  }

  private final List<String> oldLines;
  private final List<String> newLines;

  private BlobDiff(byte[] before, byte[] after) {
    oldLines = lines(before);
    newLines = lines(after);
  }

  /// The hunks, with three lines of context. Where files differ so much that a shortest diff would
  /// take too long, everything between their common start and end is one hunk: more is shown as
  /// changed than was, never less.
  static List<Hunk> hunks(byte[] before, byte[] after) {
    return new BlobDiff(before, after).hunks();
  }

  private List<Hunk> hunks() {
    List<Hunk> hunks = new ArrayList<>();
    List<Edit> group = new ArrayList<>();
    for (Edit edit : edits()) {
      if (!group.isEmpty() && edit.oldFrom - group.getLast().oldTo > 2 * CONTEXT) {
        hunks.add(hunk(group));
        group.clear();
      }
      group.add(edit);
    }
    if (!group.isEmpty()) {
      hunks.add(hunk(group));
    }
    return hunks;
  }

  private List<Edit> edits() {
    int oldEnd = oldLines.size();
    int newEnd = newLines.size();
    int start = 0;
    while (start < oldEnd && start < newEnd && oldLines.get(start).equals(newLines.get(start))) {
      start++;
    }
    while (oldEnd > start
        && newEnd > start
        && oldLines.get(oldEnd - 1).equals(newLines.get(newEnd - 1))) {
      oldEnd--;
      newEnd--;
    }
    if (start == oldEnd && start == newEnd) {
      return List.of();
    }
    if (start == oldEnd || start == newEnd) {
      return List.of(new Edit(start, oldEnd, start, newEnd));
    }
    // Equal lines become equal numbers, so that a comparison costs the same for any line.
    Map<String, Integer> numbers = new HashMap<>();
    List<Integer> before = numbered(oldLines.subList(start, oldEnd), numbers);
    List<Integer> after = numbered(newLines.subList(start, newEnd), numbers);
    long[] comparisons = {0};
    try {
      List<Edit> edits = new ArrayList<>();
      MyersDiffWithLinearSpace<Integer> myers =
          new MyersDiffWithLinearSpace<>((a, b) -> {
            if (++comparisons[0] > MAX_COMPARISONS) {
              throw new TooManyComparisons();
            }
            return a.equals(b);
          });
      for (AbstractDelta<Integer> delta : DiffUtils.diff(before, after, myers).getDeltas()) {
        int oldFrom = start + delta.getSource().getPosition();
        int newFrom = start + delta.getTarget().getPosition();
        edits.add(
            new Edit(
                oldFrom,
                oldFrom + delta.getSource().size(),
                newFrom,
                newFrom + delta.getTarget().size()));
      }
      return joined(edits);
    } catch (TooManyComparisons e) {
      return List.of(new Edit(start, oldEnd, start, newEnd));
    }
  }

  /// Edits that touch are one, so that deleted lines stand before added ones as git writes them.
  private static List<Edit> joined(List<Edit> edits) {
    List<Edit> joined = new ArrayList<>();
    for (Edit edit : edits) {
      @Nullable Edit last = joined.isEmpty() ? null : joined.getLast();
      if (last != null && last.oldTo == edit.oldFrom && last.newTo == edit.newFrom) {
        joined.set(joined.size() - 1, new Edit(last.oldFrom, edit.oldTo, last.newFrom, edit.newTo));
      } else {
        joined.add(edit);
      }
    }
    return joined;
  }

  private Hunk hunk(List<Edit> edits) {
    Edit first = edits.getFirst();
    Edit last = edits.getLast();
    int before = Math.min(CONTEXT, first.oldFrom);
    int oldFrom = first.oldFrom - before;
    int newFrom = first.newFrom - before;
    int oldTo = Math.min(last.oldTo + CONTEXT, oldLines.size());
    int newTo = Math.min(last.newTo + CONTEXT, newLines.size());
    List<DiffLine> lines = new ArrayList<>(oldTo - oldFrom + newTo - newFrom);
    int at = oldFrom;
    for (Edit edit : edits) {
      add(lines, DiffLine.Kind.CONTEXT, oldLines.subList(at, edit.oldFrom));
      add(lines, DiffLine.Kind.DELETED, oldLines.subList(edit.oldFrom, edit.oldTo));
      add(lines, DiffLine.Kind.ADDED, newLines.subList(edit.newFrom, edit.newTo));
      at = edit.oldTo;
    }
    add(lines, DiffLine.Kind.CONTEXT, oldLines.subList(at, oldTo));
    int oldCount = oldTo - oldFrom;
    int newCount = newTo - newFrom;
    return new Hunk(
        oldCount == 0 ? oldFrom : oldFrom + 1,
        oldCount,
        newCount == 0 ? newFrom : newFrom + 1,
        newCount,
        "",
        lines);
  }

  private static void add(List<DiffLine> to, DiffLine.Kind kind, List<String> lines) {
    for (String line : lines) {
      boolean newline = line.endsWith("\n");
      to.add(new DiffLine(kind, newline ? line.substring(0, line.length() - 1) : line, newline));
    }
  }

  private static List<Integer> numbered(List<String> lines, Map<String, Integer> numbers) {
    List<Integer> out = new ArrayList<>(lines.size());
    for (String line : lines) {
      Integer next = numbers.size();
      Integer known = numbers.putIfAbsent(line, next);
      out.add(known == null ? next : known);
    }
    return out;
  }

  /// Lines with their LF, one byte a char.
  private static List<String> lines(byte[] bytes) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        lines.add(new String(bytes, start, i + 1 - start, StandardCharsets.ISO_8859_1));
        start = i + 1;
      }
    }
    if (start < bytes.length) {
      lines.add(new String(bytes, start, bytes.length - start, StandardCharsets.ISO_8859_1));
    }
    return lines;
  }
}
