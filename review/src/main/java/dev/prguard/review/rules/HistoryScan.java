package dev.prguard.review.rules;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.Commits.CommitDiff;
import dev.prguard.review.change.FileContents;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffLine.Kind;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Side;
import dev.prguard.review.result.Fingerprint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Secrets that one commit of a change adds and a later one takes away.
final class HistoryScan {

  private static final FileContents UNKNOWN = _ -> Optional.empty();

  private final RuleCatalog catalog;

  HistoryScan(RuleCatalog catalog) {
    this.catalog = catalog;
  }

  List<Finding> run(Change change) {
    if (change.commits().diffs().isEmpty()) {
      return List.of();
    }
    RuleCatalog secrets = catalog.secrets();
    // What the change itself adds is told there; what was there before it, it did not leak.
    Set<String> known = new HashSet<>();
    change.diff().files().forEach(file -> lines(file, Kind.ADDED).values().forEach(known::add));
    List<Finding> findings = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (CommitDiff commit : change.commits().diffs()) {
      for (FileDiff file : commit.diff().files()) {
        Change alone = new Change(change.pullRequest(), commit.diff(), UNKNOWN, UNKNOWN, List.of());
        Map<Integer, String> added = lines(file, Kind.ADDED);
        for (Finding finding : scan(secrets, alone, file)) {
          String line = added.getOrDefault(finding.line(), "");
          if (!line.isEmpty()
              && !known.contains(line)
              && told.add(finding.rule() + '\0' + finding.path() + '\0' + line)) {
            findings.add(inHistory(finding, commit.id(), line));
          }
        }
      }
      commit.diff().files().forEach(file -> lines(file, Kind.DELETED).values().forEach(known::add));
    }
    return findings;
  }

  private static List<Finding> scan(RuleCatalog secrets, Change commit, FileDiff file) {
    try {
      return new FileScan(
              secrets,
              ScannedFile.of(commit, file),
              Parsers.shared(),
              NewIgnores.REFUSED,
              ChangeFlows.NONE,
              ProjectStyle.UNKNOWN)
          .run()
          .findings();
    } catch (RuntimeException e) {
      // One file of one old commit: the change's own scan says what failed.
      return List.of();
    }
  }

  private static Finding inHistory(Finding finding, String commit, String line) {
    return new Finding(
        finding.path(),
        Side.NEW,
        0,
        0,
        finding.rule(),
        finding.title() + " of an earlier commit",
        finding.message()
            + " Commit "
            + commit.substring(0, Math.min(12, commit.length()))
            + " of this change adds it, line "
            + finding.line()
            + "; a later one takes it away, but it stays in the history for whoever fetches it.",
        finding.severity(),
        finding.category(),
        finding.cwe(),
        finding.source(),
        finding.quote(),
        Fingerprint.of(finding.rule(), finding.path(), "history " + line, 0),
        null);
  }

  /// The changed lines of one kind, by their number on that side.
  private static Map<Integer, String> lines(FileDiff file, Kind kind) {
    Map<Integer, String> lines = new HashMap<>();
    for (Hunk hunk : file.hunks()) {
      int number = kind == Kind.ADDED ? hunk.newStart() : hunk.oldStart();
      for (DiffLine line : hunk.lines()) {
        if (line.kind() == kind) {
          lines.put(number, line.text());
        }
        if (line.kind() == kind || line.kind() == Kind.CONTEXT) {
          number++;
        }
      }
    }
    return lines;
  }
}
