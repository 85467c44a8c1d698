package dev.prguard.review.change;

import dev.prguard.review.change.Commits.CommitDiff;
import dev.prguard.review.diff.DiffLimits;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.DiffSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
    if (!whole && count(start, end) < 2) {
      return Commits.NONE;
    }
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
    byte[] text = log.output();
    List<CommitDiff> commits = new ArrayList<>();
    String limit = null;
    int from = startOfCommit(text, 0);
    while (from < text.length) {
      int next = startOfCommit(text, from + 1);
      if (next == text.length && log.cut()) {
        limit = "the diffs of the single commits are over " + (MAX_BYTES >> 20) + " MiB together";
        break;
      }
      int diff = Math.min(from + 1 + ID_CHARS, next);
      String id = new String(text, from + 1, diff - from - 1, StandardCharsets.ISO_8859_1);
      while (diff < next && text[diff] == '\n') {
        diff++;
      }
      try {
        commits.add(
            new CommitDiff(
                id, DiffParser.parse(Arrays.copyOfRange(text, diff, next), DiffLimits.DEFAULT)));
      } catch (DiffSyntaxException e) {
        limit = "the diff of commit " + id.substring(0, 7) + " cannot be read: " + e.reason();
      }
      from = next;
    }
    if (commits.size() > maxCommits) {
      limit = "of the single commits only the newest " + maxCommits + " were looked at";
      commits.removeFirst();
    }
    return commits.size() < 2 && !whole
        ? new Commits(List.of(), limit)
        : new Commits(commits, limit);
  }

  /// How many commits there are, at most two.
  private long count(String start, String end) {
    Git.Result ids =
        git.run(1 << 10, "rev-list", "--no-merges", "--max-count=2", start + ".." + end, "--");
    return ids.ok() ? ids.text().lines().count() : 2;
  }

  /// The next NUL at the start of a line, else the end. A line of a diff never begins with NUL, so
  /// no file can look like the start of a commit.
  private static int startOfCommit(byte[] text, int from) {
    for (int i = from; i < text.length; i++) {
      if (text[i] == 0 && (i == 0 || text[i - 1] == '\n')) {
        return i;
      }
    }
    return text.length;
  }
}
