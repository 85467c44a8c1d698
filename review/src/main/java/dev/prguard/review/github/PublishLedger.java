package dev.prguard.review.github;

import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PublishReceipt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What became of each finding. Every finding has exactly one fate, so the receipt always adds up.
final class PublishLedger {
  private static final int MAX_ERRORS = 30;

  private enum Fate {
    OPEN,
    POSTED,
    UPDATED,
    FOLDED
  }

  private final List<Finding> findings;
  private final Fate[] fates;
  private final String[] reasons;
  private final Set<String> errors = new LinkedHashSet<>();
  private int resolved;

  PublishLedger(List<Finding> findings) {
    this.findings = findings;
    fates = new Fate[findings.size()];
    reasons = new String[findings.size()];
    Arrays.fill(fates, Fate.OPEN);
    Arrays.fill(reasons, "");
  }

  Finding finding(int index) {
    return findings.get(index);
  }

  /// Indexes of findings that nothing was done about yet.
  List<Integer> open() {
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < fates.length; i++) {
      if (fates[i] == Fate.OPEN) {
        open.add(i);
      }
    }
    return open;
  }

  void posted(int index) {
    settle(index, Fate.POSTED, "");
  }

  void updated(int index) {
    settle(index, Fate.UPDATED, "");
  }

  /// Left to the summary.
  void folded(int index, String reason) {
    settle(index, Fate.FOLDED, reason);
  }

  void resolved() {
    resolved++;
  }

  void error(String message) {
    if (errors.size() < MAX_ERRORS) {
      errors.add(message);
    }
  }

  /// Findings left to the summary, with the reason.
  List<Folded> foldedOnes() {
    List<Folded> folded = new ArrayList<>();
    for (int i = 0; i < fates.length; i++) {
      if (fates[i] == Fate.FOLDED) {
        folded.add(new Folded(findings.get(i), reasons[i]));
      }
    }
    return folded;
  }

  record Folded(Finding finding, String reason) {}

  /// The receipt if the summary gets written.
  PublishReceipt expected() {
    return receipt(null, 0, true);
  }

  /// The receipt with the summary written.
  PublishReceipt receipt(String summaryUrl, long summaryLength) {
    return receipt(summaryUrl, summaryLength, true);
  }

  /// The receipt without a summary: what was left to it is told nowhere.
  PublishReceipt withoutSummary() {
    return receipt(null, 0, false);
  }

  private PublishReceipt receipt(
      @Nullable String summaryUrl, long summaryLength, boolean summaryWritten) {
    int left = count(Fate.FOLDED) + count(Fate.OPEN);
    PublishReceipt receipt =
        new PublishReceipt(
            count(Fate.POSTED),
            count(Fate.UPDATED),
            summaryWritten ? left : 0,
            summaryWritten ? 0 : left,
            resolved,
            summaryUrl,
            summaryLength,
            List.copyOf(errors));
    if (receipt.findings() != findings.size()) {
      throw new AssertionError(
          "receipt of " + receipt.findings() + " findings, not of " + findings.size());
    }
    return receipt;
  }

  private int count(Fate fate) {
    return (int) Arrays.stream(fates).filter(f -> f == fate).count();
  }

  private void settle(int index, Fate fate, String reason) {
    if (fates[index] != Fate.OPEN) {
      throw new IllegalStateException("finding " + index + " is " + fates[index] + " already");
    }
    fates[index] = fate;
    reasons[index] = reason;
  }
}
