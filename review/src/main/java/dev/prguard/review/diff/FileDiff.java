package dev.prguard.review.diff;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a diff does to one file.
///
/// @param oldPath path before, null for an added file
/// @param newPath path after, null for a deleted file
/// @param oldMode git's mode before (`100644`), null when the diff does not say
/// @param newMode git's mode after, null when the diff does not say
/// @param binary true when the diff says that it differs in bytes that it does not show as lines
public record FileDiff(
    Status status,
    @Nullable String oldPath,
    @Nullable String newPath,
    @Nullable String oldMode,
    @Nullable String newMode,
    boolean binary,
    List<Hunk> hunks) {

  /// What happened to the file. SUBMODULE: a gitlink (mode 160000) was added, moved or removed.
  public enum Status {
    ADDED,
    MODIFIED,
    DELETED,
    RENAMED,
    COPIED,
    MODE_CHANGED,
    SUBMODULE
  }

  public FileDiff {
    if (oldPath == null && newPath == null) {
      throw new IllegalArgumentException("oldPath and newPath: null (expected: at least one)");
    }
    hunks = List.copyOf(hunks);
  }

  /// The path that a reader of the change knows: after the change, or before it for a deleted file.
  public String path() {
    return newPath != null ? newPath : Objects.requireNonNull(oldPath);
  }

  public long addedLines() {
    return count(DiffLine.Kind.ADDED);
  }

  public long deletedLines() {
    return count(DiffLine.Kind.DELETED);
  }

  private long count(DiffLine.Kind kind) {
    long count = 0;
    for (Hunk hunk : hunks) {
      for (DiffLine line : hunk.lines()) {
        if (line.kind() == kind) {
          count++;
        }
      }
    }
    return count;
  }
}
