package dev.prguard.review.patch;

import dev.prguard.review.change.Change;
import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.FileDiff;
import dev.prguard.review.diff.Hunk;
import dev.prguard.review.rules.SecretRedactor;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A changed file as it is at the head, proven to be what the diff shows.
///
/// @param changed numbers of the lines that the diff adds
/// @param secrets numbers of the lines that no patch may show, not even as context: a patch is
///   stored, posted and put into reports
record HeadFile(String path, FileLines lines, BitSet changed, BitSet secrets) {

  /// Whole-file checks must end in time, and nobody writes more by hand.
  private static final int MAX_BYTES = 1 << 20;

  /// The file, or the reason why nothing in it can be patched.
  record Opened(@Nullable HeadFile file, Check check, String reason) {
    static Opened refused(Check check, String reason) {
      return new Opened(null, check, reason);
    }
  }

  static Opened open(Change change, String path) {
    List<FileDiff> diffs =
        change.diff().files().stream().filter(f -> path.equals(f.newPath())).toList();
    if (diffs.size() != 1) {
      return Opened.refused(
          Check.HEAD, diffs.isEmpty() ? "not a file of the diff" : "more than once in the diff");
    }
    FileDiff diff = diffs.getFirst();
    if (!isRegular(diff)) {
      return Opened.refused(Check.HEAD, "not a plain text file");
    }
    if (!isSafePath(path)) {
      return Opened.refused(Check.HEAD, "git does not take a patch for this path");
    }
    Optional<byte[]> read;
    try {
      read = change.head().read(path);
    } catch (ChangeSourceException e) {
      return Opened.refused(Check.HEAD, "head content could not be read");
    }
    if (read.isEmpty()) {
      return Opened.refused(Check.HEAD, "head content not known");
    }
    byte[] content = read.get();
    if (content.length > MAX_BYTES) {
      return Opened.refused(Check.LIMITS, "file over " + (MAX_BYTES >> 10) + " KiB");
    }
    if (!FileLines.isText(content)) {
      return Opened.refused(Check.HEAD, "not a plain text file");
    }
    FileLines lines = FileLines.of(content);
    BitSet changed = new BitSet();
    for (Hunk hunk : diff.hunks()) {
      if (!shows(hunk, lines, changed)) {
        return Opened.refused(Check.HEAD, "the file at the head is not what the diff shows");
      }
    }
    return new Opened(new HeadFile(path, lines, changed, secrets(lines)), Check.HEAD, "");
  }

  private static BitSet secrets(FileLines lines) {
    List<String> texts = IntStream.rangeClosed(1, lines.count()).mapToObj(lines::text).toList();
    List<String> redacted = SecretRedactor.redact(texts);
    BitSet secrets = new BitSet();
    for (int i = 0; i < texts.size(); i++) {
      secrets.set(i + 1, !redacted.get(i).equals(texts.get(i)));
    }
    return secrets;
  }

  /// Whether a patch of these lines would show a secret: in them, or in the one line after them
  /// that git needs to see.
  boolean showsSecret(int line, int endLine) {
    int secret = secrets.nextSetBit(line);
    return secret >= 0 && secret <= endLine + 1;
  }

  private static boolean isRegular(FileDiff diff) {
    String mode = diff.newMode();
    return !diff.binary()
        && diff.status() != FileDiff.Status.SUBMODULE
        && (mode == null || mode.startsWith("100"));
  }

  /// `git apply` refuses these itself, and a patch must not even try.
  private static boolean isSafePath(String path) {
    if (path.isEmpty() || path.startsWith("/")) {
      return false;
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty()
          || part.equals(".")
          || part.equals("..")
          || part.equalsIgnoreCase(".git")) {
        return false;
      }
    }
    return true;
  }

  /// Whether the new side of the hunk is in the file where it says; marks its added lines.
  private static boolean shows(Hunk hunk, FileLines lines, BitSet changed) {
    int number = hunk.newStart();
    for (DiffLine line : hunk.lines()) {
      if (line.kind() == DiffLine.Kind.DELETED) {
        continue;
      }
      String raw = line.newline() ? line.bytes() + "\n" : line.bytes();
      if (number < 1 || number > lines.count() || !lines.raw(number).equals(raw)) {
        return false;
      }
      if (line.kind() == DiffLine.Kind.ADDED) {
        changed.set(number);
      }
      number++;
    }
    return true;
  }
}
