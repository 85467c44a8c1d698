package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.Rule.Removed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Finds security checks that a change takes away from code that stays.
///
/// A removed line does not count when the file's diff adds the same line elsewhere (moved), when
/// the hunk adds the same check in another form (changed), or when the whole function went with it.
final class RemovedChecks {

  private static final int MAX_LINE_CHARS = 2_000;

  /// The head of a function or class; a group holds its name.
  private static final Pattern HEADER =
      Pattern.compile(
          "^\\s*(?:(?:export|default|pub|public|private|protected|internal|static|final|async|"
              + "abstract|override|suspend|synchronized)\\s+)*"
              + "(?:(?:def|func|fun|fn|function|class|interface)\\s+(?:\\([^)]*\\)\\s*)?(\\w+)"
              + "|(?:const|let|var)\\s+(\\w+)\\s*=\\s*(?:async\\s*)?(?:\\([^)]*\\)|\\w+)\\s*=>"
              + "|[\\w<>\\[\\], .?]+\\s(\\w+)\\s*\\([^;=]*\\)?[^;=]*\\{?\\s*$)");

  private static final Pattern ROUTE =
      Pattern.compile(
          "\\.(?:get|post|put|delete|patch|all|route|HandleFunc|Handle)\\(\\s*(['\"`][^'\"`]*['\"`])");

  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;
  private final CodeMask mask;
  private final Map<String, Integer> addedLines = new HashMap<>();
  private final Set<String> addedNames = new HashSet<>();

  RemovedChecks(RuleCatalog catalog, ScannedFile file, Report report) {
    this.catalog = catalog;
    this.file = file;
    this.report = report;
    mask = new CodeMask(file.language(), List.of(), 1, false);
  }

  void run() {
    if (file.diff().status() == Status.DELETED) {
      return;
    }
    for (Hunk hunk : file.hunks()) {
      for (DiffLine line : hunk.lines()) {
        if (line.kind() == Kind.ADDED) {
          String text = clip(line.text());
          addedLines.merge(normalised(text), 1, Integer::sum);
          String name = declaredName(text);
          if (!name.isEmpty()) {
            addedNames.add(name);
          }
        }
      }
    }
    file.hunks().forEach(this::hunk);
  }

  private void hunk(Hunk hunk) {
    Map<String, Integer> addedChecks = null;
    int oldLine = hunk.oldStart();
    for (int i = 0; i < hunk.lines().size(); i++) {
      DiffLine line = hunk.lines().get(i);
      if (line.kind() == Kind.DELETED) {
        String text = clip(line.text());
        for (int owner : catalog.removed().owners(text)) {
          Rule rule = catalog.rules().get(owner);
          String check = check(rule, text);
          if (check.isEmpty() || isMoved(text)) {
            continue;
          }
          if (addedChecks == null) {
            addedChecks = addedChecks(hunk);
          }
          boolean changed = take(addedChecks, rule.id() + ' ' + check);
          if (!changed && !isRemovedWhole(hunk, i, text)) {
            report.add(rule, Side.OLD, oldLine, line.text());
          }
        }
      }
      if (line.kind() != Kind.ADDED) {
        oldLine++;
      }
    }
  }

  /// The name of the check that a line of code makes, empty when none.
  private String check(Rule rule, String text) {
    if (!(rule.detection() instanceof Removed removed) || !rule.appliesTo(file.language())) {
      return "";
    }
    for (LinePattern pattern : removed.patterns()) {
      Matcher matcher = pattern.pattern().matcher(text);
      while (matcher.find()) {
        if (mask.isCode(1, text, matcher.start())) {
          String name = matcher.groupCount() > 0 ? matcher.group(1) : null;
          return (name == null ? matcher.group() : name).toLowerCase(Locale.ROOT);
        }
      }
    }
    return "";
  }

