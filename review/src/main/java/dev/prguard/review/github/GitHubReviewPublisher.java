package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.github.GitHubException.Kind;
import dev.prguard.review.result.PublishReceipt;

/// Publishes a review on its pull request: comments on proven lines and one summary comment. It
/// never approves, and never writes to another pull request.
///
/// A second run finds the comments of the first by their hidden markers and updates them; a finding
/// keeps its one comment for life. Nothing is written twice: where it is not known whether a write
/// has happened, what is there is looked at first.
public final class GitHubReviewPublisher {
  /// Most comments on lines that one run adds; a reader has no patience for more.
  public static final int MAX_COMMENTS = 50;

  private final PullRequestUrl url;
  private final GitHubClient client;
  private final OwnAccount account;

  public GitHubReviewPublisher(PullRequestUrl url, GitHubClient client, OwnAccount account) {
    this.url = url;
    this.client = client;
    this.account = account;
  }

  /// Publishes. Whatever GitHub does, the answer is a receipt that accounts for every finding.
  ///
  /// @throws IllegalArgumentException when the request is of another pull request
  public PublishReceipt publish(PublishRequest request) {
    requireSame(request.pullRequest());
    PublishLedger ledger = new PublishLedger(request.findings());
    try {
      if (!client.hasToken()) {
        throw new GitHubException(
            Kind.UNAUTHORIZED, "posting needs a token: set GITHUB_TOKEN (pull requests: write)");
      }
      JsonNode pull = PullRequests.read(client, url);
      OwnAccount.Identity own = account.identify(client);
      Publication publication =
          new Publication(
              url,
              client,
              new Discussion(client, url, own),
              request,
              ledger,
              PullRequests.headSha(pull));
      return publication.run();
    } catch (GitHubException e) {
      ledger.error("nothing was posted: " + e.getMessage());
      return ledger.withoutSummary();
    }
  }

  private void requireSame(PullRequest pullRequest) {
    Long number = pullRequest.number();
    if (number == null
        || number != url.number()
        || !pullRequest.owner().equals(url.owner())
        || !pullRequest.repo().equals(url.repo())) {
      throw new IllegalArgumentException(
          "pullRequest: " + pullRequest.url() + " (expected: " + url.page() + ")");
    }
  }
}
