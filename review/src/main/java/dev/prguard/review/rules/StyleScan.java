package dev.prguard.review.rules;

import com.google.re2j.Pattern;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.Rule.Builtin;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/// Style of added lines. One finding for a run of lines, so that a file does not drown in them.
final class StyleScan {

  private static final int MAX_LINE_CHARS = 120;
  private static final int MAX_SUGGESTED_LINES = 200;

  /// Written by tools or by others: nobody here will restyle it. All other rules do look at it.
  private static final Pattern NOT_OURS =
      Pattern.compile(
          "(?i)(?:^|/)(?:node_modules|bower_components|vendor|third_party|dist|build)/|[.-]min[.]\\w+$");

  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;

  StyleScan(RuleCatalog catalog, ScannedFile file, Report report) {
    this.catalog = catalog;
    this.file = file;
    this.report = report;
  }

  void run() {
    if (NOT_OURS.matcher(file.path()).find()) {
      return;
    }
    Language language = file.language();
    if (language.isProgram()) {
      catalog.builtin(Builtin.LONG_LINE).ifPresent(rule -> runs(rule, StyleScan::isTooLong));
      catalog
          .builtin(Builtin.TRAILING_SPACE)
          .ifPresent(rule -> runs(rule, StyleScan::endsWithSpace));
    }
    if (language.spaceIndented()) {
      catalog.builtin(Builtin.TAB_INDENT).ifPresent(this::tabs);
    }
  }

  /// Tabs where the file has spaces. A new file of tabs is one finding, not one for each block.
  private void tabs(Rule rule) {
    Indents kept = keptIndents();
    if (kept.tabs > kept.spaces) {
      return; // its style
    }
    if (kept.isEmpty() && file.diff().status() == FileDiff.Status.ADDED) {
      Indents all = new Indents();
      file.segments().forEach(segment -> segment.lines().forEach(all::add));
      if (all.spaces == 0 && file.segments().size() == 1) {
        Segment segment = file.segments().getFirst();
        List<String> lines = segment.lines();
        int first = 0;
        int end = lines.size();
        while (first < end && !hasTabIndent(lines.get(first))) {
          first++;
        }
        while (end > first && !hasTabIndent(lines.get(end - 1))) {
          end--;
        }
        if (end > first) {
          add(rule, segment, first, end);
        }
        return;
      }
    }
    runs(rule, StyleScan::hasTabIndent);
  }

  private void runs(Rule rule, Predicate<String> out) {
    for (Segment segment : file.segments()) {
      int i = segment.added().nextSetBit(0);
      while (i >= 0) {
        int end = i;
        while (segment.isAdded(end) && out.test(segment.lines().get(end))) {
          end++;
        }
        if (end > i) {
          add(rule, segment, i, end);
        }
        i = segment.added().nextSetBit(Math.max(end, i + 1));
      }
    }
  }

  private void add(Rule rule, Segment segment, int from, int end) {
    List<String> lines = segment.lines().subList(from, end);
    String suggestion = null;
    if (lines.size() <= MAX_SUGGESTED_LINES) {
      suggestion = RuleFixes.suggestion(rule, lines);
    }
    report.add(
        rule,
        Side.NEW,
        segment.number(from),
        segment.number(end - 1),
        lines.getFirst(),
        "",
        suggestion);
  }

  /// Lines that cannot be broken well (addresses, imports, data without spaces) are let be.
  private static boolean isTooLong(String line) {
    if (line.length() <= MAX_LINE_CHARS
        || line.codePointCount(0, line.length()) <= MAX_LINE_CHARS) {
      return false;
    }
    if (line.length() > 20 * MAX_LINE_CHARS) {
      return true;
    }
    String text = line.strip();
    return !text.contains("://")
        && !text.startsWith("import ")
        && !text.startsWith("from ")
        && text.indexOf(' ') >= 0;
  }

  private static boolean endsWithSpace(String line) {
    if (line.isEmpty()) {
      return false;
    }
    char last = line.charAt(line.length() - 1);
    return last == ' ' || last == '\t';
  }

  private static boolean hasTabIndent(String line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\t') {
        return true;
      }
      if (c != ' ') {
        return false;
      }
    }
    return false;
  }

  /// How the lines that the change keeps are indented: those in the hunks, or where these do not
  /// say, all others of the file.
  private Indents keptIndents() {
    Indents kept = new Indents();
    for (Segment segment : file.segments()) {
      for (int i = segment.added().nextClearBit(0);
          i < segment.lines().size();
          i = segment.added().nextClearBit(i + 1)) {
        kept.add(segment.lines().get(i));
      }
    }
    if (kept.isEmpty() && file.diff().status() != FileDiff.Status.ADDED && addsTabs()) {
      BitSet added = new BitSet();
      for (Segment segment : file.segments()) {
        segment.added().stream().map(segment::number).forEach(added::set);
      }
      List<String> lines = file.headLines().orElse(List.of());
      for (int i = 0; i < lines.size(); i++) {
        if (!added.get(i + 1)) {
          kept.add(lines.get(i));
        }
      }
    }
    return kept;
  }

  /// The file may be far away: it is read only where it decides.
  private boolean addsTabs() {
    return file.segments().stream()
        .anyMatch(segment ->
            segment.added().stream()
                .mapToObj(segment.lines()::get)
                .anyMatch(StyleScan::hasTabIndent));
  }

  private static final class Indents {
    private int tabs;
    private int spaces;

    void add(String line) {
      if (line.startsWith("\t")) {
        tabs++;
      } else if (line.startsWith("  ")) {
        spaces++;
      }
    }

    boolean isEmpty() {
      return tabs + spaces == 0;
    }
  }
}
