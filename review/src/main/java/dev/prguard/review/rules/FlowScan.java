package dev.prguard.review.rules;

import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.rules.FlowRemovals.Gone;
import dev.prguard.review.rules.code.Program;
import dev.prguard.review.rules.flow.FlowAnalysis;
import dev.prguard.review.rules.flow.FlowModel;
import dev.prguard.review.rules.flow.Hit;
import dev.prguard.review.syntax.GrammarProcess.NoAnswerException;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.SyntaxTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a file's code as code and reports what the rules' flows object to, as far as the change
/// has a part in it: the sink, the source, or a step between is on an added line.
final class FlowScan {

  /// A file with longer lines was made by a tool.
  private static final int LONG_LINE = 20_000;

  private static final int MAX_BYTES = 1_000_000;

  static final String UNWILLING =
      "not read as code: too many files of this change cannot be; line rules only";

  private static final String TOO_MUCH =
      "its values were not all followed, there are too many ways; line rules as well";

  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;
  private final Parsers parsers;
  private final ChangeFlows flows;
  private final BitSet added = new BitSet();

  /// All hits of the file after the change, and those of them that no added line has a part in.
  private final List<Hit> all = new ArrayList<>();

  private final List<Hit> untouched = new ArrayList<>();

  /// Null when that is not known yet: nothing in the file made it worth parsing.
  private @Nullable Boolean complete = false;

  private String unread = "";

  /// @param flows what is known of values that go over several files
  FlowScan(
      RuleCatalog catalog, ScannedFile file, Report report, Parsers parsers, ChangeFlows flows) {
    this.flows = flows;
    this.catalog = catalog;
    this.file = file;
    this.report = report;
    this.parsers = parsers;
  }

  /// Whether all of the file's changed code was read, so that line patterns add nothing; as far as
  /// that is known without more work.
  boolean isSurelyComplete() {
    return Boolean.TRUE.equals(complete);
  }

  /// As [#isSurelyComplete], for certain: what was not worth parsing may still be no code.
  boolean isComplete() {
    Boolean known = complete;
    if (known == null) {
      List<String> head = file.headLines().orElse(List.of());
      known = parsers.isWilling() && isCode(language(), head);
      complete = known;
    }
    return known;
  }

  private boolean isCode(ParsedLanguage language, List<String> lines) {
    try {
      return !parsers.tree(language, bytes(lines)).errors();
    } catch (NoAnswerException e) {
      unread = "its code " + e.reason() + ": line rules only";
      return false;
    }
  }

  /// Why the code could not be read; empty when it was, or there is none.
  String unread() {
    return unread;
  }

  void run() {
    ParsedLanguage language = language();
    if (catalog.flows().isEmpty()
        || !language.isCode()
        || file.diff().status() == FileDiff.Status.DELETED) {
      return;
    }
    for (Segment segment : file.segments()) {
      for (int i = segment.added().nextSetBit(0); i >= 0; i = segment.added().nextSetBit(i + 1)) {
        added.set(segment.number(i));
      }
    }
    boolean removes =
        file.hunks().stream()
            .anyMatch(hunk -> hunk.lines().stream().anyMatch(l -> l.kind() == Kind.DELETED));
    if (added.isEmpty() && !removes) {
      return;
    }
    FlowModel model = catalog.flows().of(language);
    List<String> head = file.headLines().orElse(null);
    if (head != null) {
      // Of what is certain before what is only likely: one finding a rule and line.
      flows.into(file.path()).stream()
          .filter(crossing -> !crossing.suspect())
          .forEach(crossing -> report(crossing, head));
    }
    if (head != null && scan(language, model, head, 1)) {
      if (removes) {
        removals(language, model, head);
      }
      // Where lines only go away, what stays is for the line rules as well.
      if (added.isEmpty()) {
        complete = false;
      }
      flows.into(file.path()).stream()
          .filter(Crossing::suspect)
          .forEach(crossing -> report(crossing, head));
      return;
    }
    if (added.isEmpty()) {
      return;
    }
    boolean unseen = head == null;
    for (Segment segment : file.segments()) {
      if (parsers.isWilling()) {
        unseen &= scan(language, model, segment.lines(), segment.firstLine());
      }
    }
    // A hunk alone does not show where its values come from: line rules have their say as well.
    complete = false;
    if (unseen) {
      unread = "";
    }
  }

  /// What the change lets happen by taking a line away.
  private void removals(ParsedLanguage language, FlowModel model, List<String> head) {
    FlowRemovals removals = new FlowRemovals(file, head);
    List<Gone> gone = removals.gone();
    List<Hit> past = untouched.stream().filter(hit -> FlowRemovals.on(hit, gone) != null).toList();
    if (past.isEmpty() || !parsers.isWilling()) {
      return;
    }
    List<String> base = removals.base();
    try {
      SyntaxTree tree = parsers.tree(language, bytes(base));
      FlowAnalysis.Result before =
          flows.before(file.path(), Program.of(language, tree), model, file::resource);
      if (!before.complete()) {
        return;
      }
      for (Hit hit : FlowRemovals.fresh(past, all, head, before.hits(), base)) {
        Gone line = FlowRemovals.on(hit, gone);
        if (line != null) {
          FlowRemovals.report(report, catalog.rules().get(hit.rule()), hit, line);
        }
      }
    } catch (NoAnswerException | StackOverflowError e) {
      // The file before the change could not be read: nothing is said of what it did.
      return;
    }
  }

