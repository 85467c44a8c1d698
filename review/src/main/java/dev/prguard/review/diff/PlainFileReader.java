package dev.prguard.review.diff;

import dev.prguard.review.diff.FileDiff.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one file of a diff without git's headers: `diff -u`, Subversion, Mercurial.
final class PlainFileReader {
  private static final String DEV_NULL = "/dev/null";

  /// Splits of a line that are tried, so that a hostile line costs little.
  private static final int MAX_SPLITS = 16;

  private PlainFileReader() {}

  static FileDiff read(LineCursor in) {
    int firstLine = in.line();
    FileLine oldLine = FileLine.read(in, "--- ");
    FileLine newLine = FileLine.read(in, "+++ ");
    List<Hunk> hunks = new HunkReader(in, false).readAll();
    if (hunks.isEmpty()) {
      throw in.error("expected a hunk (@@ -1,2 +1,2 @@) here; the diff is cut off");
    }
    boolean added = oldLine.absent && hunks.stream().allMatch(hunk -> hunk.oldCount() == 0);
    boolean deleted = newLine.absent && hunks.stream().allMatch(hunk -> hunk.newCount() == 0);
    if ((added && deleted)
        || (oldLine.isDevNull() && !added)
        || (newLine.isDevNull() && !deleted)) {
      throw new DiffSyntaxException(firstLine, "the file has lines on a side where it is not");
    }
    if (oldLine.isDevNull()) {
      return file(Status.ADDED, null, DiffPath.strippedAlone(newLine.name, false), false, hunks);
    }
    if (newLine.isDevNull()) {
      return file(Status.DELETED, DiffPath.strippedAlone(oldLine.name, true), null, false, hunks);
    }
    DiffPath.Pair names = new DiffPath.Pair(oldLine.name, newLine.name).stripped();
    if (added) {
      return file(Status.ADDED, null, names.newName(), false, hunks);
    }
    if (deleted) {
      return file(Status.DELETED, names.oldName(), null, false, hunks);
    }
    return file(Status.MODIFIED, names.oldName(), names.newName(), false, hunks);
  }

  /// `Binary files a/logo.png and b/logo.png differ`, which stands for a whole file.
  static FileDiff readBinary(LineCursor in) {
    String value = in.value("Binary files ");
    String names = value.substring(0, Math.max(0, value.length() - " differ".length()));
    int and = names.indexOf(" and ");
    if (and < 1 || in.length() > DiffPath.MAX_BYTES) {
      throw in.error("malformed line about a binary file");
    }
    // A name may contain " and ": prefer the split that gives one name.
    DiffPath.Pair pair = new DiffPath.Pair(names.substring(0, and), names.substring(and + 5));
    for (int tries = 0; and > 0 && tries < MAX_SPLITS; tries++) {
      DiffPath.Pair split = new DiffPath.Pair(names.substring(0, and), names.substring(and + 5));
      DiffPath.Pair stripped = split.stripped();
      if (stripped.oldName().equals(stripped.newName())) {
        pair = split;
        break;
      }
      and = names.indexOf(" and ", and + 1);
    }
    boolean added = pair.oldName().equals(DEV_NULL);
    boolean deleted = pair.newName().equals(DEV_NULL);
    if ((added && deleted) || pair.newName().isEmpty()) {
      throw in.error("malformed line about a binary file");
    }
    in.next();
    if (added) {
      String name = DiffPath.strippedAlone(pair.newName(), false);
      return file(Status.ADDED, null, name, true, List.of());
    }
    if (deleted) {
      String name = DiffPath.strippedAlone(pair.oldName(), true);
      return file(Status.DELETED, name, null, true, List.of());
    }
    DiffPath.Pair stripped = pair.stripped();
    return file(Status.MODIFIED, stripped.oldName(), stripped.newName(), true, List.of());
  }

  private static FileDiff file(
      Status status,
      @Nullable String oldName,
      @Nullable String newName,
      boolean binary,
      List<Hunk> hunks) {
    return new FileDiff(
        status,
        oldName == null ? null : DiffPath.decode(oldName),
        newName == null ? null : DiffPath.decode(newName),
        null,
        null,
        binary,
        hunks);
  }

  /// A line `---` or `+++`: a name, and behind a tab a time stamp.
  ///
  /// @param absent whether the line says that the file is not on this side: `/dev/null`, the epoch
  ///   as GNU diff writes it, or Subversion's words
  private record FileLine(String name, boolean absent) {

    static FileLine read(LineCursor in, String marker) {
      if (in.length() > DiffPath.MAX_BYTES) {
        throw in.error("the file name is longer than any file system takes");
      }
      String value = in.value(marker);
      String name = DiffPath.ofFileLine(in, value);
      String stamp = value.substring(value.lastIndexOf('\t') + 1);
      boolean absent =
          name.equals(DEV_NULL)
              || (value.indexOf('\t') >= 0
                  && (stamp.startsWith("1970-01-01 ")
                      || stamp.startsWith("1969-12-31 ")
                      || stamp.equals("(nonexistent)")
                      || stamp.equals("(revision 0)")));
      in.next();
      return new FileLine(name, absent);
    }

    boolean isDevNull() {
      return name.equals(DEV_NULL);
    }
  }
}
