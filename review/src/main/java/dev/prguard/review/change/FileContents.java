package dev.prguard.review.change;

import java.util.Optional;

/// The files of one side of a change. Reads may go over the network; answers are not cached here.
public interface FileContents {

  /// The file's bytes; empty when this side has no such file or the source cannot know it.
  ///
  /// @param path as in the diff: relative to the root, `/` between folders
  /// @throws ChangeSourceException when the source failed, which is not the same as a missing file
  Optional<byte[]> read(String path);
}