  private ParsedLanguage language() {
    return ParsedLanguage.of(file.path());
  }

  /// Whether the lines could be read.
  private boolean scan(ParsedLanguage language, FlowModel model, List<String> lines, int first) {
    if (isLarge(lines)) {
      unread = "too large to be read as code: line rules only";
      return false;
    }
    ChangeFlows.Followed known = first == 1 ? flows.of(file.path()) : null;
    if (known != null) {
      return take(known, lines);
    }
    if (!model.needs().mayMatch(lines)) {
      complete = null;
      return true;
    }
    if (!parsers.isWilling()) {
      unread = UNWILLING;
      return false;
    }
    try {
      SyntaxTree tree = parsers.tree(language, bytes(lines));
      FlowAnalysis.Result result =
          FlowAnalysis.of(Program.of(language, tree), model, file::resource);
      all.addAll(result.hits());
      result.hits().forEach(hit -> report(hit, lines, first));
      complete = !tree.errors() && result.complete();
      if (!result.complete()) {
        unread = TOO_MUCH;
      }
      return true;
    } catch (NoAnswerException e) {
      unread = "its code " + e.reason() + ": line rules only";
      return false;
    } catch (StackOverflowError e) {
      unread = "its code is nested too deep: line rules only";
      return false;
    }
  }

  /// Takes over what following the file's values into others gave.
  private boolean take(ChangeFlows.Followed known, List<String> lines) {
    if (!known.unread().isEmpty()) {
      unread = known.unread();
      return false;
    }
    all.addAll(known.hits());
    all.addAll(known.ends());
    known.hits().forEach(hit -> report(hit, lines, 1));
    complete = !known.errors() && known.complete();
    if (!known.complete()) {
      unread = TOO_MUCH;
    }
    return true;
  }

  static boolean isLarge(List<String> lines) {
    long length = 0;
    for (String line : lines) {
      length += line.length() + 1;
      if (line.length() > LONG_LINE) {
        return true;
      }
    }
    return length > MAX_BYTES;
  }

  static byte[] bytes(List<String> lines) {
    int indent = Integer.MAX_VALUE;
    for (String line : lines) {
      if (!line.isBlank()) {
        int at = 0;
        while (Character.isWhitespace(line.charAt(at))) {
          at++;
        }
        indent = Math.min(indent, at);
      }
    }
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line, Math.min(indent, line.length()), line.length()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void report(Hit hit, List<String> lines, int first) {
    Rule rule = catalog.rules().get(hit.rule());
    int shift = first - 1;
    int line = hit.line() + shift;
    int endLine = hit.endLine() + shift;
    int anchor = added.nextSetBit(line);
    if (anchor < 0 || anchor > endLine) {
      anchor = -1;
      for (int step : hit.path()) {
        if (added.get(step + shift)) {
          anchor = step + shift;
        }
      }
      if (anchor < 0) {
        if (first == 1) {
          untouched.add(hit);
        }
        return;
      }
      endLine = anchor;
    }
    int end = anchor;
    while (end < endLine && added.get(end + 1)) {
      end++;
    }
    String code = lines.get(Math.min(anchor - first, lines.size() - 1));
    String suggestion = null;
    if (end == anchor || anchor == line) {
      suggestion = RuleFixes.suggestion(rule, List.of(code));
    }
    report.addFlow(
        rule,
        anchor,
        suggestion == null ? end : anchor,
        code,
        detail(hit, shift),
        suggestion,
        hit.suspect());
  }

  private void report(Crossing crossing, List<String> head) {
    Rule rule = catalog.rules().get(crossing.rule());
    String code = head.get(Math.min(crossing.line(), head.size()) - 1);
    String suggestion = null;
    if (crossing.sink()) {
      suggestion = RuleFixes.suggestion(rule, List.of(code));
    }
    report.addFlow(
        rule,
        crossing.line(),
        suggestion == null ? crossing.endLine() : crossing.line(),
        code,
        crossing.detail(),
        suggestion,
        crossing.suspect());
  }

  private static String detail(Hit hit, int shift) {
    if (hit.path().isEmpty()) {
      return "";
    }
    List<String> steps = new ArrayList<>();
    int before = 0;
    for (int step : hit.path()) {
      if (step != before) {
        steps.add(String.valueOf(step + shift));
      }
      before = step;
    }
    if (steps.size() < 2) {
      return "The value comes from " + hit.source() + " on line " + steps.getFirst() + ".";
    }
    if (steps.size() > 8) {
      List<String> cut = new ArrayList<>(steps.subList(0, 4));
      cut.add("...");
      cut.addAll(steps.subList(steps.size() - 3, steps.size()));
      steps = cut;
    }
    return "The value comes from "
        + hit.source()
        + ", over lines "
        + String.join(" -> ", steps)
        + ".";
  }
}
