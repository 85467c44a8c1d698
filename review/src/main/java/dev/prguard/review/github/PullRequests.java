package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.github.GitHubException.Kind;

/// What GitHub's JSON of a pull request says, checked where the rest relies on it.
final class PullRequests {
  private PullRequests() {}

  /// @throws GitHubException MALFORMED, when it is the JSON of something else
  static JsonNode read(GitHubClient client, PullRequestUrl url) {
    JsonNode pull = client.get(url.pullPath());
    if (pull.path("number").asLong() != url.number()
        || !GitObjects.isId(headSha(pull))
        || !GitObjects.isId(baseSha(pull))) {
      throw new GitHubException(
          Kind.MALFORMED,
          client.host() + " gave an answer that is not the pull request; is it the right host?");
    }
    return pull;
  }

  static String headSha(JsonNode pull) {
    return pull.path("head").path("sha").asText("");
  }

  static String baseSha(JsonNode pull) {
    return pull.path("base").path("sha").asText("");
  }

  static PullRequest of(PullRequestUrl url, JsonNode pull, String diffBaseSha) {
    return new PullRequest(
        url.page(),
        url.owner() + "/" + url.repo(),
        url.owner(),
        url.repo(),
        url.number(),
        pull.path("user").path("login").asText(""),
        pull.path("title").asText(""),
        pull.path("body").asText(""),
        pull.path("head").path("ref").asText(""),
        headSha(pull),
        pull.path("base").path("ref").asText(""),
        diffBaseSha);
  }
}
