package dev.prguard.review.diff;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Applies one file's hunks exactly where they say: no fuzz, no searching for another place.
public final class DiffApplier {
  private final byte[] old;
  private final ByteArrayOutputStream result;
  private int at;
  private int oldLine;
  private int newLine;
  private boolean ended;

  private DiffApplier(byte[] old) {
    this.old = old;
    this.result = new ByteArrayOutputStream(old.length + 1024);
  }

  /// The file's bytes after the change; a deleted file gives no bytes.
  ///
  /// @param old the bytes before the change; none for an added file
  /// @throws DiffConflictException when the diff was not made from these bytes, or has no lines for
  ///   what it changes (binary)
  public static byte[] apply(FileDiff file, byte[] old) {
    if (file.binary()) {
      throw new DiffConflictException("the file is binary: the diff does not have its bytes");
    }
    if (file.status() == FileDiff.Status.ADDED && old.length > 0) {
      throw new DiffConflictException("the file is new in the diff and exists already");
    }
    DiffApplier applier = new DiffApplier(old);
    for (Hunk hunk : file.hunks()) {
      applier.apply(hunk);
    }
    while (applier.at < old.length) {
      applier.copyLine();
    }
    byte[] result = applier.result.toByteArray();
    if (file.status() == FileDiff.Status.DELETED && result.length > 0) {
      throw new DiffConflictException("the file is deleted by the diff and has other lines left");
    }
    return result;
  }

  private void apply(Hunk hunk) {
    int before = hunk.oldCount() == 0 ? hunk.oldStart() : hunk.oldStart() - 1;
    if (before < oldLine) {
      throw new DiffConflictException(at(hunk) + " overlaps the hunk before it");
    }
    while (oldLine < before) {
      if (at >= old.length) {
        throw new DiffConflictException(at(hunk) + " starts after the end of the file");
      }
      copyLine();
    }
    // The new start is what findings are anchored on, so it has to be true as well.
    if (newLine != (hunk.newCount() == 0 ? hunk.newStart() : hunk.newStart() - 1)) {
      throw new DiffConflictException(at(hunk) + " would land at new line " + (newLine + 1));
    }
    for (DiffLine line : hunk.lines()) {
      byte[] bytes = line.bytes().getBytes(StandardCharsets.ISO_8859_1);
      if (line.kind() != DiffLine.Kind.ADDED) {
        takeOld(hunk, bytes, line.newline());
      }
      if (line.kind() != DiffLine.Kind.DELETED) {
        write(bytes, 0, bytes.length, line.newline());
      }
    }
  }

  private void takeOld(Hunk hunk, byte[] bytes, boolean terminated) {
    int end = endOfLine();
    if (at >= old.length
        || !Arrays.equals(old, at, end, bytes, 0, bytes.length)
        || terminated != end < old.length) {
      throw new DiffConflictException(
          at(hunk) + " does not match the file at line " + (oldLine + 1));
    }
    at = Math.min(end + 1, old.length);
    oldLine++;
  }

  private void copyLine() {
    int end = endOfLine();
    write(old, at, end - at, end < old.length);
    at = Math.min(end + 1, old.length);
    oldLine++;
  }

  private void write(byte[] bytes, int from, int length, boolean terminated) {
    if (ended) {
      throw new DiffConflictException(
          "a line would follow the one that ends the file without a newline");
    }
    result.write(bytes, from, length);
    if (terminated) {
      result.write('\n');
    } else {
      ended = true;
    }
    newLine++;
  }

  private int endOfLine() {
    int end = at;
    while (end < old.length && old[end] != '\n') {
      end++;
    }
    return end;
  }

  private static String at(Hunk hunk) {
    return "the hunk at old line " + hunk.oldStart();
  }
}
