package dev.prguard.review.result;

import java.util.Locale;

/// What may be claimed: the whole change was reviewed as asked, a part of it, or nothing.
public enum ReviewStatus {
  REVIEWED,
  PARTIAL,
  NOT_REVIEWED;

  /// `reviewed`, `partial`, `not_reviewed`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
