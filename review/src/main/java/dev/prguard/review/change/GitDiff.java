package dev.prguard.review.change;

import dev.prguard.review.change.ChangeSourceException.Category;
import dev.prguard.review.diff.DiffLimits;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.DiffSyntaxException;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.PullRequestDiff;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes and reads the diff between two trees, or between a tree and the working tree.
final class GitDiff {
  private static final List<String> OPTIONS =
      List.of(
          "diff",
          "--no-ext-diff",
          "--no-textconv",
          "--no-color",
          "--no-relative",
          "--src-prefix=a/",
          "--dst-prefix=b/",
          "--find-renames",
          "--unified=3",
          "--inter-hunk-context=0",
          "--submodule=short",
          // Looking for changes inside a submodule would run git there, with its configuration.
          "--ignore-submodules=dirty",
          "--full-index",
          "-O/dev/null");

  /// As many bytes as git looks at to tell text from binary.
  private static final int BINARY_CHECK_BYTES = 8000;

  private static final int PATHS_AT_ONCE = 200;

  private final Git git;
  private final DiffLimits limits;
  private final Map<String, String> variables;
  private final List<String> trees;

  /// @param variables environment of git, such as another index
  /// @param trees one (compared with the working tree) or two ids
  GitDiff(Git git, DiffLimits limits, Map<String, String> variables, List<String> trees) {
    this.git = git;
    this.limits = limits;
    this.variables = variables;
    this.trees = trees;
  }

  PullRequestDiff read() {
    return run(List.of(), List.of());
  }

  private PullRequestDiff run(List<String> options, List<String> paths) {
    List<String> arguments = new ArrayList<>(OPTIONS);
    arguments.addAll(options);
    arguments.addAll(trees);
    arguments.add("--");
    arguments.addAll(paths);
    Git.Result result = git.run(variables, limits.maxBytes(), arguments);
    if (result.cut()) {
      throw new ChangeSourceException(
          Category.INPUT,
          "the change is larger than the limit of "
              + (limits.maxBytes() >> 20)
              + " MiB; review it in parts with --base and --head");
    }
    if (result.exit() != 0) {
      throw new ChangeSourceException(Category.OUTSIDE, "git diff failed: " + result.error());
    }
    try {
      return DiffParser.parse(result.output(), limits);
    } catch (DiffSyntaxException e) {
      throw new ChangeSourceException(
          Category.OUTSIDE, "git's diff cannot be read, line " + e.line() + ": " + e.reason(), e);
    }
  }

  /// Shows the lines of text files that `.gitattributes` (`-diff`, `binary`) hides: an author could
  /// take any file out of the review with it.
  ///
  /// @param head files after the change, asked for binary files too
  PullRequestDiff withHiddenText(PullRequestDiff diff, FileContents base, FileContents head) {
    List<String> hidden = new ArrayList<>();
    for (FileDiff file : diff.files()) {
      if (file.binary() && isText(base, file.oldPath()) && isText(head, file.newPath())) {
        Optional.ofNullable(file.oldPath()).ifPresent(hidden::add);
        Optional.ofNullable(file.newPath())
            .filter(path -> !path.equals(file.oldPath()))
            .ifPresent(hidden::add);
      }
    }
    if (hidden.isEmpty()) {
      return diff;
    }
    Map<String, FileDiff> shown = new HashMap<>();
    long size = diff.sizeChars();
    for (int from = 0; from < hidden.size(); from += PATHS_AT_ONCE) {
      List<String> paths = hidden.subList(from, Math.min(from + PATHS_AT_ONCE, hidden.size()));
      PullRequestDiff part = run(List.of("--text"), paths);
      size += part.sizeChars();
      part.files().forEach(file -> shown.put(key(file), file));
    }
    List<FileDiff> files = new ArrayList<>();
    for (FileDiff file : diff.files()) {
      files.add(file.binary() ? Objects.requireNonNullElse(shown.get(key(file)), file) : file);
    }
    return new PullRequestDiff(files, size);
  }

  /// Tells both halves of a change of type (a deletion and an addition of one path) apart.
  private static String key(FileDiff file) {
    return file.oldPath() + "\0" + file.newPath();
  }

  private static boolean isText(FileContents side, @Nullable String path) {
    if (path == null) {
      return true;
    }
    Optional<byte[]> bytes = side.read(path);
    if (bytes.isEmpty()) {
      return false;
    }
    for (int i = 0; i < Math.min(bytes.get().length, BINARY_CHECK_BYTES); i++) {
      if (bytes.get()[i] == 0) {
        return false;
      }
    }
    return true;
  }
}
