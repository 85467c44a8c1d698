package dev.prguard.review.change;

/// Where a change comes from: GitHub, a git repository, or the text of a diff.
public interface ChangeSource {

  /// Reads the change.
  ///
  /// @throws ChangeSourceException when it cannot be had; the message is for the user
  Change fetch();
}
