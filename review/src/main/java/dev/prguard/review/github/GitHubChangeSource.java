package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.review.change.Change;
import dev.prguard.review.change.ChangeSource;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.PullRequestDiff;
import dev.prguard.review.github.FileDiffReader.Outcome;
import dev.prguard.review.github.GitHubClient.Items;
import dev.prguard.review.github.GitHubException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// A pull request of GitHub, from its list of files: the diff as one text is refused by GitHub for
/// over 300 files or 20,000 lines. What GitHub leaves out of the list is made up for, or told as a
/// gap.
public final class GitHubChangeSource implements ChangeSource {
  /// GitHub lists no more.
  static final int MAX_FILES = 3_000;

  private static final int MAX_TRIES = 3;
  private static final int PARALLEL_READS = 8;

  private final PullRequestUrl url;
  private final GitHubClient client;

  public GitHubChangeSource(PullRequestUrl url, GitHubClient client) {
    this.url = url;
    this.client = client;
  }

  /// Reads the pull request. The head's and the base's files are read when asked for.
  ///
  /// @throws ChangeSourceException INPUT, when there is no such pull request or it is private;
  ///   OUTSIDE, when GitHub refuses or fails
  @Override
  public Change fetch() {
    try {
      JsonNode pull = pull();
      for (int i = 0; i < MAX_TRIES; i++) {
        Items files = client.list(url.pullPath() + "/files?per_page=100", MAX_FILES);
        JsonNode now = pull();
        // A push between the two answers would pair one commit with another's lines.
        if (PullRequests.headSha(now).equals(PullRequests.headSha(pull))) {
          return change(now, files);
        }
        pull = now;
      }
      throw new GitHubException(
          Kind.SERVER, "the pull request was pushed to while it was read; try again");
    } catch (GitHubException e) {
      throw e.asSourceFailure();
    }
  }

  private JsonNode pull() {
    try {
      return PullRequests.read(client, url);
    } catch (GitHubException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      throw new GitHubException(
          Kind.NOT_FOUND,
          "No pull request "
              + url.page()
              + ", or it is private: "
              + (client.hasToken()
                  ? "GITHUB_TOKEN may not read it"
                  : "set GITHUB_TOKEN to a token that may read it"));
    }
  }

  private Change change(JsonNode pull, Items items) {
    String headSha = PullRequests.headSha(pull);
    String baseSha = mergeBase(pull, headSha);
    List<ChangedFile> files = items.nodes().stream().map(ChangedFile::of).toList();
    Map<String, String> headBlobs = new HashMap<>();
    Map<String, String> baseBlobs = new HashMap<>();
    for (ChangedFile file : files) {
      String newPath = file.newPath();
      String oldPath = file.oldPath();
      // A submodule's id is not a blob's, and is not known to be one without a patch.
      boolean blob =
          !file.sha().isEmpty()
              && file.patch() != null
              && !file.patch().contains("Subproject commit ");
      if (blob && newPath != null) {
        headBlobs.put(newPath, file.sha());
      } else if (blob && oldPath != null) {
        baseBlobs.put(oldPath, file.sha());
      }
    }
    CommitFiles head = new CommitFiles(client, url.repositoryPath(), headSha, headBlobs);
    CommitFiles base = new CommitFiles(client, url.repositoryPath(), baseSha, baseBlobs);

    List<FileDiff> diffs = new ArrayList<>();
    List<Change.Gap> gaps = new ArrayList<>();
    long size = 0;
    for (Outcome outcome : read(files, new FileDiffReader(head, base))) {
      switch (outcome) {
        case Outcome.Read(FileDiff diff, long sizeBytes) -> {
          diffs.add(diff);
          size += sizeBytes;
        }
        case Outcome.Missing(Change.Gap gap) -> gaps.add(gap);
      }
    }
    long changed = pull.path("changed_files").asLong(files.size());
    if (changed > files.size() || items.more()) {
      gaps.add(unlisted(changed - files.size()));
    }
    return new Change(
        PullRequests.of(url, pull, baseSha),
        new PullRequestDiff(diffs, size),
        head,
        base,
        gaps,
        new PullCommits(client, url).read(pull));
  }

  private static Change.Gap unlisted(long count) {
    return new Change.Gap(
        count > 0 ? "(" + count + " more files)" : "(more files)",
        "GitHub does not list them: it lists at most "
            + MAX_FILES
            + " files of a pull request; review the branch from a local clone");
  }

  /// The commit that GitHub's diff starts from. Without it the base branch's commit has to do.
  private String mergeBase(JsonNode pull, String headSha) {
    String baseSha = PullRequests.baseSha(pull);
    try {
      // The files of the comparison come with its first page only, and are not wanted.
      JsonNode comparison =
          client.get(
              url.repositoryPath()
                  + "/compare/"
                  + baseSha
                  + "..."
                  + headSha
                  + "?per_page=1&page=2");
      String sha = comparison.path("merge_base_commit").path("sha").asText("");
      return GitObjects.isId(sha) ? sha : baseSha;
    } catch (GitHubException e) {
      return switch (e.kind()) {
        case NOT_FOUND, UNPROCESSABLE, SERVER, MALFORMED, TOO_LARGE -> baseSha;
        case UNAUTHORIZED, FORBIDDEN, RATE_LIMITED, TRANSPORT, REDIRECTED -> throw e;
      };
    }
  }

  private static List<Outcome> read(List<ChangedFile> files, FileDiffReader reader) {
    Semaphore turns = new Semaphore(PARALLEL_READS);
    try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> answers = new ArrayList<>();
      for (ChangedFile file : files) {
        answers.add(
            tasks.submit(() -> {
              turns.acquire();
              try {
                return reader.read(file);
              } finally {
                turns.release();
              }
            }));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> answer : answers) {
        outcomes.add(answer.get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GitHubException(Kind.TRANSPORT, "interrupted while reading files");
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading a file's diff failed", e.getCause());
    }
  }
}
