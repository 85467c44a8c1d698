package dev.prguard.review.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.change.FileContents;
import dev.prguard.review.github.GitHubException.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The files of one commit, read one by one as git blobs: by their id, so that neither a symbolic
/// link is followed nor a branch can move underneath, and proven by it.
///
/// Files up to [#MAX_FILE_BYTES] are read, larger ones are as if not there; what was read is kept
/// up to [#MAX_KEPT_BYTES].
final class CommitFiles implements FileContents {
  static final int MAX_FILE_BYTES = 10 << 20;
  static final long MAX_KEPT_BYTES = 128L << 20;

  /// What the commit has at a path.
  ///
  /// @param mode git's mode, `100644`
  record Entry(String mode, String sha) {
    boolean isFile() {
      return mode.startsWith("100");
    }

    boolean isFolder() {
      return mode.equals("040000");
    }

    boolean isSubmodule() {
      return mode.equals("160000");
    }
  }

  private final GitHubClient client;
  private final String repository;
  private final String commit;
  private final Map<String, String> knownBlobs;
  private final Map<String, byte[]> kept = new ConcurrentHashMap<>();
  private final AtomicLong keptBytes = new AtomicLong();
  private final Map<String, Map<String, Entry>> folders = new HashMap<>();
  private @Nullable Map<String, Entry> wholeTree;
  private boolean treeTooLarge;

  /// @param repository `/repos/OWNER/REPO`
  /// @param knownBlobs blob ids by path, as far as they are known without asking
  CommitFiles(
      GitHubClient client, String repository, String commit, Map<String, String> knownBlobs) {
    this.client = client;
    this.repository = repository;
    this.commit = commit;
    this.knownBlobs = Map.copyOf(knownBlobs);
  }

  @Override
  public Optional<byte[]> read(String path) {
    try {
      String sha = knownBlobs.get(path);
      if (sha == null) {
        Entry entry = entry(path);
        if (entry == null || entry.isFolder() || entry.isSubmodule()) {
          return Optional.empty();
        }
        sha = entry.sha();
      }
      return Optional.of(blob(sha).clone());
    } catch (GitHubException e) {
      if (e.kind() == Kind.TOO_LARGE) {
        return Optional.empty();
      }
      throw e.asSourceFailure();
    }
  }

  @Override
  public synchronized List<String> list(String folder) {
    try {
      Entry there = entry(folder);
      if (there == null || !there.isFolder()) {
        return List.of();
      }
      String prefix = folder + "/";
      Map<String, Entry> tree = wholeTree;
      if (tree == null) {
        return entries(client.get(repository + "/git/trees/" + there.sha())).keySet().stream()
            .map(name -> prefix + name)
            .toList();
      }
      return tree.keySet().stream()
          .filter(path -> path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0)
          .toList();
    } catch (GitHubException e) {
      throw e.asSourceFailure();
    }
  }

  /// A file's bytes.
  ///
  /// @throws GitHubException TOO_LARGE over [#MAX_FILE_BYTES]; MALFORMED when the bytes are not the
  ///   ones that the id names
  byte[] blob(String sha) {
    if (sha.equals(GitObjects.EMPTY_BLOB)) {
      return new byte[0];
    }
    byte[] known = kept.get(sha);
    if (known != null) {
      return known;
    }
    byte[] bytes = client.getRaw(repository + "/git/blobs/" + sha, MAX_FILE_BYTES);
    if (!GitObjects.blobId(bytes).equals(sha)) {
      throw new GitHubException(
          Kind.MALFORMED, "GitHub gave other bytes than those of blob " + sha + "; try again");
    }
    if (keptBytes.addAndGet(bytes.length) <= MAX_KEPT_BYTES) {
      kept.put(sha, bytes);
    } else {
      keptBytes.addAndGet(-bytes.length);
    }
    return bytes;
  }

  /// What is at a path, or null when nothing is.
  ///
  /// @throws ChangeSourceException never; [GitHubException] when GitHub fails
  synchronized @Nullable Entry entry(String path) {
    if (wholeTree == null && !treeTooLarge) {
      try {
        JsonNode tree = client.get(repository + "/git/trees/" + commit + "?recursive=1");
        treeTooLarge = tree.path("truncated").asBoolean();
        wholeTree = treeTooLarge ? null : entries(tree);
      } catch (GitHubException e) {
        if (e.kind() != Kind.TOO_LARGE) {
          throw e;
        }
        treeTooLarge = true;
      }
    }
    return wholeTree != null ? wholeTree.get(path) : walk(path);
  }

  /// Folder by folder, for a repository whose tree is too large for one answer.
  private @Nullable Entry walk(String path) {
    String tree = commit;
    String[] names = path.split("/", -1);
    for (int i = 0; i < names.length; i++) {
      Map<String, Entry> folder = folders.get(tree);
      if (folder == null) {
        folder = entries(client.get(repository + "/git/trees/" + tree));
        folders.put(tree, folder);
      }
      Entry entry = folder.get(names[i]);
      boolean last = i == names.length - 1;
      if (entry == null || last) {
        return entry;
      }
      if (!entry.isFolder()) {
        return null;
      }
      tree = entry.sha();
    }
    return null;
  }

  private static Map<String, Entry> entries(JsonNode tree) {
    if (!tree.path("tree").isArray()) {
      throw new GitHubException(Kind.MALFORMED, "GitHub gave a tree without entries");
    }
    Map<String, Entry> entries = new HashMap<>();
    for (JsonNode node : tree.path("tree")) {
      String sha = node.path("sha").asText("");
      if (GitObjects.isId(sha)) {
        entries.put(node.path("path").asText(""), new Entry(node.path("mode").asText(""), sha));
      }
    }
    return entries;
  }
}
