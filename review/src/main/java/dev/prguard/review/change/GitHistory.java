package dev.prguard.review.change;

import dev.prguard.review.change.Commits.CommitDiff;
import dev.prguard.review.diff.DiffLimits;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.DiffSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The commits between two revisions of a repository, each with what it changed.
final class GitHistory {

  /// The newest of a longer range are read.
  private static final int MAX_COMMITS = 500;

  private static final int MAX_BYTES = 64 << 20;
  private static final int ID_CHARS = 40;

  private final Git git;
  private final int maxCommits;

  GitHistory(Git git) {
    this(git, MAX_COMMITS);
  }

  GitHistory(Git git, int maxCommits) {
    this.git = git;
    this.maxCommits = maxCommits;
  }

  /// @param whole whether the change is more than these commits, so that even a single one is not
  ///   the change's own diff
  Commits between(String start, String end, boolean whole) {
    Git.Result log =
        git.run(
            MAX_BYTES,
            "log",
            "--reverse",
            "--topo-order",
            "--max-count=" + (maxCommits + 1),
            "--no-merges",
            "--no-show-signature",
            "--format=%x00%H",
            "--patch",
            "--unified=0",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--no-relative",
            "--src-prefix=a/",
            "--dst-prefix=b/",
            "--no-renames",
            "--submodule=short",
            "--ignore-submodules=dirty",
            "--full-index",
            "-O/dev/null",
            start + ".." + end,
            "--");
    if (log.exit() != 0 && !log.cut()) {
      return Commits.notSeen("the single commits could not be read: " + log.error());
    }
    // A line of a diff never begins with NUL, so no file can look like the start of a commit.
    String text = "\n" + new String(log.output(), StandardCharsets.ISO_8859_1);
    List<CommitDiff> commits = new ArrayList<>();
    String limit = null;
    int from = text.indexOf("\n\0");
    while (from >= 0) {
      int next = text.indexOf("\n\0", from + 2);
      if (next < 0 && log.cut()) {
        limit = "the diffs of the single commits are over " + (MAX_BYTES >> 20) + " MiB together";
        break;
      }
      String part = text.substring(from + 2, next < 0 ? text.length() : next + 1);
      from = next;
      String id = part.substring(0, Math.min(ID_CHARS, part.length()));
      byte[] diff =
          part.substring(id.length()).strip().concat("\n").getBytes(StandardCharsets.ISO_8859_1);
      try {
        commits.add(new CommitDiff(id, DiffParser.parse(diff, DiffLimits.DEFAULT)));
      } catch (DiffSyntaxException e) {
        limit = "the diff of commit " + id.substring(0, 7) + " cannot be read: " + e.reason();
      }
    }
    if (commits.size() > maxCommits) {
      limit = "of the single commits only the newest " + maxCommits + " were looked at";
      commits.removeFirst();
    }
    return commits.size() < 2 && !whole
        ? new Commits(List.of(), limit)
        : new Commits(commits, limit);
  }
}
