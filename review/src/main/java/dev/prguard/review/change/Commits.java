package dev.prguard.review.change;

import dev.prguard.review.diff.PullRequestDiff;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the single commits of a change did: a secret that one adds and a later one takes away is
/// not in the change's diff, but stays in the history for whoever fetches it.
///
/// @param diffs oldest first; empty when there is but one commit, whose diff is the change's own
/// @param limit why not every commit is there, in words; null when all are
public record Commits(List<CommitDiff> diffs, @Nullable String limit) {
  public static final Commits NONE = new Commits(List.of(), null);

  public Commits {
    diffs = List.copyOf(diffs);
  }

  /// @param id the commit's full id
  /// @param diff against its parent
  public record CommitDiff(String id, PullRequestDiff diff) {}

  static Commits notSeen(String reason) {
    return new Commits(List.of(), reason);
  }
}
