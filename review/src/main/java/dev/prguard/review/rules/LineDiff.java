package dev.prguard.review.rules;

import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.Hunk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The difference of two short texts, for the examples of rules.
final class LineDiff {

  private static final int CONTEXT = 3;

  private LineDiff() {}

  static List<Hunk> hunks(String before, String after) {
    return hunks(
        lines(
            Segment.linesOf(before.getBytes(StandardCharsets.UTF_8)),
            Segment.linesOf(after.getBytes(StandardCharsets.UTF_8))));
  }

  /// By the longest common subsequence, so for small files only.
  private static List<DiffLine> lines(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<DiffLine> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        lines.add(line(Kind.CONTEXT, before.get(i)));
        i++;
        j++;
      } else if (i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add(line(Kind.DELETED, before.get(i)));
        i++;
      } else {
        lines.add(line(Kind.ADDED, after.get(j)));
        j++;
      }
    }
    return lines;
  }

  private static DiffLine line(Kind kind, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return new DiffLine(kind, new String(utf8, StandardCharsets.ISO_8859_1), true);
  }

  private static List<Hunk> hunks(List<DiffLine> lines) {
    List<Hunk> hunks = new ArrayList<>();
    int oldLine = 1;
    int newLine = 1;
    int i = 0;
    while (i < lines.size()) {
      int change = i;
      while (change < lines.size() && lines.get(change).kind() == Kind.CONTEXT) {
        change++;
      }
      if (change == lines.size()) {
        break;
      }
      int start = Math.max(i, change - CONTEXT);
      oldLine += start - i;
      newLine += start - i;
      int end = change;
      int quiet = 0;
      while (end < lines.size() && quiet <= 2 * CONTEXT) {
        quiet = lines.get(end).kind() == Kind.CONTEXT ? quiet + 1 : 0;
        end++;
      }
      end -= Math.max(0, quiet - CONTEXT);
      List<DiffLine> part = lines.subList(start, end);
      int olds = (int) part.stream().filter(l -> l.kind() != Kind.ADDED).count();
      int news = (int) part.stream().filter(l -> l.kind() != Kind.DELETED).count();
      hunks.add(new Hunk(olds == 0 ? 0 : oldLine, olds, news == 0 ? 0 : newLine, news, "", part));
      oldLine += olds;
      newLine += news;
      i = end;
    }
    return hunks;
  }
}
