package dev.prguard.review.change;

import dev.prguard.review.diff.PullRequestDiff;
import java.util.List;

/// A change, ready for review.
///
/// @param head files after the change; a diff file or standard input knows only files that the diff
///   shows whole
/// @param base files before the change, at the commit that the diff starts from
/// @param gaps files of the change whose lines the source did not give, with the reason; they are
///   not reviewed, and the coverage says so
/// @param commits what the commits on the way did
public record Change(
    PullRequest pullRequest,
    PullRequestDiff diff,
    FileContents head,
    FileContents base,
    List<Gap> gaps,
    Commits commits) {

  public Change {
    gaps = List.copyOf(gaps);
  }

  /// A change of one commit, or of which nothing but the diff is known.
  public Change(
      PullRequest pullRequest,
      PullRequestDiff diff,
      FileContents head,
      FileContents base,
      List<Gap> gaps) {
    this(pullRequest, diff, head, base, gaps, Commits.NONE);
  }

  /// A file whose changed lines are missing from the diff (`patch` absent, over a limit of the
  /// forge).
  public record Gap(String path, String reason) {}
}
