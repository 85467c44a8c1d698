package dev.prguard.review.rules;

import com.google.re2j.Pattern;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.Rule.Builtin;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Style of added lines, where they leave the style of the file and of the project: what breaks a
/// rule elsewhere too has a style of its own, and is let be. One finding for a run of lines, so
/// that a file does not drown in them.
final class StyleScan {

  /// A file that breaks a rule in one line of so many does not keep it.
  private static final int KEPT_SHARE = 200;

  /// A new file that breaks a rule in so many lines, and in more than one of a hundred, does not
  /// keep it either.
  private static final int NEW_STYLE_LINES = 10;

  /// So many findings of one style are told of a change.
  private static final int MAX_TOLD = 5;

  private static final List<Builtin> STYLES =
      List.of(Builtin.LONG_LINE, Builtin.TRAILING_SPACE, Builtin.TAB_INDENT);

  private static final int MAX_LINE_CHARS = 120;
  private static final int MAX_SUGGESTED_LINES = 200;

  /// Written by tools or by others: nobody here will restyle it. All other rules do look at it.
  private static final Pattern NOT_OURS =
      Pattern.compile(
          "(?i)(?:^|/)(?:node_modules|bower_components|vendor|third_party|dist|build)/|[.-]min[.]\\w+$");

  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;
  private final ProjectStyle project;

  StyleScan(RuleCatalog catalog, ScannedFile file, Report report, ProjectStyle project) {
    this.catalog = catalog;
    this.file = file;
    this.report = report;
    this.project = project;
  }

  static boolean isNotOurs(String path) {
    return NOT_OURS.matcher(path).find();
  }

  void run() {
    if (isNotOurs(file.path())) {
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
    if (!adds(StyleScan::hasTabIndent)) {
      return;
    }
    Indents kept = keptIndents();
    if (kept.tabs > kept.spaces) {
      return; // its style
    }
    if (kept.isEmpty() && file.diff().status() == FileDiff.Status.ADDED) {
      if (isProjectStyle(StyleScan::hasTabIndent)) {
        return;
      }
      Indents all = new Indents();
      file.segments().forEach(segment -> segment.lines().forEach(all::add));
      if (all.tabs > NEW_STYLE_LINES
          && all.tabs > all.spaces
          && file.language() != Language.PYTHON
          && isOfAChange()) {
        return; // only Python says itself that it is written with spaces
      }
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
    if (!adds(out) || isOwnStyle(out) || isProjectStyle(out)) {
      return;
    }
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

  private boolean isProjectStyle(Predicate<String> out) {
    return isOfAChange() && project.lines(file.language()).stream().anyMatch(out);
  }

  private boolean isOwnStyle(Predicate<String> out) {
    if (!isOfAChange()) {
      return false;
    }
    List<String> kept = keptLines();
    long broken = kept.stream().filter(out).count();
    if (!kept.isEmpty()) {
      return broken > 0 && broken * KEPT_SHARE >= kept.size();
    }
    long lines = 0;
    for (Segment segment : file.segments()) {
      lines += segment.lines().size();
      broken += segment.lines().stream().filter(out).count();
    }
    return broken >= NEW_STYLE_LINES && broken * 100 > lines;
  }

  /// Whether there is a change to compare with; a file that is looked at for a patch stands alone.
  private boolean isOfAChange() {
    return !file.hunks().isEmpty();
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
    shownLines().forEach(kept::add);
    if (kept.isEmpty() && file.diff().status() != FileDiff.Status.ADDED) {
      keptLines().forEach(kept::add);
    }
    return kept;
  }

  private List<String> shownLines() {
    List<String> shown = new ArrayList<>();
    for (Segment segment : file.segments()) {
      for (int i = segment.added().nextClearBit(0);
          i < segment.lines().size();
          i = segment.added().nextClearBit(i + 1)) {
        shown.add(segment.lines().get(i));
      }
    }
    return shown;
  }

  /// The lines of the file that the change did not add; those that the hunks show where the file
  /// cannot be had.
  private List<String> keptLines() {
    List<String> lines = file.headLines().orElse(List.of());
    if (lines.isEmpty()) {
      return shownLines();
    }
    BitSet added = new BitSet();
    for (Segment segment : file.segments()) {
      segment.added().stream().map(segment::number).forEach(added::set);
    }
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!added.get(i + 1)) {
        kept.add(lines.get(i));
      }
    }
    return kept;
  }

  /// The file may be far away: it is read only where it decides.
  private boolean adds(Predicate<String> out) {
    return file.segments().stream()
        .anyMatch(segment -> segment.added().stream().mapToObj(segment.lines()::get).anyMatch(out));
  }

  /// Of the findings of a change, the first few of a style; the last of them tells of the others.
  /// Long lines have no fix of their own, so one says what there is to say.
  static List<Finding> fewOfEach(List<Finding> findings, RuleCatalog catalog) {
    List<Finding> few = findings;
    for (Builtin style : STYLES) {
      Optional<Rule> rule = catalog.builtin(style);
      if (rule.isPresent()) {
        few = few(few, rule.get().id(), style == Builtin.LONG_LINE ? 1 : MAX_TOLD);
      }
    }
    return few;
  }

  private static List<Finding> few(List<Finding> findings, String rule, int most) {
    List<Finding> told = findings.stream().filter(f -> f.rule().equals(rule)).toList();
    if (told.size() <= most) {
      return findings;
    }
    Finding last = told.get(most - 1);
    List<Finding> others = told.subList(most, told.size());
    long files = others.stream().map(Finding::path).distinct().count();
    String more =
        " The change has %d more of them in %d %s, the next at %s:%d."
            .formatted(
                others.size(),
                files,
                files == 1 ? "file" : "files",
                others.getFirst().path(),
                others.getFirst().line());
    List<Finding> kept = new ArrayList<>(findings.size() - others.size());
    int seen = 0;
    for (Finding finding : findings) {
      if (!finding.rule().equals(rule)) {
        kept.add(finding);
      } else if (++seen <= most) {
        kept.add(seen == most ? last.withMessage(last.message() + more) : finding);
      }
    }
    return kept;
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
