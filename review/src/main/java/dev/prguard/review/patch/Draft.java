package dev.prguard.review.patch;

import dev.prguard.review.result.Finding;

/// A fix that somebody proposed; nothing about it is proven.
///
/// @param replacement of the finding's lines `line`..`endLine`; empty for one empty line; lines end
///   in LF, and the last one has no end
/// @param author the rule, or the model
record Draft(Finding finding, String replacement, Finding.Source author) {

  Draft {
    String text = replacement.replace("\r\n", "\n");
    text = text.endsWith("\r") || text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    replacement = text;
  }
}
