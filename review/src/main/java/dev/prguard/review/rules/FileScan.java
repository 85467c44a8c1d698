package dev.prguard.review.rules;

import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.result.Coverage.Look;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.rules.HiddenUnicode.Hit;
import dev.prguard.review.rules.Rule.Builtin;
import dev.prguard.review.rules.RuleScanner.FileResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// All checks of one file.
final class FileScan {

  private final RuleCatalog catalog;
  private final ScannedFile file;
  private final Report report;
  private final NewIgnores newIgnores;
  private final Work work = new Work();
  private final Parsers parsers;
  private final ChangeFlows flows;
  private final ProjectStyle style;
  private String unread = "";

  /// @param parsers where syntax trees come from
  /// @param flows what is known of values that go over several files
  /// @param style how the project was written before
  FileScan(
      RuleCatalog catalog,
      ScannedFile file,
      Parsers parsers,
      NewIgnores newIgnores,
      ChangeFlows flows,
      ProjectStyle style) {
    this.style = style;
    this.flows = flows;
    this.parsers = parsers;
    this.catalog = catalog;
    this.file = file;
    this.newIgnores = newIgnores;
    report = new Report(file.path(), catalog, KeyBodies.of(file));
  }

  FileResult run() {
    configuration();
    hiddenUnicode();
    FlowScan flow = new FlowScan(catalog, file, report, parsers, flows);
    flow.run();
    new LinePatternScan(catalog, file, report, work, flow).run();
    unread = flow.unread();
    new StyleScan(catalog, file, report, style).run();
    new RemovedChecks(catalog, file, report).run();
    if (file.language() == Language.WORKFLOW) {
      new WorkflowScan(catalog, file, report).run();
    }
    if (hasPairs()) {
      new YamlSecretScan(catalog, file, report).run();
    }
    new DependencyScan(catalog, file, report).run();
    if (file.language() == Language.LOCKFILE) {
      new LockFileScan(catalog, file, report).run();
    }
    Ignores ignores = new Ignores(file, newIgnores);
    List<Finding> findings = ignores.apply(report.findings());
    return new FileResult(file.path(), findings, look(), ignores.notes());
  }

  /// Whether it is of a kind in which a secret's name and value may stand on two lines.
  private boolean hasPairs() {
    String path = file.path().toLowerCase(Locale.ROOT);
    return switch (file.language()) {
      case YAML, WORKFLOW, JSON, TERRAFORM -> true;
      default -> path.endsWith(".xml") || path.endsWith(".plist") || path.endsWith(".config");
    };
  }

  private Look look() {
    FileDiff diff = file.diff();
    if (diff.status() == Status.SUBMODULE) {
      return Look.no("submodule: its content is not part of the change");
    }
    if (file.isBinaryReadAsText()) {
      return Look.partly("the diff calls it binary; scanned as text, whole");
    }
    if (diff.binary()) {
      return Look.no("binary: its content is not in the diff");
    }
    if (work.limitedAt() >= 0) {
      return Look.partly(
          "from line " + work.limitedAt() + " on not every rule: too much that looks suspicious");
    }
    if (!unread.isEmpty()) {
      return Look.partly(unread);
    }
    if (file.segments().isEmpty()) {
      return Look.notApplicable("no changed lines");
    }
    return Look.YES;
  }

  private void configuration() {
    if (!isConfiguration(file.diff().oldPath()) && !isConfiguration(file.diff().newPath())) {
      return;
    }
    catalog
        .builtin(Builtin.CONFIG_CHANGED)
        .ifPresent(rule -> {
          for (Segment segment : file.segments()) {
            int added = segment.added().nextSetBit(0);
            if (added >= 0) {
              report.add(rule, Side.NEW, segment.number(added), segment.lines().get(added));
              return;
            }
          }
          report.add(rule, Side.NEW, 0, "");
        });
  }

  private static boolean isConfiguration(@Nullable String path) {
    if (path == null) {
      return false;
    }
    String lower = path.toLowerCase(Locale.ROOT);
    return lower.equals(".pr-guard.yml")
        || lower.equals(".pr-guard.yaml")
        || lower.startsWith(".pr-guard/");
  }

  private void hiddenUnicode() {
    Rule rule = catalog.builtin(Builtin.HIDDEN_UNICODE).orElse(null);
    if (rule == null) {
      return;
    }
    List<Hit> inName = HiddenUnicode.find(file.path());
    if (!inName.isEmpty()) {
      report.add(rule, Side.NEW, 0, 0, "", "In the file's name: " + describe(inName), null);
    }
    for (Segment segment : file.segments()) {
      for (int i = segment.added().nextSetBit(0); i >= 0; i = segment.added().nextSetBit(i + 1)) {
        String line = segment.lines().get(i);
        List<Hit> hits = HiddenUnicode.find(line);
        if (segment.number(i) == 1 && !hits.isEmpty() && hits.getFirst().index() == 0) {
          // A byte order mark at the start of a file is what it is for.
          hits = hits.getFirst().codePoint() == 0xFEFF ? hits.subList(1, hits.size()) : hits;
        }
        if (!hits.isEmpty()) {
          int number = segment.number(i);
          report.add(rule, Side.NEW, number, number, line, "Here: " + describe(hits), null);
        }
      }
    }
  }

  private static String describe(List<Hit> hits) {
    List<String> shown = new ArrayList<>();
    for (Hit hit : hits) {
      if (shown.size() == 3) {
        shown.add("and " + (hits.size() - 3) + " more");
        break;
      }
      shown.add(hit.describe());
    }
    return String.join(", ", shown) + ".";
  }
}
