package dev.prguard.review.rules;

import dev.prguard.review.rules.CodeFiles.CodeFile;
import dev.prguard.review.rules.flow.Hit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A way of a value over several files, at the place where it is reported.
///
/// @param rule its position in the catalog
/// @param line of the file, 1-based; `endLine` is where it ends
/// @param detail which way the value goes
/// @param sink whether it stands where the value does harm
record Crossing(
    String path, int rule, int line, int endLine, String detail, boolean suspect, boolean sink) {

  private static final int SHOWN_STEPS = 8;

  /// Null when the change, or the file that was looked at, has no part in it.
  ///
  /// @param start number of the file that was looked at
  static @Nullable Crossing of(Hit hit, int start, CodeFiles files) {
    int end = files.at(hit.line());
    boolean passes = end == start || hit.path().stream().anyMatch(step -> files.at(step) == start);
    if (end < 0 || !passes) {
      return null;
    }
    CodeFile file = files.get(end);
    int line = hit.line() - file.offset;
    int last = hit.endLine() - file.offset;
    int anchor = file.added.nextSetBit(line);
    boolean sink = anchor >= 0 && anchor <= last;
    if (!sink) {
      anchor = -1;
      for (int step : hit.path()) {
        CodeFile each = step <= 0 || files.at(step) < 0 ? null : files.get(files.at(step));
        if (each != null && each.added.get(step - each.offset)) {
          file = each;
          anchor = step - each.offset;
        }
      }
      if (anchor < 0) {
        return null;
      }
      last = anchor;
    }
    int to = anchor;
    while (to < last && file.added.get(to + 1)) {
      to++;
    }
    return new Crossing(
        file.path(), hit.rule(), anchor, to, detail(hit, files), hit.suspect(), sink);
  }

  private static String detail(Hit hit, CodeFiles files) {
    List<String> steps = new ArrayList<>();
    for (int step : hit.path()) {
      String place = place(step, files);
      if (!place.isEmpty() && (steps.isEmpty() || !steps.getLast().equals(place))) {
        steps.add(place);
      }
    }
    if (steps.size() > SHOWN_STEPS) {
      List<String> cut = new ArrayList<>(steps.subList(0, 4));
      cut.add("...");
      cut.addAll(steps.subList(steps.size() - 3, steps.size()));
      steps = cut;
    }
    return "The value comes from " + hit.source() + ", over " + String.join(" -> ", steps) + ".";
  }

  /// `a/b.py:3`, without what a name of a file could do to the text that it stands in.
  private static String place(int line, CodeFiles files) {
    int number = files.at(line);
    if (number < 0) {
      return "";
    }
    CodeFile file = files.get(number);
    StringBuilder shown = new StringBuilder();
    for (char c : file.path().toCharArray()) {
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "/._-+@".indexOf(c) >= 0);
      shown.append(plain ? c : '?');
    }
    return shown.append(':').append(line - file.offset).toString();
  }
}
