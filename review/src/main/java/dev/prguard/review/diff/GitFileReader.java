package dev.prguard.review.diff;

import dev.prguard.review.diff.FileDiff.Status;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads one file of git's format: the line `diff --git`, its extended headers, its hunks.
final class GitFileReader {
  private static final String DEV_NULL = "/dev/null";
  private static final String SUBMODULE_MODE = "160000";

  /// Starts of the object id of the empty file, in SHA-1 and SHA-256.
  private static final List<String> EMPTY_BLOBS = List.of("e69de29", "473a0f4");

  private final LineCursor in;
  private final int firstLine;
  private final DiffPath.@Nullable Pair named;
  private @Nullable String oldMode;
  private @Nullable String newMode;
  private @Nullable String movedFrom;
  private @Nullable String movedTo;
  private @Nullable String oldFile;
  private @Nullable String newFile;
  private @Nullable String oldId;
  private @Nullable String newId;
  private boolean added;
  private boolean deleted;
  private boolean copied;
  private boolean binary;
  private int headers;

  GitFileReader(LineCursor in) {
    this.in = in;
    this.firstLine = in.line();
    if (in.length() > 2 * DiffPath.MAX_BYTES) {
      throw in.error("the file name is longer than any file system takes");
    }
    this.named = DiffPath.splitGitLine(in, in.value("diff --git "));
    in.next();
  }

  /// Reads the file; null when the line is followed by nothing of a diff, as git writes it for a
  /// file that was touched and not changed.
  @Nullable FileDiff read() {
    while (!in.atEnd() && readHeader()) {
      headers++;
    }
    if (headers == 0 && !in.atEnd() && !in.startsWith("@@")) {
      return null;
    }
    List<Hunk> hunks = new HunkReader(in, false).readAll();
    if (oldFile != null && hunks.isEmpty()) {
      throw in.error("expected a hunk (@@ -1,2 +1,2 @@) here; the diff is cut off");
    }
    if (oldFile == null && !hunks.isEmpty()) {
      throw error("hunks without the lines --- and +++");
    }
    DiffPath.Pair names = names();
    refuseContradictions(names, hunks);
    Status status = status(names, hunks);
    refuseMissingLines(status, hunks);
    return new FileDiff(
        status,
        isNull(names.oldName()) ? null : DiffPath.decode(names.oldName()),
        isNull(names.newName()) ? null : DiffPath.decode(names.newName()),
        oldMode,
        newMode,
        binary,
        hunks);
  }

  private boolean readHeader() {
    if (in.length() > 2 * DiffPath.MAX_BYTES) {
      throw in.error("the header line is longer than any that git writes");
    }
    if (in.startsWith("--- ")) {
      readFileLines();
      return false;
    }
    if (in.startsWith("old mode ")) {
      oldMode = once(oldMode, mode("old mode "));
    } else if (in.startsWith("new mode ")) {
      newMode = once(newMode, mode("new mode "));
    } else if (in.startsWith("new file mode ")) {
      newMode = once(newMode, mode("new file mode "));
      added = true;
    } else if (in.startsWith("deleted file mode ")) {
      oldMode = once(oldMode, mode("deleted file mode "));
      deleted = true;
    } else if (in.startsWith("rename from ")) {
      movedFrom = once(movedFrom, DiffPath.alone(in, in.value("rename from ")));
    } else if (in.startsWith("rename to ")) {
      movedTo = once(movedTo, DiffPath.alone(in, in.value("rename to ")));
    } else if (in.startsWith("copy from ")) {
      movedFrom = once(movedFrom, DiffPath.alone(in, in.value("copy from ")));
      copied = true;
    } else if (in.startsWith("copy to ")) {
      movedTo = once(movedTo, DiffPath.alone(in, in.value("copy to ")));
      copied = true;
    } else if (in.startsWith("index ")) {
      readIndex(in.value("index "));
    } else if (in.startsWith("Binary files ") && in.value("").endsWith(" differ")) {
      binary = true;
      headers++;
      in.next();
      return false;
    } else if (in.startsWith("GIT binary patch")) {
      binary = true;
      headers++;
      in.next();
      skipBinaryPatch();
      return false;
    } else if (!in.startsWith("similarity index ") && !in.startsWith("dissimilarity index ")) {
      return false;
    }
    in.next();
    return true;
  }

  private void readFileLines() {
    if (!in.nextStartsWith("+++ ")) {
      throw in.error("expected a line +++ after this one; the diff is cut off");
    }
    oldFile = DiffPath.ofFileLine(in, in.value("--- "));
    in.next();
    newFile = DiffPath.ofFileLine(in, in.value("+++ "));
    in.next();
    headers += 2;
  }

  /// `index 1234567..89abcde 100644`
  private void readIndex(String value) {
    int dots = value.indexOf("..");
    if (dots < 0) {
      throw in.error("malformed index line");
    }
    int space = value.indexOf(' ', dots);
    oldId = once(oldId, objectId(value.substring(0, dots)));
    newId = once(newId, objectId(value.substring(dots + 2, space < 0 ? value.length() : space)));
    if (space > 0) {
      String mode = checkedMode(value.substring(space + 1));
      oldMode = once(oldMode, mode);
      newMode = once(newMode, mode);
    }
  }

