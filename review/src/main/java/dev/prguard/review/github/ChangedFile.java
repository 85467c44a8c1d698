package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.github.GitHubException.Kind;
import org.jspecify.annotations.Nullable;

/// One file as GitHub's files API lists it.
///
/// @param oldPath null for an added file
/// @param newPath null for a removed one
/// @param sha blob id at the head, of a removed file at the base; a commit id for a submodule;
///   empty when GitHub does not say
/// @param patch hunks, without a file header; null when GitHub leaves them out, which it does for
///   binary files, large ones, renames, and any file late in a long list
/// @param additions lines, as GitHub counts them; 0 also for a file whose patch was left out
record ChangedFile(
    Status status,
    @Nullable String oldPath,
    @Nullable String newPath,
    String sha,
    @Nullable String patch,
    long additions,
    long deletions) {

  private static final int MAX_PATH = 4_096;

  static ChangedFile of(JsonNode json) {
    String name = json.path("filename").asText("");
    String previous = json.path("previous_filename").asText("");
    if (name.isEmpty() || name.length() > MAX_PATH || previous.length() > MAX_PATH) {
      throw new GitHubException(Kind.MALFORMED, "GitHub listed a changed file without a name");
    }
    Status status =
        switch (json.path("status").asText("")) {
          case "added" -> Status.ADDED;
          case "removed" -> Status.DELETED;
          case "renamed" -> Status.RENAMED;
          case "copied" -> Status.COPIED;
          // "changed" is a change of mode, "unchanged" a promise: both are checked, not believed.
          default -> Status.MODIFIED;
        };
    boolean moved = status == Status.RENAMED || status == Status.COPIED;
    String sha = json.path("sha").asText("");
    JsonNode patch = json.path("patch");
    return new ChangedFile(
        status,
        status == Status.ADDED ? null : moved && !previous.isEmpty() ? previous : name,
        status == Status.DELETED ? null : name,
        GitObjects.isId(sha) ? sha : "",
        patch.isTextual() && !patch.asText().isEmpty() ? patch.asText() : null,
        json.path("additions").asLong(),
        json.path("deletions").asLong());
  }

  String path() {
    return newPath != null ? newPath : String.valueOf(oldPath);
  }
}
