package dev.prguard.review.model;

/// One hunk of a change.
///
/// @param path the file's path as [dev.prguard.review.diff.FileDiff#path()] gives it
/// @param hunkIndex place of the hunk in its file, from 0
public record HunkKey(String path, int hunkIndex) implements Comparable<HunkKey> {

  @Override
  public int compareTo(HunkKey other) {
    int byPath = path.compareTo(other.path);
    return byPath != 0 ? byPath : Integer.compare(hunkIndex, other.hunkIndex);
  }
}
