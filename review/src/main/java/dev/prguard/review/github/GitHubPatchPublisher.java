package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.prguard.review.change.PullRequest;
import dev.prguard.review.github.CommitFiles.Entry;
import dev.prguard.review.github.GitHubException.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Offers a proven patch as a draft pull request against the reviewed pull request's own branch, so
/// that its author decides. It writes to one branch of its own, `pr-guard/fix-NUMBER-HEAD`, and to
/// no other.
public final class GitHubPatchPublisher {
  private static final int SHORT_SHA = 10;
  private static final int MAX_TITLE = 250;

  /// Ends the message of our commits; a branch whose tip lacks it is somebody else's.
  private static final String TRAILER = "Patch-Of: pr-guard";

  private final PullRequestUrl url;
  private final GitHubClient client;

  public GitHubPatchPublisher(PullRequestUrl url, GitHubClient client) {
    this.url = url;
    this.client = client;
  }

  /// Opens the draft, or brings the one of an earlier run up to date. Whatever GitHub does, the
  /// answer says what there is.
  ///
  /// @throws IllegalArgumentException when the request is of another pull request, or empty
  public PatchPublication publish(PatchRequest request) {
    PullRequest pullRequest = request.pullRequest();
    Long number = pullRequest.number();
    if (number == null
        || number != url.number()
        || !pullRequest.owner().equals(url.owner())
        || !pullRequest.repo().equals(url.repo())) {
      throw new IllegalArgumentException(
          "pullRequest: " + pullRequest.url() + " (expected: " + url.page() + ")");
    }
    if (request.files().isEmpty()) {
      throw new IllegalArgumentException("files: none (expected: at least one)");
    }
    try {
      return offer(request);
    } catch (GitHubException e) {
      return new PatchPublication.Refused(
          "the draft pull request could not be made: " + e.getMessage());
    }
  }

  private PatchPublication offer(PatchRequest request) {
    if (!client.hasToken()) {
      return new PatchPublication.Refused(
          "a draft pull request needs a token: set GITHUB_TOKEN (contents and pull requests: write)");
    }
    JsonNode pull = PullRequests.read(client, url);
    String head = request.pullRequest().headSha();
    String headBranch = pull.path("head").path("ref").asText("");
    String refusal = refusal(pull, head);
    if (refusal != null) {
      return new PatchPublication.Refused(refusal);
    }
    String branch = "pr-guard/fix-" + url.number() + "-" + head.substring(0, SHORT_SHA);
    if (branch.equals(headBranch)) {
      return new PatchPublication.Refused("the pull request is itself a patch of pr-guard");
    }
    CommitFiles files = new CommitFiles(client, url.repositoryPath(), head, Map.of());
    for (String path : request.files().keySet()) {
      Entry entry = files.entry(path);
      if (entry == null || !entry.isFile()) {
        return new PatchPublication.Refused(
            ForeignText.line(path, 200) + " is not a file of the head");
      }
    }
    String tree = tree(request, files, head);
    String there = branchTip(branch);
    if (there == null) {
      createBranch(branch, commit(request, head, tree));
    } else {
      JsonNode tip = client.get(url.repositoryPath() + "/git/commits/" + there);
      if (!isOurs(tip, head)) {
        return new PatchPublication.Refused(
            "branch " + branch + " is there and has commits of others; delete it or merge it");
      }
      if (!tip.path("tree").path("sha").asText("").equals(tree)) {
        moveBranch(branch, commit(request, head, tree));
      }
    }
    return openDraft(request, branch, headBranch);
  }

  private @Nullable String refusal(JsonNode pull, String head) {
    if (!pull.path("state").asText("").equals("open")) {
      return "the pull request is not open";
    }
    if (!PullRequests.headSha(pull).equals(head)) {
      return "the pull request was pushed to since: the patch was proven on "
          + head
          + ", the head is now "
          + PullRequests.headSha(pull);
    }
    long headRepository = pull.path("head").path("repo").path("id").asLong(-1);
    if (headRepository != pull.path("base").path("repo").path("id").asLong(-2)) {
      return "the pull request comes from a fork, where no branch can be made; apply the patch by"
          + " hand";
    }
    return null;
  }

