package dev.prguard.review.github;

import dev.prguard.review.change.Change;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.DiffParser;
import dev.prguard.review.diff.DiffSyntaxException;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.github.CommitFiles.Entry;
import dev.prguard.review.github.GitHubException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Makes the diff of one file: from the patch in GitHub's list when it is whole, else from the two
/// files themselves. Where neither can be had, the file is a gap. Safe for use by many threads.
final class FileDiffReader {
  static final int MAX_COMPARED_BYTES = 5 << 20;
  static final int MAX_COMPARED_LINES = 300_000;

  /// Bytes of files that are compared for one change, together.
  private static final long MAX_ALL_BYTES = 64L << 20;

  private static final String SUBPROJECT = "Subproject commit ";

  /// A file's diff, or why there is none.
  sealed interface Outcome {
    /// @param sizeBytes of the diff's text
    record Read(FileDiff diff, long sizeBytes) implements Outcome {}

    record Missing(Change.Gap gap) implements Outcome {}
  }

  /// One side of a file: its bytes, or the commit of a submodule.
  private record Side(Entry entry, boolean exists) {
    static final Side NONE = new Side(new Entry("", GitObjects.EMPTY_BLOB), false);
  }

  private final CommitFiles head;
  private final CommitFiles base;
  private final AtomicLong bytesLeft = new AtomicLong(MAX_ALL_BYTES);

  FileDiffReader(CommitFiles head, CommitFiles base) {
    this.head = head;
    this.base = base;
  }

  Outcome read(ChangedFile file) {
    try {
      String patch = file.patch();
      if (patch != null) {
        FileDiff diff = fromPatch(file, patch);
        if (diff != null) {
          return new Outcome.Read(diff, patch.length());
        }
      }
      return fromFiles(file);
    } catch (GitHubException e) {
      return gap(
          file,
          e.kind() == Kind.TOO_LARGE
              ? tooLarge()
              : "its lines are not in GitHub's list, and reading the file failed: "
                  + e.getMessage());
    }
  }

  /// The diff as GitHub lists it; null when that is not whole or not the file's own bytes.
  private @Nullable FileDiff fromPatch(ChangedFile file, String patch) {
    // GitHub's JSON cannot hold bytes that are not UTF-8, it has U+FFFD in their place.
    if (patch.indexOf('\uFFFD') >= 0) {
      return null;
    }
    List<Hunk> hunks;
    try {
      hunks = DiffParser.parseHunks(patch.getBytes(StandardCharsets.UTF_8));
    } catch (DiffSyntaxException e) {
      return null;
    }
    FileDiff diff = diff(file, file.status(), null, null, false, hunks);
    if (diff.addedLines() != file.additions() || diff.deletedLines() != file.deletions()) {
      return null;
    }
    boolean mayBeSubmodule =
        hunks.size() == 1
            && hunks.getFirst().lines().stream().allMatch(l -> l.bytes().startsWith(SUBPROJECT));
    if (!mayBeSubmodule) {
      return diff;
    }
    Side before = before(file);
    Side after = after(file);
    return before.entry.isSubmodule() || after.entry.isSubmodule()
        ? submodule(file, before, after, hunks)
        : diff;
  }

  private Outcome fromFiles(ChangedFile file) {
    Side before = before(file);
    Side after = after(file);
    if ((!before.exists && file.oldPath() != null) || (!after.exists && file.newPath() != null)) {
      return gap(file, "GitHub lists it, but does not have it at the commits of the change");
    }
    if (before.entry.isSubmodule() || after.entry.isSubmodule()) {
      List<Hunk> hunks = BlobDiff.hunks(link(before), link(after));
      return new Outcome.Read(submodule(file, before, after, hunks), 0);
    }
    if (before.exists && after.exists && before.entry.sha().equals(after.entry.sha())) {
      Status status = file.status() == Status.MODIFIED ? Status.MODE_CHANGED : file.status();
      return new Outcome.Read(diff(file, status, mode(before), mode(after), false, List.of()), 0);
    }
    byte[] old = bytes(base, before);
    byte[] now = bytes(head, after);
    if (GitObjects.isBinary(old) || GitObjects.isBinary(now)) {
      return new Outcome.Read(
          diff(file, file.status(), mode(before), mode(after), true, List.of()), 0);
    }
    if (Math.max(old.length, now.length) > MAX_COMPARED_BYTES
        || Math.max(lines(old), lines(now)) > MAX_COMPARED_LINES) {
      return gap(file, tooLarge());
    }
    if (bytesLeft.addAndGet(-(long) old.length - now.length) < 0) {
      return gap(
          file,
          "its lines are not in GitHub's list, and over "
              + (MAX_ALL_BYTES >> 20)
              + " MiB of such files were compared already");
    }
    List<Hunk> hunks = BlobDiff.hunks(old, now);
    return new Outcome.Read(
        diff(file, file.status(), mode(before), mode(after), false, hunks), size(hunks));
  }

  private Side before(ChangedFile file) {
    String path = file.oldPath();
    return path == null ? Side.NONE : side(base.entry(path));
  }

  private Side after(ChangedFile file) {
    String path = file.newPath();
    return path == null ? Side.NONE : side(head.entry(path));
  }

  private static Side side(@Nullable Entry entry) {
    return entry == null ? Side.NONE : new Side(entry, true);
  }

  private static byte[] bytes(CommitFiles files, Side side) {
    return side.exists ? files.blob(side.entry.sha()) : new byte[0];
  }

  private static @Nullable String mode(Side side) {
    return side.exists ? side.entry.mode() : null;
  }

  /// A submodule as git shows it: one line with its commit.
  private static byte[] link(Side side) {
    return side.exists
        ? (SUBPROJECT + side.entry.sha() + "\n").getBytes(StandardCharsets.US_ASCII)
        : new byte[0];
  }

  private static FileDiff submodule(ChangedFile file, Side before, Side after, List<Hunk> hunks) {
    return diff(file, Status.SUBMODULE, mode(before), mode(after), false, hunks);
  }

  private static FileDiff diff(
      ChangedFile file,
      Status status,
      @Nullable String oldMode,
      @Nullable String newMode,
      boolean binary,
      List<Hunk> hunks) {
    return new FileDiff(status, file.oldPath(), file.newPath(), oldMode, newMode, binary, hunks);
  }

  private static Outcome gap(ChangedFile file, String reason) {
    return new Outcome.Missing(new Change.Gap(file.path(), reason));
  }

  private static String tooLarge() {
    return "its lines are not in GitHub's list, and it is too large to compare (over "
        + (MAX_COMPARED_BYTES >> 20)
        + " MiB or "
        + MAX_COMPARED_LINES
        + " lines)";
  }

  private static long lines(byte[] bytes) {
    long lines = 1;
    for (byte b : bytes) {
      if (b == '\n') {
        lines++;
      }
    }
    return lines;
  }

  private static long size(List<Hunk> hunks) {
    long size = 0;
    for (Hunk hunk : hunks) {
      for (DiffLine line : hunk.lines()) {
        size += line.bytes().length() + 2L;
      }
    }
    return size;
  }
}