  private String objectId(String id) {
    if (id.length() < 4
        || id.length() > 64
        || id.chars().anyMatch(c -> Character.digit(c, 16) < 0)) {
      throw in.error("malformed object id " + DiffSyntaxException.quote(id));
    }
    return id;
  }

  /// Headers come once: a second one with another value would show one thing and do another.
  private String once(@Nullable String before, String value) {
    if (before != null && !before.equals(value)) {
      throw in.error("this header contradicts an earlier one of the same file");
    }
    return value;
  }

  private String mode(String header) {
    return checkedMode(in.value(header));
  }

  private String checkedMode(String mode) {
    if (mode.length() != 6 || mode.chars().anyMatch(c -> c < '0' || c > '7')) {
      throw in.error("malformed file mode " + DiffSyntaxException.quote(mode));
    }
    return mode;
  }

  /// Skips the new and, when it is there, the old bytes; an empty line ends each.
  private void skipBinaryPatch() {
    if (!in.startsWith("literal ") && !in.startsWith("delta ")) {
      throw in.error("the binary patch is cut off; make the diff again, whole");
    }
    while (in.startsWith("literal ") || in.startsWith("delta ")) {
      do {
        in.next();
      } while (in.length() > 0 && !in.value("").isEmpty());
      if (in.atEnd()) {
        throw in.error("the binary patch is cut off; make the diff again, whole");
      }
      in.next();
    }
  }

  private static boolean isNull(@Nullable String name) {
    return DEV_NULL.equals(name);
  }

  /// Both names without prefixes, `/dev/null` where there is no file.
  private DiffPath.Pair names() {
    if ((movedFrom == null) != (movedTo == null)) {
      throw error("a rename or a copy needs both names");
    }
    DiffPath.Pair names;
    if (movedFrom != null && movedTo != null) {
      names = new DiffPath.Pair(movedFrom, movedTo);
    } else if (named != null) {
      names = named.stripped();
    } else if (oldFile != null && newFile != null && !isNull(oldFile) && !isNull(newFile)) {
      names = new DiffPath.Pair(oldFile, newFile).stripped();
    } else {
      throw error("the file's name cannot be told from its headers");
    }
    boolean noOld = added || isNull(oldFile);
    boolean noNew = deleted || isNull(newFile);
    if (noOld && noNew) {
      throw error("the file is on neither side");
    }
    return new DiffPath.Pair(
        noOld ? DEV_NULL : names.oldName(), noNew ? DEV_NULL : names.newName());
  }

  /// Tools differ in which of the headers they believe, so all have to say the same.
  private void refuseContradictions(DiffPath.Pair names, List<Hunk> hunks) {
    boolean agreed =
        agrees(oldFile, names.oldName(), named == null ? null : named.oldName())
            && agrees(newFile, names.newName(), named == null ? null : named.newName());
    if (!agreed) {
      throw error("the names in the headers of the file contradict each other");
    }
    for (Hunk hunk : hunks) {
      if (isNull(names.oldName()) && hunk.oldCount() > 0) {
        throw error("a new file cannot have old lines");
      }
      if (isNull(names.newName()) && hunk.newCount() > 0) {
        throw error("a deleted file cannot have new lines");
      }
    }
  }

  private static boolean agrees(
      @Nullable String fileLine, String name, @Nullable String fromGitLine) {
    if (fileLine == null) {
      return true;
    }
    if (isNull(fileLine) || isNull(name)) {
      return fileLine.equals(name);
    }
    return fromGitLine != null
        ? fileLine.equals(fromGitLine)
        : fileLine.equals(name) || fileLine.endsWith("/" + name);
  }

  private Status status(DiffPath.Pair names, List<Hunk> hunks) {
    if (SUBMODULE_MODE.equals(oldMode) || SUBMODULE_MODE.equals(newMode)) {
      return Status.SUBMODULE;
    }
    if (isNull(names.oldName())) {
      return Status.ADDED;
    }
    if (isNull(names.newName())) {
      return Status.DELETED;
    }
    if (copied) {
      return Status.COPIED;
    }
    if (movedFrom != null || !names.oldName().equals(names.newName())) {
      return Status.RENAMED;
    }
    return hunks.isEmpty() && !binary && !Objects.equals(oldMode, newMode)
        ? Status.MODE_CHANGED
        : Status.MODIFIED;
  }

  /// A diff that was cut off between files looks whole; the headers tell that lines should follow.
  private void refuseMissingLines(Status status, List<Hunk> hunks) {
    if (binary || !hunks.isEmpty()) {
      return;
    }
    boolean linesExpected =
        switch (status) {
          case ADDED -> newId != null && !isEmptyBlob(newId);
          case DELETED -> oldId != null && !isEmptyBlob(oldId);
          case MODIFIED -> true;
          case RENAMED, COPIED -> movedFrom == null || (oldId != null && !oldId.equals(newId));
          case MODE_CHANGED -> oldId != null && !oldId.equals(newId);
          case SUBMODULE -> oldId != null && !oldId.equals(newId);
        };
    if (linesExpected) {
      throw error("the file changed but its lines are missing; make the diff again, whole");
    }
  }

  private static boolean isEmptyBlob(String id) {
    // Ids may be shortened to four digits.
    return EMPTY_BLOBS.stream().anyMatch(empty -> id.startsWith(empty) || empty.startsWith(id));
  }

  private DiffSyntaxException error(String reason) {
    return new DiffSyntaxException(firstLine, reason);
  }
}
