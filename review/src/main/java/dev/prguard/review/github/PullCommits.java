package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.review.change.Commits;
import dev.prguard.review.change.Commits.CommitDiff;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.DiffSyntaxException;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.PullRequestDiff;
import dev.prguard.review.github.GitHubClient.Items;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What the commits of a pull request did, one request each: so only the newest few are read.
final class PullCommits {
  static final int MAX_COMMITS = 30;

  /// GitHub lists no more.
  private static final int MAX_LISTED = 250;

  private final GitHubClient client;
  private final PullRequestUrl url;

  PullCommits(GitHubClient client, PullRequestUrl url) {
    this.client = client;
    this.url = url;
  }

  /// @param pull the pull request, as GitHub tells it
  Commits read(JsonNode pull) {
    long count = pull.path("commits").asLong(1);
    if (count < 2) {
      return Commits.NONE;
    }
    List<CommitDiff> diffs = new ArrayList<>();
    String limit = null;
    try {
      Items listed = client.list(url.pullPath() + "/commits?per_page=100", MAX_LISTED);
      List<String> ids = new ArrayList<>();
      for (JsonNode commit : listed.nodes()) {
        String sha = commit.path("sha").asText("");
        if (GitObjects.isId(sha) && commit.path("parents").size() < 2) {
          ids.add(sha);
        }
      }
      if (ids.size() > MAX_COMMITS || count > listed.nodes().size()) {
        limit = "";
      }
      for (String sha : ids.subList(Math.max(0, ids.size() - MAX_COMMITS), ids.size())) {
        JsonNode commit = client.get(url.repositoryPath() + "/commits/" + sha);
        List<FileDiff> files = new ArrayList<>();
        for (JsonNode json : commit.path("files")) {
          ChangedFile file = ChangedFile.of(json);
          String patch = file.patch();
          if (patch != null) {
            files.add(diff(file, patch));
          } else if (file.additions() > 0) {
            limit = ", not every file whole";
          }
        }
        diffs.add(new CommitDiff(sha, new PullRequestDiff(files, 0)));
      }
    } catch (GitHubException | DiffSyntaxException e) {
      limit = "; then: " + e.getMessage();
    }
    return new Commits(
        diffs,
        limit == null ? null : diffs.size() + " of " + count + " commits were looked at" + limit);
  }

  private static FileDiff diff(ChangedFile file, String patch) throws DiffSyntaxException {
    return new FileDiff(
        file.status(),
        file.oldPath(),
        file.newPath(),
        null,
        null,
        false,
        DiffParser.parseHunks(patch.getBytes(StandardCharsets.UTF_8)));
  }
}
