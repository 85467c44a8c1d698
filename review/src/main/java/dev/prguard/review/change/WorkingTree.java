package dev.prguard.review.change;

import dev.prguard.review.change.ChangeSourceException.Category;
import dev.prguard.review.diff.DiffApplier;
import dev.prguard.review.diff.DiffConflictException;
import dev.prguard.review.diff.DiffLimits;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.PullRequestDiff;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is in the working tree and not committed, with files that git does not track yet and does
/// not ignore.
final class WorkingTree {
  private static final int SMALL = 64 << 10;
  private static final int MAX_NAMES_BYTES = 16 << 20;

  private final Git git;
  private final DiffLimits limits;

  WorkingTree(Git git, DiffLimits limits) {
    this.git = git;
    this.limits = limits;
  }

  /// A diff, the files as they were when it was made, and what git could not compare.
  record Snapshot(PullRequestDiff diff, FileContents head, List<Change.Gap> gaps) {}

  /// Compares a tree with the working tree. New files are marked in a copy of the index, so the
  /// repository stays as it is.
  Snapshot compare(String baseTree, FileContents base) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("pr-guard-index-");
      Path index = folder.resolve("index");
      Path original = git.directory().resolve(path("index"));
      if (Files.exists(original)) {
        Files.copy(original, index, StandardCopyOption.COPY_ATTRIBUTES);
      }
      Map<String, String> variables =
          Map.of(
              "GIT_INDEX_FILE", index.toString(),
              "GIT_OBJECT_DIRECTORY", Files.createDirectory(folder.resolve("objects")).toString(),
              "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                  git.directory().resolve(path("objects")).toString());
      List<Change.Gap> gaps = addNewFiles(variables);
      GitDiff gitDiff = new GitDiff(git, limits, variables, List.of(baseTree));
      PullRequestDiff diff = gitDiff.read();
      diff = gitDiff.withHiddenText(diff, base, contents(diff, base));
      return new Snapshot(diff, contents(diff, base), gaps);
    } catch (IOException e) {
      throw new ChangeSourceException(
          Category.OUTSIDE, "the index cannot be copied: " + OneLine.of(e.getMessage()), e);
    } finally {
      delete(folder);
    }
  }

  /// Marks new files in the copy of the index. One that git refuses (a repository without commits
  /// inside this one) keeps no other from being reviewed.
  private List<Change.Gap> addNewFiles(Map<String, String> variables) {
    Git.Result added =
        git.run(variables, SMALL, List.of("add", "--intent-to-add", "--ignore-errors", "."));
    if (added.exit() == 0) {
      return List.of();
    }
    Git.Result left =
        git.run(
            variables,
            MAX_NAMES_BYTES,
            List.of("ls-files", "-z", "--others", "--exclude-standard", "--directory"));
    if (!left.ok() || left.output().length == 0) {
      throw new ChangeSourceException(
          Category.INPUT, "git cannot read the working tree: " + added.error());
    }
    return Arrays.stream(left.text().split("\0", -1))
        .filter(path -> !path.isEmpty())
        .map(path -> new Change.Gap(path, "git cannot add it: " + added.error()))
        .toList();
  }

  private String path(String name) {
    return git.run(SMALL, "rev-parse", "--git-path", name).text();
  }

  private static void delete(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // A copy of an index is left in the folder for temporary files, which is emptied by others.
    }
  }

  /// The files after the change, made from the base and the diff: they fit the diff even while the
  /// user goes on editing, they have the line ends that git sees, and no link is followed. Only
  /// binary files, whose bytes the diff does not have, are read from the disk.
  private FileContents contents(PullRequestDiff diff, FileContents base) {
    Map<String, FileDiff> changed = new HashMap<>();
    Set<String> gone = new HashSet<>();
    for (FileDiff file : diff.files()) {
      String oldPath = file.oldPath();
      if (file.newPath() != null) {
        changed.put(file.newPath(), file);
      }
      if (oldPath != null && file.status() != FileDiff.Status.COPIED) {
        gone.add(oldPath);
      }
    }
    return path -> {
      FileDiff file = changed.get(path);
      if (file == null) {
        return gone.contains(path) ? Optional.empty() : base.read(path);
      }
      if (file.status() == FileDiff.Status.SUBMODULE) {
        return Optional.empty();
      }
      if (file.binary()) {
        return readFile(path);
      }
      String oldPath = file.oldPath();
      Optional<byte[]> old = oldPath == null ? Optional.of(new byte[0]) : base.read(oldPath);
      return old.map(bytes -> apply(file, bytes));
    };
  }

  private static byte[] apply(FileDiff file, byte[] old) {
    try {
      return DiffApplier.apply(file, old);
    } catch (DiffConflictException e) {
      throw new ChangeSourceException(
          Category.OUTSIDE,
          OneLine.of(file.path()) + ": git's diff does not fit: " + e.getMessage(),
          e);
    }
  }

  /// Reads a file below the top folder. A link is not followed: its content is its target's name.
  private Optional<byte[]> readFile(String path) {
    try {
      Path file = git.directory();
      for (Path part : Path.of(path)) {
        if (Files.isSymbolicLink(file) && !file.equals(git.directory())) {
          return Optional.empty();
        }
        file = file.resolve(part);
      }
      if (!file.normalize().startsWith(git.directory()) || Path.of(path).isAbsolute()) {
        return Optional.empty();
      }
      if (Files.isSymbolicLink(file)) {
        return Optional.of(
            Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8));
      }
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || Files.size(file) > GitBlobs.MAX_BYTES) {
        return Optional.empty();
      }
      try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(in.readNBytes((int) GitBlobs.MAX_BYTES));
      }
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
