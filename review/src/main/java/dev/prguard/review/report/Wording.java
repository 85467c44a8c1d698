package dev.prguard.review.report;

import dev.prguard.review.change.PullRequest;
import dev.prguard.review.cost.TokenUsage;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PatchOutcome;
import dev.prguard.review.result.PublishReceipt;
import dev.prguard.review.result.ReviewResult;
import dev.prguard.review.result.ReviewStatus;
import dev.prguard.review.result.Severity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The sentences that the terminal and the Markdown report share.
final class Wording {

  private Wording() {}

  static String status(ReviewStatus status) {
    return switch (status) {
      case REVIEWED -> "Reviewed";
      case PARTIAL -> "Partly reviewed";
      case NOT_REVIEWED -> "Not reviewed";
    };
  }

  /// `owner/repo#12`, or what else is known of the change; untrusted.
  static String subject(PullRequest pullRequest) {
    if (pullRequest.number() != null) {
      return pullRequest.repository() + "#" + pullRequest.number();
    }
    if (!pullRequest.repository().isEmpty()) {
      return pullRequest.repository();
    }
    return pullRequest.url().isEmpty() ? "standard input" : pullRequest.url();
  }

  /// `7 findings in 3 files: 1 critical, 2 high, 4 low`; without findings, what that may mean.
  static String findings(ReviewResult result) {
    if (result.findings().isEmpty()) {
      return switch (result.status()) {
        case REVIEWED -> "No findings.";
        case PARTIAL -> "No findings in the part that was reviewed.";
        case NOT_REVIEWED ->
            result.nothingToReview()
                ? "There was nothing to review."
                : "Nothing was reviewed, so nothing can be said about this change.";
      };
    }
    List<String> parts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      long count = result.findings().stream().filter(f -> f.severity() == severity).count();
      if (count > 0) {
        parts.addFirst(count + " " + severity.word());
      }
    }
    long files = result.findings().stream().map(Finding::path).distinct().count();
    return count(result.findings().size(), "finding")
        + " in "
        + count(files, "file")
        + ": "
        + String.join(", ", parts)
        + ".";
  }

  /// `3 of 5 findings may be patched; 2 fixed with proof; 1 fix made and refused.`
  static String patch(PatchOutcome patch) {
    if (patch.issuesPatched() == 0 && patch.rejected().isEmpty()) {
      return "no fix made for " + count(patch.issuesTotal(), "finding") + ".";
    }
    return number(patch.issuesSafe())
        + " of "
        + count(patch.issuesTotal(), "finding")
        + " may be patched; "
        + number(patch.issuesPatched())
        + " fixed with proof"
        + (patch.rejected().isEmpty()
            ? ""
            : "; " + count(patch.rejected().size(), "fix", "fixes") + " made and refused")
        + ".";
  }

  static String receipt(PublishReceipt receipt) {
    String url = receipt.summaryUrl();
    return receipt.posted()
        + " posted, "
        + receipt.updated()
        + " updated, "
        + receipt.folded()
        + " in the summary only, "
        + receipt.failed()
        + " failed; "
        + receipt.resolved()
        + " resolved"
        + (url == null ? "; no summary comment" : "; " + Untrusted.line(url));
  }

  /// `1,234 prompt (200 cached) + 56 completion (10 reasoning) = 1,290 tokens`.
  static String tokens(TokenUsage tokens) {
    return number(tokens.prompt())
        + " prompt"
        + (tokens.cacheRead() > 0 ? " (" + number(tokens.cacheRead()) + " cached)" : "")
        + " + "
        + number(tokens.completion())
        + " completion"
        + (tokens.reasoning() > 0 ? " (" + number(tokens.reasoning()) + " reasoning)" : "")
        + " = "
        + number(tokens.total())
        + " tokens";
  }

  /// `840 ms`, `2.35 s`, `3 min 5 s`.
  static String duration(long millis) {
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return BigDecimal.valueOf(millis / 10, 2).stripTrailingZeros().toPlainString() + " s";
    }
    return millis / 60_000 + " min " + millis % 60_000 / 1_000 + " s";
  }

  /// `12`, `12-15`, `12 (removed)`, or nothing for the whole file.
  static String lines(Finding finding) {
    if (finding.line() == 0) {
      return "";
    }
    String range =
        finding.endLine() > finding.line()
            ? finding.line() + "-" + finding.endLine()
            : Integer.toString(finding.line());
    return switch (finding.side()) {
      case NEW -> range;
      case OLD -> range + " (removed)";
    };
  }

  static String source(Finding.Source source) {
    return source.name().toLowerCase(Locale.ROOT);
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String count(long count, String noun) {
    return count(count, noun, noun + "s");
  }

  static String count(long count, String one, String many) {
    return number(count) + " " + (count == 1 ? one : many);
  }

  /// The proven fixes by the fingerprint of their finding.
  static Map<String, PatchOutcome.Fix> fixes(PatchOutcome patch) {
    Map<String, PatchOutcome.Fix> fixes = new HashMap<>();
    for (PatchOutcome.Fix fix : patch.fixes()) {
      fixes.put(fix.fingerprint(), fix);
    }
    return fixes;
  }
}
