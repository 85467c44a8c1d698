package dev.prguard.review.rules;

import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.flow.Hit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values that reach where they do harm because a line is gone: the way has no added line, but
/// before the change it was not there.
final class FlowRemovals {

  /// A line that the change takes away.
  ///
  /// @param at the line of the new file before which it stood
  record Gone(int oldLine, int at, String text) {}

  private final ScannedFile file;
  private final List<String> head;

  FlowRemovals(ScannedFile file, List<String> head) {
    this.file = file;
    this.head = head;
  }

  /// The lines of code that the change takes away, in order.
  List<Gone> gone() {
    List<Gone> gone = new ArrayList<>();
    for (Hunk hunk : file.hunks()) {
      int oldLine = hunk.oldStart();
      int newLine = hunk.newStart();
      for (DiffLine line : hunk.lines()) {
        if (line.kind() == Kind.DELETED && !line.text().isBlank()) {
          gone.add(new Gone(oldLine, newLine, line.text()));
        }
        oldLine += line.kind() == Kind.ADDED ? 0 : 1;
        newLine += line.kind() == Kind.DELETED ? 0 : 1;
      }
    }
    return gone;
  }

  /// The file before the change, from the one after it and the diff.
  List<String> base() {
    List<String> base = new ArrayList<>();
    int next = 1;
    for (Hunk hunk : file.hunks()) {
      // A hunk without lines of its own in the new file stands behind the line that it names.
      boolean onlyRemoves = hunk.lines().stream().allMatch(line -> line.kind() == Kind.DELETED);
      int start = onlyRemoves ? hunk.newStart() + 1 : hunk.newStart();
      while (next < start && next <= head.size()) {
        base.add(head.get(next - 1));
        next++;
      }
      for (DiffLine line : hunk.lines()) {
        if (line.kind() != Kind.ADDED) {
          base.add(line.text());
        }
        next += line.kind() == Kind.DELETED ? 0 : 1;
      }
    }
    while (next <= head.size()) {
      base.add(head.get(next - 1));
      next++;
    }
    return base;
  }

  /// Of the hits past a removed line those that the old file does not have.
  ///
  /// @param now all hits of the new file
  static List<Hit> fresh(
      List<Hit> past, List<Hit> now, List<String> head, List<Hit> before, List<String> base) {
    Map<String, Integer> more = new HashMap<>();
    now.forEach(hit -> more.merge(key(hit, head), 1, Integer::sum));
    before.forEach(hit -> more.merge(key(hit, base), -1, Integer::sum));
    List<Hit> fresh = new ArrayList<>();
    for (Hit hit : past) {
      Integer left = more.computeIfPresent(key(hit, head), (_, count) -> count - 1);
      if (left != null && left >= 0) {
        fresh.add(hit);
      }
    }
    return fresh;
  }

  private static String key(Hit hit, List<String> lines) {
    int at = Math.min(hit.line(), lines.size()) - 1;
    return hit.rule() + " " + (at < 0 ? "" : lines.get(at).strip());
  }

  /// The removed line that a way goes past; null when none lies on it.
  static @Nullable Gone on(Hit hit, List<Gone> gone) {
    int from = hit.path().isEmpty() ? hit.line() : hit.path().getFirst();
    Gone found = null;
    for (Gone each : gone) {
      if (each.at() > Math.min(from, hit.line()) && each.at() <= Math.max(from, hit.endLine())) {
        found = each;
      }
    }
    return found;
  }

  static void report(Report report, Rule rule, Hit hit, Gone gone) {
    report.add(
        rule,
        Side.OLD,
        gone.oldLine(),
        gone.oldLine(),
        gone.text(),
        hit.path().isEmpty()
            ? "Without this line, line " + hit.line() + " is open to it."
            : "Without this line the value of "
                + hit.source()
                + " reaches line "
                + hit.line()
                + ".",
        null);
  }
}
