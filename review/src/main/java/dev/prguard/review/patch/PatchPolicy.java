package dev.prguard.review.patch;

import dev.prguard.review.result.Finding;
import dev.prguard.review.result.Severity;

/// Which findings may be patched, and by whom. Only findings of rules: whether a model's finding is
/// gone cannot be proven, and what cannot be proven is not offered.
public enum PatchPolicy {
  /// Style findings, and findings whose rule knows a mechanical fix. Only the rules' own fixes.
  SAFE,

  /// As SAFE; and the model writes a fix for style findings and for findings of low or medium
  /// severity whose rule knows none.
  SAFE_WITH_MODEL;

  /// Whether a fix of this finding may be offered at all, once proven.
  public boolean allows(Finding finding) {
    if (finding.source() != Finding.Source.RULE
        || finding.side() != Finding.Side.NEW
        || finding.line() < 1) {
      return false;
    }
    return finding.suggestion() != null
        || finding.category() == Finding.Category.STYLE
        || asksModel(finding);
  }

  /// Whether the model is to write the fix.
  public boolean asksModel(Finding finding) {
    return this == SAFE_WITH_MODEL
        && finding.source() == Finding.Source.RULE
        && finding.side() == Finding.Side.NEW
        && finding.line() >= 1
        && finding.suggestion() == null
        && (finding.category() == Finding.Category.STYLE
            || !finding.severity().atLeast(Severity.HIGH));
  }
}