  /// The id of the head's tree with the new files in it. Blobs and trees are named by what they
  /// hold: making them again makes nothing new.
  private String tree(PatchRequest request, CommitFiles files, String head) {
    JsonNode commit = client.get(url.repositoryPath() + "/git/commits/" + head);
    ArrayNode entries = GitHubClient.MAPPER.createArrayNode();
    request
        .files()
        .forEach((path, bytes) -> {
          ObjectNode blob =
              GitHubClient.MAPPER
                  .createObjectNode()
                  .put("content", Base64.getEncoder().encodeToString(bytes))
                  .put("encoding", "base64");
          String sha = id(client.write("POST", git("blobs"), blob));
          if (!sha.equals(GitObjects.blobId(bytes))) {
            throw new GitHubException(
                Kind.MALFORMED, "GitHub stored other bytes than those of the patch");
          }
          entries
              .addObject()
              .put("path", path)
              .put("mode", modeOf(files, path))
              .put("type", "blob")
              .put("sha", sha);
        });
    ObjectNode tree = GitHubClient.MAPPER.createObjectNode();
    tree.put("base_tree", commit.path("tree").path("sha").asText(""));
    tree.set("tree", entries);
    return id(client.write("POST", git("trees"), tree));
  }

  private static String modeOf(CommitFiles files, String path) {
    Entry entry = files.entry(path);
    return entry == null ? "100644" : entry.mode();
  }

  private String commit(PatchRequest request, String head, String tree) {
    ObjectNode commit =
        GitHubClient.MAPPER
            .createObjectNode()
            .put("message", title(request) + "\n\n" + TRAILER + "\n")
            .put("tree", tree);
    commit.set("parents", GitHubClient.MAPPER.createArrayNode().add(head));
    return id(client.write("POST", git("commits"), commit));
  }

  private @Nullable String branchTip(String branch) {
    try {
      return id(client.get(git("ref/heads/" + branch)).path("object"));
    } catch (GitHubException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private void createBranch(String branch, String commit) {
    client.write(
        "POST",
        git("refs"),
        GitHubClient.MAPPER
            .createObjectNode()
            .put("ref", "refs/heads/" + branch)
            .put("sha", commit));
  }

  private void moveBranch(String branch, String commit) {
    client.write(
        "PATCH",
        git("refs/heads/" + branch),
        GitHubClient.MAPPER.createObjectNode().put("sha", commit).put("force", true));
  }

  private static boolean isOurs(JsonNode tip, String head) {
    JsonNode parents = tip.path("parents");
    return tip.path("message").asText("").strip().endsWith(TRAILER)
        && parents.size() == 1
        && parents.path(0).path("sha").asText("").equals(head);
  }

  private PatchPublication openDraft(PatchRequest request, String branch, String headBranch) {
    ObjectNode draft =
        GitHubClient.MAPPER
            .createObjectNode()
            .put("title", title(request))
            .put("body", body(request));
    JsonNode there = draftOf(branch, headBranch);
    if (there != null) {
      if (!there.path("title").asText("").equals(title(request))
          || !Markers.same(there.path("body").asText(""), body(request))) {
        client.write(
            "PATCH", url.repositoryPath() + "/pulls/" + there.path("number").asLong(), draft);
      }
      return new PatchPublication.Offered(there.path("html_url").asText(""), false);
    }
    draft.put("head", branch).put("base", headBranch).put("draft", true);
    JsonNode made;
    try {
      made = client.write("POST", url.repositoryPath() + "/pulls", draft);
    } catch (GitHubException e) {
      client.settle();
      made = e.mayHaveHappened() ? draftOf(branch, headBranch) : null;
      if (made == null) {
        return new PatchPublication.Refused(
            "the patch is on branch " + branch + ", but has no pull request: " + e.getMessage());
      }
    }
    return new PatchPublication.Offered(made.path("html_url").asText(""), true);
  }

  private @Nullable JsonNode draftOf(String branch, String headBranch) {
    List<JsonNode> open =
        client
            .list(
                url.repositoryPath()
                    + "/pulls?state=open&per_page=100&head="
                    + encoded(url.owner() + ":" + branch)
                    + "&base="
                    + encoded(headBranch),
                100)
            .nodes();
    for (JsonNode pull : open) {
      // GitHub ignores a filter that it does not understand: another's must not be edited.
      if (pull.path("head").path("ref").asText("").equals(branch)
          && pull.path("base").path("ref").asText("").equals(headBranch)
          && pull.path("number").asLong() != url.number()) {
        return pull;
      }
    }
    return null;
  }

  private String git(String path) {
    return url.repositoryPath() + "/git/" + path;
  }

  private static String title(PatchRequest request) {
    return ForeignText.line(request.title(), MAX_TITLE);
  }

  private static String body(PatchRequest request) {
    String body = request.body();
    return body.length() <= Markers.MAX_BODY ? body : body.substring(0, Markers.MAX_BODY - 1) + "…";
  }

  private static String id(JsonNode object) {
    String sha = object.path("sha").asText("");
    if (!GitObjects.isId(sha)) {
      throw new GitHubException(Kind.MALFORMED, "GitHub gave an object without id");
    }
    return sha;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
