package dev.prguard.review.github;

import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.change.FileContents;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.diff.PullRequestDiff;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Finding.Side;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the line of the diff that a comment can hang on, and proves it: the line is in a hunk, and
/// the file of the reviewed commit has exactly those bytes there.
final class Anchors {

  /// Where a finding's comment goes.
  sealed interface Place {
    /// On lines of the diff.
    ///
    /// @param path as GitHub names the file
    /// @param from first line, counted on `side`
    /// @param to last line, at least `from`
    record Lines(String path, Side side, int from, int to) implements Place {}

    /// Nowhere, so it is told in the summary.
    record None(String reason) implements Place {}
  }

  private final Map<String, FileDiff> files = new HashMap<>();
  private final Map<String, List<String>> headLines = new HashMap<>();
  private final Map<String, List<String>> baseLines = new HashMap<>();
  private final FileContents head;
  private final FileContents base;

  Anchors(PullRequestDiff diff, FileContents head, FileContents base) {
    diff.files().forEach(file -> files.putIfAbsent(file.path(), file));
    this.head = head;
    this.base = base;
  }

  /// @param exact whether the comment is of no use on fewer lines than the finding's
  Place place(Finding finding, boolean exact) {
    FileDiff file = files.get(finding.path());
    if (file == null) {
      return new Place.None("the file is not in the diff");
    }
    if (finding.line() == 0) {
      return new Place.None("about the file as a whole");
    }
    String path = finding.side() == Side.NEW ? file.newPath() : file.oldPath();
    if (path == null) {
      return new Place.None("the file is not there on that side of the change");
    }
    List<String> lines;
    try {
      lines =
          finding.side() == Side.NEW
              ? headLines.computeIfAbsent(path, p -> lines(head, p))
              : baseLines.computeIfAbsent(path, p -> lines(base, p));
    } catch (ChangeSourceException e) {
      return new Place.None("the file could not be read, so its line is not proven");
    }
    for (Hunk hunk : file.hunks()) {
      int last = provenUntil(hunk, finding, lines);
      if (last >= finding.endLine() || (last > 0 && !exact)) {
        return new Place.Lines(
            file.path(), finding.side(), finding.line(), Math.min(last, finding.endLine()));
      }
      if (last > 0) {
        return new Place.None("its lines are not all in one hunk of the diff");
      }
    }
    return new Place.None("no line of the diff is proven to be this one");
  }

  /// The last line of the finding that the hunk has, with the file's own bytes from the first line
  /// on; 0 when not even the first one is so.
  private static int provenUntil(Hunk hunk, Finding finding, List<String> lines) {
    boolean onNew = finding.side() == Side.NEW;
    int at = onNew ? hunk.newStart() : hunk.oldStart();
    int proven = 0;
    for (DiffLine line : hunk.lines()) {
      boolean counts =
          switch (line.kind()) {
            case CONTEXT -> true;
            case ADDED -> onNew;
            case DELETED -> !onNew;
          };
      if (!counts) {
        continue;
      }
      if (at >= finding.line() && at <= finding.endLine()) {
        if (at > lines.size() || !lines.get(at - 1).equals(line.bytes())) {
          return proven;
        }
        proven = at;
      }
      at++;
    }
    return proven;
  }

  /// Lines as in [DiffLine#bytes]; none when the file is not there.
  private static List<String> lines(FileContents files, String path) {
    return files
        .read(path)
        .map(bytes ->
            bytes.length == 0
                ? List.<String>of()
                : List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)))
        .orElse(List.of());
  }
}
