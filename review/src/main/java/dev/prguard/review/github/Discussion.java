package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.review.github.GitHubClient.Items;
import dev.prguard.review.github.GitHubException.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The comments on a pull request that our own account wrote in earlier runs.
final class Discussion {
  private static final int MAX_COMMENTS = 5_000;
  private static final int MAX_THREAD_PAGES = 50;

  private static final String THREADS =
      """
      query($owner: String!, $repo: String!, $number: Int!, $after: String) {
        repository(owner: $owner, name: $repo) {
          pullRequest(number: $number) {
            reviewThreads(first: 100, after: $after) {
              pageInfo { hasNextPage endCursor }
              nodes { id isResolved comments(first: 1) { nodes { databaseId } } }
            }
          }
        }
      }
      """;

  private static final String RESOLVE =
      "mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }";

  private static final String UNRESOLVE =
      "mutation($id: ID!) { unresolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }";

  /// @param outdated whether the line it hangs on is not in the diff any more
  record Comment(long id, Markers.Marked marked, String body, boolean outdated) {}

  record Summary(long id, String url) {}

  record ReviewThread(String id, boolean resolved) {}

  private final GitHubClient client;
  private final PullRequestUrl url;
  private final OwnAccount.Identity own;

  Discussion(GitHubClient client, PullRequestUrl url, OwnAccount.Identity own) {
    this.client = client;
    this.url = url;
    this.own = own;
  }

  /// Our comments on lines, by fingerprint; the first one where there are several.
  Map<String, Comment> comments() {
    return marked(all(url.pullPath() + "/comments?per_page=100"));
  }

  /// Our comments of one review, by fingerprint.
  Map<String, Comment> commentsOfReview(long review) {
    return marked(all(url.pullPath() + "/reviews/" + review + "/comments?per_page=100"));
  }

  private Map<String, Comment> marked(Items items) {
    Map<String, Comment> comments = new LinkedHashMap<>();
    for (JsonNode node : items.nodes()) {
      String body = node.path("body").asText("");
      Markers.Marked marked = Markers.finding(body);
      if (marked != null && own.wrote(node) && !node.hasNonNull("in_reply_to_id")) {
        comments.putIfAbsent(
            marked.fingerprint(),
            new Comment(node.path("id").asLong(), marked, body, !node.hasNonNull("line")));
      }
    }
    return comments;
  }

  /// Our summary comment.
  Optional<Summary> summary() {
    String path = url.repositoryPath() + "/issues/" + url.number() + "/comments?per_page=100";
    for (JsonNode node : all(path).nodes()) {
      if (own.wrote(node) && Markers.isSummary(node.path("body").asText(""))) {
        return Optional.of(new Summary(node.path("id").asLong(), node.path("html_url").asText("")));
      }
    }
    return Optional.empty();
  }

  /// Threads by the id of their first comment.
  Map<Long, ReviewThread> threads() {
    Map<Long, ReviewThread> threads = new HashMap<>();
    ObjectNode variables =
        GitHubClient.MAPPER
            .createObjectNode()
            .put("owner", url.owner())
            .put("repo", url.repo())
            .put("number", url.number());
    for (int page = 0; page < MAX_THREAD_PAGES; page++) {
      JsonNode answer =
          client
              .graphQl(THREADS, variables)
              .path("repository")
              .path("pullRequest")
              .path("reviewThreads");
      for (JsonNode node : answer.path("nodes")) {
        long first = node.path("comments").path("nodes").path(0).path("databaseId").asLong();
        threads.put(
            first,
            new ReviewThread(node.path("id").asText(""), node.path("isResolved").asBoolean()));
      }
      if (!answer.path("pageInfo").path("hasNextPage").asBoolean()) {
        break;
      }
      variables.put("after", answer.path("pageInfo").path("endCursor").asText(""));
    }
    return threads;
  }

  /// @throws GitHubException also when GitHub answers and does not do it
  void resolve(ReviewThread thread, boolean resolved) {
    String name = resolved ? "resolveReviewThread" : "unresolveReviewThread";
    JsonNode answer =
        client
            .graphQl(
                resolved ? RESOLVE : UNRESOLVE,
                GitHubClient.MAPPER.createObjectNode().put("id", thread.id))
            .path(name)
            .path("thread")
            .path("isResolved");
    if (!answer.isBoolean() || answer.asBoolean() != resolved) {
      throw new GitHubException(Kind.FORBIDDEN, "GitHub did not " + name);
    }
  }

  /// Not finding a comment of ours would mean to write it again.
  private Items all(String path) {
    Items items = client.list(path, MAX_COMMENTS);
    if (items.more()) {
      throw new GitHubException(
          Kind.UNPROCESSABLE,
          "over " + MAX_COMMENTS + " comments on the pull request: cannot tell which are ours");
    }
    return items;
  }
}
