package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.Rule.Removed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds security checks that a change takes away from code that stays.
///
/// A removed line does not count when the file's diff adds the same line elsewhere (moved), when
/// the hunk adds the same check in another form (changed), or when the whole function went with it.
/// What is added to another function does not make up for it while the first function stays, or
/// else a check on new code would hide that an old one has gone.
final class RemovedChecks {

  private static final Pattern ROUTE =
      Pattern.compile(
          "\\.(?:get|post|put|delete|patch|all|route|HandleFunc|Handle)\\(\\s*(['\"`][^'\"`]*['\"`])");

  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;
  private final CodeMask mask;
  private @Nullable AddedLines added;

  RemovedChecks(RuleCatalog catalog, ScannedFile file, Report report) {
    this.catalog = catalog;
    this.file = file;
    this.report = report;
    mask = new CodeMask(file.language(), List.of(), 1, false);
  }

  void run() {
    // Prose and change logs only talk of checks.
    if (file.diff().status() != Status.DELETED && file.language() != Language.TEXT) {
      file.hunks().forEach(this::hunk);
    }
  }

  /// What the file's diff adds. Each line makes up for one removed line only.
  private static final class AddedLines {
    /// By text without space: the functions that each such line is added to.
    final Map<String, List<String>> functions = new HashMap<>();

    /// Functions that are declared by an added line.
    final Set<String> declared = new HashSet<>();

    /// Names that an added line calls.
    final Set<String> called = new HashSet<>();
  }

  private void hunk(Hunk hunk) {
    Map<String, List<String>> addedChecks = null;
    int oldLine = hunk.oldStart();
    for (int i = 0; i < hunk.lines().size(); i++) {
      DiffLine line = hunk.lines().get(i);
      if (line.kind() == Kind.DELETED) {
        String text = FunctionHeader.clip(line.text());
        for (int owner : catalog.removed().owners(text)) {
          Rule rule = catalog.rules().get(owner);
          String check = check(rule, text);
          if (check.isEmpty()) {
            continue;
          }
          String function = functionThatStays(hunk, i);
          if (take(added().functions.get(normalised(text)), function)) {
            continue;
          }
          if (addedChecks == null) {
            addedChecks = addedChecks(hunk);
          }
          boolean changed = take(addedChecks.get(rule.id() + ' ' + check), function);
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

  private AddedLines added() {
    if (added == null) {
      added = new AddedLines();
      for (Hunk hunk : file.hunks()) {
        for (int i = 0; i < hunk.lines().size(); i++) {
          if (hunk.lines().get(i).kind() == Kind.ADDED) {
            String text = FunctionHeader.clip(hunk.lines().get(i).text());
            String name = FunctionHeader.name(text);
            if (name.isEmpty()) {
              calls(text, added.called);
            } else {
              added.declared.add(name);
            }
            added
                .functions
                .computeIfAbsent(normalised(text), key -> new ArrayList<>())
                .add(function(hunk, i));
          }
        }
      }
    }
    return added;
  }

  private Map<String, List<String>> addedChecks(Hunk hunk) {
    Map<String, List<String>> checks = new HashMap<>();
    for (int i = 0; i < hunk.lines().size(); i++) {
      if (hunk.lines().get(i).kind() == Kind.ADDED) {
        String text = FunctionHeader.clip(hunk.lines().get(i).text());
        for (int owner : catalog.removed().owners(text)) {
          Rule rule = catalog.rules().get(owner);
          String check = check(rule, text);
          if (!check.isEmpty()) {
            checks
                .computeIfAbsent(rule.id() + ' ' + check, key -> new ArrayList<>())
                .add(function(hunk, i));
          }
        }
      }
    }
    return checks;
  }

  /// Takes the first added line that makes up for one removed from a function.
  ///
  /// @param function that stays and lost the line, empty when that is not known
  private boolean take(@Nullable List<String> addedTo, String function) {
    if (addedTo == null) {
      return false;
    }
    for (Iterator<String> each = addedTo.iterator(); each.hasNext(); ) {
      String to = each.next();
      // A function that added code calls may have been taken out of this one, its check with it.
      if (function.isEmpty()
          || to.isEmpty()
          || to.equals(function)
          || added().called.contains(to)) {
        each.remove();
        return true;
      }
    }
    return false;
  }

  private static String function(Hunk hunk, int index) {
    return FunctionHeader.of(hunk, index).map(FunctionHeader::name).orElse("");
  }

  /// The function of a removed line, if the new file has it still; else empty.
  private String functionThatStays(Hunk hunk, int index) {
    Optional<FunctionHeader> header = FunctionHeader.of(hunk, index);
    return header
        .filter(h -> h.kind() == Kind.CONTEXT || added().declared.contains(h.name()))
        .map(FunctionHeader::name)
        .orElse("");
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
    Optional<FunctionHeader> header = FunctionHeader.of(hunk, index);
    return header.isPresent()
        && header.get().kind() == Kind.DELETED
        && !added().declared.contains(header.get().name())
        && !blockAddsHeader(hunk, index);
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
      if (line.kind() == Kind.ADDED
          && !FunctionHeader.name(FunctionHeader.clip(line.text())).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static void calls(String text, Set<String> into) {
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean inWord = i < text.length() && Character.isJavaIdentifierPart(text.charAt(i));
      if (inWord && start < 0) {
        start = i;
      } else if (!inWord && start >= 0) {
        if (i < text.length() && text.charAt(i) == '(') {
          into.add(text.substring(start, i));
        }
        start = -1;
      }
    }
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
