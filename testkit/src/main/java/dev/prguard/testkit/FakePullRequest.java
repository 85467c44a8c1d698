package dev.prguard.testkit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The pull request of a [FakeGitHub], in GitHub's JSON, as its branches are at each request.
final class FakePullRequest {
  private static final int REPOSITORY_ID = 99;

  private final JsonMapper mapper = new JsonMapper();
  private final TestRepository repository;
  private final FakeGitData git;
  private final String baseBranch;
  private final String headBranch;
  private final Map<String, String> mergeBases = new HashMap<>();
  private final Map<String, List<FakeDiff.File>> diffs = new HashMap<>();

  volatile Predicate<String> withoutPatch = _ -> false;
  volatile int listedFiles = 3_000;
  volatile boolean fork;
  volatile String title = "Change the shop";

  FakePullRequest(
      TestRepository repository, FakeGitData git, String baseBranch, String headBranch) {
    this.repository = repository;
    this.git = git;
    this.baseBranch = baseBranch;
    this.headBranch = headBranch;
  }

  String head() {
    return git.tip(headBranch);
  }

  private String mergeBase() {
    return mergeBases.computeIfAbsent(
        git.tip(baseBranch) + " " + head(),
        _ -> repository.git("merge-base", baseBranch, headBranch).strip());
  }

  List<FakeDiff.File> diff() {
    String from = mergeBase();
    String to = head();
    return diffs.computeIfAbsent(from + ".." + to, _ -> FakeDiff.between(repository, from, to));
  }

  ObjectNode json(String page) {
    ObjectNode json = mapper.createObjectNode().put("id", 1L).put("number", FakeGitHub.NUMBER);
    json.put("state", "open").put("draft", false).put("html_url", page);
    json.put("title", title).put("body", "What it is for.");
    json.set("user", FakeGitHub.user(11, "author", "User"));
    json.set("head", end(headBranch, head(), fork ? REPOSITORY_ID + 1 : REPOSITORY_ID));
    json.set("base", end(baseBranch, git.tip(baseBranch), REPOSITORY_ID));
    return json.put("changed_files", diff().size());
  }

  private ObjectNode end(String branch, String sha, int repositoryId) {
    ObjectNode json = mapper.createObjectNode().put("ref", branch).put("sha", sha);
    String owner = repositoryId == REPOSITORY_ID ? FakeGitHub.OWNER : "author";
    json.putObject("repo").put("id", repositoryId).put("full_name", owner + "/" + FakeGitHub.REPO);
    return json;
  }

  List<ObjectNode> files() {
    List<ObjectNode> files = new ArrayList<>();
    for (FakeDiff.File file : diff()) {
      if (files.size() == listedFiles) {
        break;
      }
      boolean bare = withoutPatch.test(file.path());
      ObjectNode json = mapper.createObjectNode().put("sha", file.sha());
      json.put("filename", file.path()).put("status", file.status());
      json.put("additions", bare ? 0 : file.additions());
      json.put("deletions", bare ? 0 : file.deletions());
      json.put("changes", bare ? 0 : file.additions() + file.deletions());
      if (!file.previous().isEmpty()) {
        json.put("previous_filename", file.previous());
      }
      if (!bare && !file.patch().isEmpty()) {
        json.put("patch", file.patch());
      }
      files.add(json);
    }
    return files;
  }

  ObjectNode comparison() {
    ObjectNode json = mapper.createObjectNode().put("status", "ahead");
    json.putObject("merge_base_commit").put("sha", mergeBase());
    return json;
  }
}
