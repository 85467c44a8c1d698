package dev.prguard.review.github;

import dev.prguard.review.change.FileContents;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.diff.PullRequestDiff;
import dev.prguard.review.result.Finding;
import dev.prguard.review.result.PublishReceipt;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// What to publish of a review, and what it was a review of.
///
/// @param head files at [PullRequest#headSha], to prove each line before a comment hangs on it
/// @param base files at [PullRequest#baseSha], likewise for removed lines
/// @param findings the most important first: only the first ones get a comment of their own
/// @param commentBody Markdown of one finding's comment, everything untrusted in it escaped
/// @param committable fingerprints of findings whose comment has a block that GitHub can commit;
///   their comment hangs on exactly their lines, or nowhere
/// @param summary Markdown of the summary comment, made when it is known what became of each
///   finding; everything untrusted in it escaped
/// @param finished sources of findings that saw the whole change, this time and in earlier runs:
///   only a finding of such a source is fixed when it is not found again
public record PublishRequest(
    PullRequest pullRequest,
    PullRequestDiff diff,
    FileContents head,
    FileContents base,
    List<Finding> findings,
    Function<Finding, String> commentBody,
    Set<String> committable,
    Function<PublishReceipt, String> summary,
    Set<Finding.Source> finished) {

  public PublishRequest {
    findings = List.copyOf(findings);
    committable = Set.copyOf(committable);
    finished = Set.copyOf(finished);
  }
}
