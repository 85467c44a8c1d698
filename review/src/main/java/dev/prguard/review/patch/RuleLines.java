package dev.prguard.review.patch;

import dev.prguard.review.patch.FileLines.Edit;
import dev.prguard.review.result.Finding;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which lines of a file each rule objects to. Comparing lines, not findings: a run of bad lines is
/// one finding, and mending its middle leaves two, though nothing got worse.
final class RuleLines {

  /// Rule → lines; line 0 stands for the whole file.
  private final Map<String, BitSet> lines = new LinkedHashMap<>();

  RuleLines(List<Finding> findings) {
    for (Finding finding : findings) {
      lines
          .computeIfAbsent(finding.rule(), rule -> new BitSet())
          .set(finding.line(), finding.endLine() + 1);
    }
  }

  boolean objects(String rule, int line) {
    BitSet found = lines.get(rule);
    return found != null && found.get(line);
  }

  private boolean objectsWithin(String rule, int line, int endLine) {
    BitSet found = lines.get(rule);
    int next = found == null ? -1 : found.nextSetBit(line);
    return next >= 0 && next <= endLine;
  }

  /// Why this file, made from `before` by the edits, is not better than it: a rule objects to a
  /// line that it did not object to before, or still to one that was to be mended. Null when all is
  /// well.
  ///
  /// @param fixed for each edit the rule that it is to satisfy
  static @Nullable String objection(
      RuleLines before, RuleLines after, List<Edit> edits, List<String> fixed) {
    for (Map.Entry<String, BitSet> entry : after.lines.entrySet()) {
      String rule = entry.getKey();
      for (int line = entry.getValue().nextSetBit(0);
          line >= 0;
          line = entry.getValue().nextSetBit(line + 1)) {
        int shift = 0;
        int edit = -1;
        for (int i = 0; i < edits.size() && line >= edits.get(i).line() + shift; i++) {
          if (line < edits.get(i).line() + shift + edits.get(i).lines().size()) {
            edit = i;
            break;
          }
          shift += edits.get(i).growth();
        }
        if (edit < 0) {
          if (!before.objects(rule, line - shift)) {
            return "new finding outside the fix: " + rule;
          }
        } else if (rule.equals(fixed.get(edit))) {
          return "the finding is still there";
        } else if (!before.objectsWithin(rule, edits.get(edit).line(), edits.get(edit).endLine())) {
          return "new finding: " + rule;
        }
      }
    }
    return null;
  }
}
