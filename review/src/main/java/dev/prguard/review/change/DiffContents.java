package dev.prguard.review.change;

import dev.prguard.review.diff.DiffApplier;
import dev.prguard.review.diff.DiffConflictException;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.FileDiff.Status;
import dev.prguard.review.diff.Hunk;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The files that a diff shows whole.
final class DiffContents implements FileContents {
  private final Map<String, byte[]> files;

  private DiffContents(Map<String, byte[]> files) {
    this.files = files;
  }

  /// Files after the change. A series of patches may touch a file that an earlier patch added: it
  /// stays known as long as every step is.
  static DiffContents after(List<FileDiff> diffs) {
    Map<String, byte[]> known = new HashMap<>();
    for (FileDiff diff : diffs) {
      String oldPath = diff.oldPath();
      String newPath = diff.newPath();
      byte[] old = oldPath == null ? new byte[0] : known.get(oldPath);
      if (oldPath != null && diff.status() != Status.COPIED) {
        known.remove(oldPath);
      }
      if (newPath == null) {
        continue;
      }
      known.remove(newPath);
      if (old != null && !diff.binary()) {
        try {
          known.put(newPath, DiffApplier.apply(diff, old));
        } catch (DiffConflictException e) {
          // The patches of the series do not follow each other: the file's bytes are not known.
        }
      }
    }
    return new DiffContents(known);
  }

  /// Files before the change: those whose first mention deletes them.
  static DiffContents before(List<FileDiff> diffs) {
    Map<String, byte[]> known = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (FileDiff diff : diffs) {
      String oldPath = diff.oldPath();
      if (oldPath != null
          && diff.status() == Status.DELETED
          && !diff.binary()
          && !seen.contains(oldPath)) {
        known.put(oldPath, oldSide(diff));
      }
      seen.add(diff.path());
      if (oldPath != null) {
        seen.add(oldPath);
      }
    }
    return new DiffContents(known);
  }

  private static byte[] oldSide(FileDiff diff) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Hunk hunk : diff.hunks()) {
      for (DiffLine line : hunk.lines()) {
        bytes.writeBytes(line.bytes().getBytes(StandardCharsets.ISO_8859_1));
        if (line.newline()) {
          bytes.write('\n');
        }
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public Optional<byte[]> read(String path) {
    byte[] bytes = files.get(path);
    return bytes == null ? Optional.empty() : Optional.of(bytes.clone());
  }
}
