package dev.prguard.review.change;

import java.util.List;
import java.util.Optional;

/// The files of one side of a change. Reads may go over the network; answers are not cached here.
public interface FileContents {

  /// The file's bytes; empty when this side has no such file or the source cannot know it.
  ///
  /// @param path as in the diff: relative to the root, `/` between folders
  /// @throws ChangeSourceException when the source failed, which is not the same as a missing file
  Optional<byte[]> read(String path);

  /// Paths of the files right in a folder, in no order; empty when there is no such folder or the
  /// source cannot know it.
  ///
  /// @param folder as `.pr-guard/rules`
  /// @throws ChangeSourceException when the source failed
  default List<String> list(String folder) {
    return List.of();
  }

  /// Whether a read costs little, so that also files may be looked at that only help to judge
  /// others; not so over a network.
  default boolean isNear() {
    return false;
  }
}
