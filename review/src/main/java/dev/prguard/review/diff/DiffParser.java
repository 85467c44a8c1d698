package dev.prguard.review.diff;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads unified diffs byte for byte: of git, of `diff -u`, and the mails of `git format-patch`.
///
/// What `git apply` would change is in the result, or an exception is thrown: nothing that an
/// author can write makes a line vanish. Text around the files (mails, commit messages, signatures)
/// is passed over, as git does.
public final class DiffParser {
  private final LineCursor in;
  private final List<FileDiff> files = new ArrayList<>();

  /// Whether the current line belongs to a mail's header or message, which may say anything.
  private boolean inMail;

  private boolean sawMail;
  private boolean sawText;
  private boolean sawColour;

  private DiffParser(LineCursor in) {
    this.in = in;
  }

  /// Reads a whole diff within [DiffLimits#DEFAULT].
  ///
  /// @throws DiffSyntaxException when it is not a diff, cut off, or at odds with itself
  public static PullRequestDiff parse(byte[] diff) {
    return parse(diff, DiffLimits.DEFAULT);
  }

  /// Reads a whole diff; empty input is an empty change.
  ///
  /// @throws DiffSyntaxException when it is not a diff, cut off, at odds with itself, or over a
  ///   limit
  public static PullRequestDiff parse(byte[] diff, DiffLimits limits) {
    DiffParser parser = new DiffParser(new LineCursor(diff, limits));
    parser.readFiles();
    if (parser.files.isEmpty() && parser.sawText && !parser.sawMail) {
      throw new DiffSyntaxException(1, parser.notADiff(diff));
    }
    return new PullRequestDiff(parser.files, diff.length);
  }

  /// Reads hunks without a file header, as GitHub's files API gives them; the last line may lack
  /// its LF.
  ///
  /// @throws DiffSyntaxException when it is anything else
  public static List<Hunk> parseHunks(byte[] patch) {
    LineCursor in = new LineCursor(patch, DiffLimits.DEFAULT);
    List<Hunk> hunks = new HunkReader(in, true).readAll();
    if (!in.atEnd()) {
      throw in.error("expected a hunk, found " + DiffSyntaxException.quote(in.from(0)));
    }
    return List.copyOf(hunks);
  }

  private void readFiles() {
    while (!in.atEnd()) {
      FileDiff file = readFile();
      if (file != null) {
        files.add(file);
      }
    }
  }

  /// Reads the file that starts at the current line, or passes over the line.
  private @Nullable FileDiff readFile() {
    if (in.startsWith("diff --git ")) {
      inMail = false;
      sawText = true;
      return new GitFileReader(in).read();
    }
    if (in.startsWith("diff --cc ") || in.startsWith("diff --combined ")) {
      throw HunkReader.combined(in);
    }
    if (in.startsWith("--- ") && in.nextStartsWith("+++ ")) {
      inMail = false;
      return PlainFileReader.read(in);
    }
    if (isMailStart()) {
      inMail = true;
      sawMail = true;
    } else if (!inMail) {
      if (in.startsWith("Binary files ") && in.value("").endsWith(" differ")) {
        return PlainFileReader.readBinary(in);
      }
      refuseStrayParts();
    }
    sawText |= in.length() > 0 && !in.value("").isBlank();
    sawColour |= in.startsWith("\u001b[");
    in.next();
    return null;
  }

  /// Parts of a diff that have lost their file: git would refuse them, or show less than changed.
  private void refuseStrayParts() {
    if (in.startsWith("@@@ -")) {
      throw HunkReader.combined(in);
    }
    if (in.startsWith("@@ -")) {
      throw in.error("a hunk without the file's name before it (--- and +++ lines)");
    }
    if (in.startsWith("* Unmerged path ")) {
      throw in.error("the diff was made during an unfinished merge; finish it and make it again");
    }
    if (in.startsWith("Submodule ") && in.value("").contains("..") && in.value("").endsWith(":")) {
      throw in.error("make the diff with --submodule=short, so that it says what changed");
    }
  }

  /// `From 1234...(40 or 64 digits) Mon Sep 17 00:00:00 2001`
  private boolean isMailStart() {
    if (!in.startsWith("From ") || in.length() < 46) {
      return false;
    }
    String value = in.from(5);
    int space = value.indexOf(' ');
    return (space == 40 || space == 64)
        && value.chars().limit(space).allMatch(c -> Character.digit(c, 16) >= 0);
  }

  private String notADiff(byte[] diff) {
    if (diff.length >= 2 && (diff[0] & 0xFF) + (diff[1] & 0xFF) == 0xFE + 0xFF) {
      return "not a unified diff: it is UTF-16 text; write it with: git diff --output=FILE";
    }
    return sawColour
        ? "not a unified diff: it has terminal colours; make it with: git diff --no-color"
        : "not a unified diff; make one with: git diff BASE HEAD";
  }
}
