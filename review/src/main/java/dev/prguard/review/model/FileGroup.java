package dev.prguard.review.model;

import dev.prguard.review.diff.FileDiff;
import java.util.List;

/// What goes to the model in one prompt: pieces of files.
///
/// @param roughTokens about how many prompt tokens the pieces take
record FileGroup(List<Piece> pieces, int roughTokens) {

  FileGroup {
    pieces = List.copyOf(pieces);
  }

  /// Lines `from` (inclusive) to `to` (exclusive) of one hunk, counted from 0 in the hunk.
  record Piece(FileDiff file, int hunkIndex, int from, int to) {
    HunkKey key() {
      return new HunkKey(file.path(), hunkIndex);
    }
  }
}
