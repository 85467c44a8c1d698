package dev.prguard.review.patch;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.diff.PullRequestDiff;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Category;
import dev.prguard.review.result.Finding.Source;
import dev.prguard.review.result.Fingerprint;
import dev.prguard.review.result.Severity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Changes and findings to patch, with a small set of rules of its own.
final class Fixture {

  private final Map<String, byte[]> head = new LinkedHashMap<>();
  private final List<FileDiff> files = new ArrayList<>();

  /// A file that the change adds whole.
  Fixture added(String path, String content) {
    return changed(path, content, 1, FileLines.of(bytes(content)).count());
  }

  /// A file of which the change adds lines `from`..`to`; the diff shows just these.
  Fixture changed(String path, String content, int from, int to) {
    FileLines lines = FileLines.of(bytes(content));
    List<DiffLine> shown = new ArrayList<>();
    for (int line = from; line <= to; line++) {
      String raw = lines.raw(line);
      boolean newline = raw.endsWith("\n");
      String text = newline ? raw.substring(0, raw.length() - 1) : raw;
      shown.add(new DiffLine(DiffLine.Kind.ADDED, text, newline));
    }
    boolean whole = from == 1 && to == lines.count();
    files.add(
        new FileDiff(
            whole ? FileDiff.Status.ADDED : FileDiff.Status.MODIFIED,
            whole ? null : path,
            path,
            null,
            whole ? "100644" : null,
            false,
            List.of(new Hunk(from - 1, 0, from, shown.size(), "", shown))));
    head.put(path, bytes(content));
    return this;
  }

  /// A head that is not what the diff was made from; null for one that is not known.
  Fixture head(String path, @Nullable String content) {
    if (content == null) {
      head.remove(path);
    } else {
      head.put(path, bytes(content));
    }
    return this;
  }

  Change change() {
    Map<String, byte[]> content = Map.copyOf(head);
    return new Change(
        new PullRequest("", "o/r", "o", "r", null, "", "", "", "", "h", "", "b"),
        new PullRequestDiff(files, 0),
        path -> Optional.ofNullable(content.get(path)),
        path -> Optional.empty(),
        List.of());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Findings of the test's rules: tabs, blanks at line ends and long lines (style), md5, random
  /// and a key (security).
  static List<Finding> scan(String path, byte[] content) {
    FileLines lines = FileLines.of(content);
    List<Finding> findings = new ArrayList<>();
    for (int i = 1; i <= lines.count(); i++) {
      String text = lines.text(i);
      if (text.startsWith("\t")) {
        findings.add(style(path, i, "style.tab", text, text.replace("\t", "    ")));
      }
      if (!text.equals(text.stripTrailing())) {
        findings.add(style(path, i, "style.blank", text, text.stripTrailing()));
      }
      if (text.length() > 60) {
        findings.add(style(path, i, "style.long", text, null));
      }
      if (text.contains("md5(")) {
        findings.add(
            security(path, i, "hash.md5", Severity.MEDIUM, text, text.replace("md5(", "sha256(")));
      }
      if (text.contains("random(")) {
        findings.add(security(path, i, "weak.random", Severity.LOW, text, null));
      }
      if (text.contains("AKIA")) {
        findings.add(security(path, i, "secret.key", Severity.CRITICAL, text, null));
      }
    }
    return findings;
  }

  static Finding style(
      String path, int line, String rule, String text, @Nullable String suggestion) {
    return finding(path, line, rule, Severity.LOW, Category.STYLE, text, suggestion);
  }

  static Finding security(
      String path, int line, String rule, Severity severity, String text, @Nullable String fix) {
    return finding(path, line, rule, severity, Category.SECURITY, text, fix);
  }

  private static Finding finding(
      String path,
      int line,
      String rule,
      Severity severity,
      Category category,
      String text,
      @Nullable String suggestion) {
    return new Finding(
        path,
        Finding.Side.NEW,
        line,
        line,
        rule,
        rule,
        "why",
        severity,
        category,
        null,
        Source.RULE,
        text,
        Fingerprint.of(rule, path, text + line, 0),
        suggestion);
  }

  /// The same finding with another fix.
  static Finding fixedBy(Finding finding, @Nullable String suggestion) {
    return at(finding, finding.line(), finding.endLine(), finding.quote(), suggestion);
  }

  /// The same finding somewhere else.
  static Finding at(
      Finding finding, int line, int endLine, String quote, @Nullable String suggestion) {
    return new Finding(
        finding.path(),
        finding.side(),
        line,
        endLine,
        finding.rule(),
        finding.title(),
        finding.message(),
        finding.severity(),
        finding.category(),
        finding.cwe(),
        finding.source(),
        quote,
        finding.fingerprint(),
        suggestion);
  }
}