  private Map<String, Integer> addedChecks(Hunk hunk) {
    Map<String, Integer> checks = new HashMap<>();
    for (DiffLine line : hunk.lines()) {
      if (line.kind() == Kind.ADDED) {
        String text = clip(line.text());
        for (int owner : catalog.removed().owners(text)) {
          Rule rule = catalog.rules().get(owner);
          String check = check(rule, text);
          if (!check.isEmpty()) {
            checks.merge(rule.id() + ' ' + check, 1, Integer::sum);
          }
        }
      }
    }
    return checks;
  }

  private boolean isMoved(String text) {
    return take(addedLines, normalised(text));
  }

  private static boolean take(Map<String, Integer> counts, String key) {
    Integer count = counts.get(key);
    if (count == null || count == 0) {
      return false;
    }
    counts.put(key, count - 1);
    return true;
  }

  /// Whether what the check guarded went away as well: its function, or its route.
  private boolean isRemovedWhole(Hunk hunk, int index, String text) {
    Matcher route = ROUTE.matcher(text);
    if (route.find()) {
      String address = route.group(1);
      return address != null
          && hunk.lines().stream()
              .noneMatch(l -> l.kind() == Kind.ADDED && l.text().contains(address));
    }
    int header =
        text.stripLeading().startsWith("@")
            ? headerBelow(hunk, index)
            : headerAbove(hunk, index, indentation(text));
    if (header < 0 || hunk.lines().get(header).kind() != Kind.DELETED) {
      return false;
    }
    String name = declaredName(clip(hunk.lines().get(header).text()));
    return !addedNames.contains(name) && !blockAddsHeader(hunk, index);
  }

  private static int headerBelow(Hunk hunk, int index) {
    for (int i = index + 1; i < hunk.lines().size(); i++) {
      DiffLine line = hunk.lines().get(i);
      String text = clip(line.text()).strip();
      if (line.kind() != Kind.ADDED && !text.isEmpty() && !text.startsWith("@")) {
        return declaredName(text).isEmpty() ? -1 : i;
      }
    }
    return -1;
  }

  private static int headerAbove(Hunk hunk, int index, int indentation) {
    for (int i = index - 1; i >= 0; i--) {
      DiffLine line = hunk.lines().get(i);
      String text = clip(line.text());
      if (line.kind() != Kind.ADDED
          && !text.isBlank()
          && indentation(text) < indentation
          && !declaredName(text).isEmpty()) {
        return i;
      }
    }
    return -1;
  }

  /// Whether the run of changed lines around a line declares a function anew: then it was rewritten
  /// or renamed, not removed.
  private static boolean blockAddsHeader(Hunk hunk, int index) {
    int from = index;
    while (from > 0 && hunk.lines().get(from - 1).kind() != Kind.CONTEXT) {
      from--;
    }
    for (int i = from; i < hunk.lines().size() && hunk.lines().get(i).kind() != Kind.CONTEXT; i++) {
      DiffLine line = hunk.lines().get(i);
      if (line.kind() == Kind.ADDED && !declaredName(clip(line.text())).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static String declaredName(String text) {
    String start = text.strip();
    if (start.startsWith("return ")
        || start.startsWith("if ")
        || start.startsWith("else ")
        || start.startsWith("throw ")
        || start.startsWith("new ")
        || start.startsWith("} else")) {
      return "";
    }
    Matcher matcher = HEADER.matcher(text);
    if (!matcher.find()) {
      return "";
    }
    for (int group = 1; group <= matcher.groupCount(); group++) {
      String name = matcher.group(group);
      if (name != null) {
        return name;
      }
    }
    return "";
  }

  private static int indentation(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        width += 4;
      } else if (c == ' ') {
        width++;
      } else {
        break;
      }
    }
    return width;
  }

  private static String clip(String text) {
    return text.length() > MAX_LINE_CHARS ? text.substring(0, MAX_LINE_CHARS) : text;
  }

  private static String normalised(String text) {
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isWhitespace(text.charAt(i))) {
        result.append(text.charAt(i));
      }
    }
    return result.toString();
  }
}
