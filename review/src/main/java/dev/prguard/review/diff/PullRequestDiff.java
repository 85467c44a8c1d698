package dev.prguard.review.diff;

import java.util.List;

/// A whole change, file by file, in the order of the diff.
///
/// @param sizeChars bytes of the diff's text, as it was read
public record PullRequestDiff(List<FileDiff> files, long sizeChars) {

  public PullRequestDiff {
    files = List.copyOf(files);
  }

  public boolean isEmpty() {
    return files.isEmpty();
  }

  public long addedLines() {
    return files.stream().mapToLong(FileDiff::addedLines).sum();
  }
}
