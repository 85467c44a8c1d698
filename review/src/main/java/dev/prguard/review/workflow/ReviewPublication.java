package dev.prguard.review.workflow;

import dev.prguard.review.change.Change;
import dev.prguard.review.github.PublishRequest;
import dev.prguard.review.report.MarkdownReport;
import dev.prguard.review.result.Coverage.FileCoverage;
import dev.prguard.review.result.Coverage.Look;
import dev.prguard.review.result.Coverage.Seen;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome.Fix;
import dev.prguard.review.result.ReviewResult;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// A review as it is published: every text rendered and escaped, so that the publisher only places
/// it.
final class ReviewPublication {
  private ReviewPublication() {}

  static PublishRequest of(ReviewResult result, Change change) {
    Map<String, Fix> fixes = new HashMap<>();
    result.patch().fixes().forEach(fix -> fixes.put(fix.fingerprint(), fix));
    return new PublishRequest(
        change.pullRequest(),
        change.diff(),
        change.head(),
        change.base(),
        result.findings(),
        finding -> MarkdownReport.inlineComment(finding, fixes.get(finding.fingerprint())),
        fixes.keySet(),
        receipt -> MarkdownReport.summary(result.withReceipt(receipt)),
        finished(result));
  }

  /// A finding that is not there any more is fixed only when who found it has seen everything
  /// again.
  private static Set<Finding.Source> finished(ReviewResult result) {
    Set<Finding.Source> finished = EnumSet.noneOf(Finding.Source.class);
    if (all(result, FileCoverage::rules)) {
      finished.add(Finding.Source.RULE);
    }
    boolean asked =
        result.coverage().files().stream().anyMatch(file -> file.model().seen() == Seen.YES);
    if (asked && all(result, FileCoverage::model)) {
      finished.add(Finding.Source.MODEL);
    }
    return finished;
  }

  private static boolean all(ReviewResult result, Function<FileCoverage, Look> look) {
    return result.coverage().files().stream()
        .map(file -> look.apply(file).seen())
        .allMatch(seen -> seen == Seen.YES || seen == Seen.NOT_APPLICABLE);
  }
}
