package dev.prguard.review.rules;

import com.google.re2j.Pattern;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.Rule.Builtin;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// What a GitHub Actions workflow must not do with a stranger's pull request. Both checks need more
/// than one line: the trigger is at the top, the checkout far below.
final class WorkflowScan {

  private static final Pattern PRIVILEGED_TRIGGER =
      Pattern.compile("\\b(?:pull_request_target|workflow_run)\\b");

  private static final Pattern HEAD_CHECKOUT =
      Pattern.compile(
          "(?:ref|repository)\\s*:.*(?:github\\.event\\.pull_request\\.head\\.|github\\.head_ref"
              + "|github\\.event\\.workflow_run\\.head_|refs/pull/|github\\.event\\.number"
              + "|github\\.event\\.pull_request\\.number)"
              + "|allow-unsafe-pr-checkout\\s*:\\s*true"
              + "|gh\\s+pr\\s+checkout"
              + "|git\\s+(?:fetch|checkout|pull)\\b.*(?:pull/|github\\.head_ref|pull_request\\.head)");

  private static final Pattern AUTHOR_TEXT =
      Pattern.compile(
          "\\$\\{\\{[^}]*(?:github\\.head_ref"
              + "|github\\.event\\.(?:issue|pull_request|discussion)\\.(?:title|body)"
              + "|github\\.event\\.(?:comment|review|review_comment)\\.body"
              + "|github\\.event\\.pull_request\\.head\\.(?:ref|label|repo\\.default_branch)"
              + "|github\\.event\\.workflow_run\\.(?:head_branch|display_title|head_commit\\.message)"
              + "|github\\.event\\.(?:head_commit|commits[^}]*)\\.(?:message|author\\.(?:email|name))"
              + "|github\\.event\\.pages[^}]*\\.page_name"
              + "|toJSON\\(github(?:\\.event(?:\\.\\w+)?)?\\))[^}]*\\}\\}",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern SCRIPT_KEY = Pattern.compile("^\\s*(?:-\\s+)?(?:run|script)\\s*:");
  private static final Pattern ANY_KEY = Pattern.compile("^\\s*(?:-\\s+)?[\\w-]+\\s*:(?:\\s|$)");

  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;

  WorkflowScan(RuleCatalog catalog, ScannedFile file, Report report) {
    this.catalog = catalog;
    this.file = file;
    this.report = report;
  }

  void run() {
    Optional<List<String>> head = file.headLines();
    if (head.isPresent()) {
      BitSet changed = new BitSet();
      for (Segment segment : file.segments()) {
        segment.added().stream().forEach(i -> changed.set(segment.number(i) - 1));
      }
      scan(head.get(), changed, 1, true);
      return;
    }
    for (Segment segment : file.segments()) {
      scan(segment.lines(), segment.added(), segment.firstLine(), segment.firstLine() == 1);
    }
  }

  private void scan(List<String> lines, BitSet changed, int first, boolean fromStart) {
    catalog.builtin(Builtin.PWN_REQUEST).ifPresent(rule -> pwnRequest(rule, lines, changed, first));
    Optional<Rule> injection = catalog.builtin(Builtin.SCRIPT_INJECTION);
    if (injection.isEmpty()) {
      return;
    }
    changed.stream()
        .filter(i -> i < lines.size() && lines.get(i).contains("${{"))
        .filter(i -> AUTHOR_TEXT.matcher(lines.get(i)).find())
        .filter(i -> isScript(lines, i, fromStart))
        .forEach(i -> report.add(injection.get(), Side.NEW, first + i, lines.get(i)));
  }

  private void pwnRequest(Rule rule, List<String> lines, BitSet changed, int first) {
    int trigger = -1;
    BitSet checkouts = new BitSet();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.stripLeading().startsWith("#")) {
        continue;
      }
      if (trigger < 0 && PRIVILEGED_TRIGGER.matcher(line).find()) {
        trigger = i;
      }
      if (HEAD_CHECKOUT.matcher(line).find()) {
        checkouts.set(i);
      }
    }
    if (trigger < 0 || checkouts.isEmpty()) {
      return;
    }
    boolean reported = false;
    for (int i = checkouts.nextSetBit(0); i >= 0; i = checkouts.nextSetBit(i + 1)) {
      if (changed.get(i)) {
        report.add(rule, Side.NEW, first + i, lines.get(i));
        reported = true;
      }
    }
    if (!reported && changed.get(trigger)) {
      report.add(rule, Side.NEW, first + trigger, lines.get(trigger));
    }
  }

  /// Whether a line is part of a script that a shell or `github-script` runs; there an expression
  /// is pasted in before it is parsed. As a value of `env:` or `with:` it is only data.
  private static boolean isScript(List<String> lines, int index, boolean fromStart) {
    String line = lines.get(index);
    if (line.stripLeading().startsWith("#") && !hasScriptAbove(lines, index, fromStart)) {
      return false;
    }
    return SCRIPT_KEY.matcher(line).find() || hasScriptAbove(lines, index, fromStart);
  }

  private static boolean hasScriptAbove(List<String> lines, int index, boolean fromStart) {
    int indentation = indentation(lines.get(index));
    for (int i = index - 1; i >= 0; i--) {
      String above = lines.get(i);
      if (above.isBlank() || indentation(above) >= indentation) {
        continue;
      }
      if (SCRIPT_KEY.matcher(above).find()) {
        return true;
      }
      if (ANY_KEY.matcher(above).find()) {
        return false;
      }
      indentation = indentation(above);
    }
    return !fromStart && !ANY_KEY.matcher(lines.get(index)).find();
  }

  private static int indentation(String line) {
    int i = 0;
    while (i < line.length() && line.charAt(i) == ' ') {
      i++;
    }
    return i;
  }
}
