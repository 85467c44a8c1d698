package dev.prguard.review.github;

/// What became of a patch that was to be offered as a draft pull request.
public sealed interface PatchPublication {

  /// There is a draft pull request with exactly this patch.
  ///
  /// @param created false when an earlier run had opened it
  record Offered(String url, boolean created) implements PatchPublication {}

  /// @param reason one line, for the user
  record Refused(String reason) implements PatchPublication {}
}
