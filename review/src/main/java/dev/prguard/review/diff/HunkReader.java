package dev.prguard.review.diff;

import java.util.ArrayList;
import java.util.List;

/// Reads the hunks of one file. Lines are counted by the `@@` header, so a line that looks like a
/// header or like a marker is still content.
final class HunkReader {
  /// Shortest "\ No newline at end of file", with its LF, that git accepts in any language.
  private static final int MIN_MARKER_BYTES = 12;

  private static final int MAX_DIGITS = 9;

  private final LineCursor in;

  /// Whether the last line may lack its LF, as in the answer of GitHub's files API.
  private final boolean fragment;

  private boolean oldEnded;
  private boolean newEnded;

  HunkReader(LineCursor in, boolean fragment) {
    this.in = in;
    this.fragment = fragment;
  }

  List<Hunk> readAll() {
    List<Hunk> hunks = new ArrayList<>();
    while (in.startsWith("@@ -")) {
      hunks.add(read());
      refuseOverlong();
    }
    if (in.startsWith("@@@")) {
      throw combined(in);
    }
    return hunks;
  }

  static DiffSyntaxException combined(LineCursor in) {
    return in.error(
        "a combined diff (of a merge) does not show all lines; make it with: git diff BASE HEAD");
  }

  private Hunk read() {
    int headerLine = in.line();
    Header header = Header.parse(in);
    in.next();
    int oldLeft = header.oldCount;
    int newLeft = header.newCount;
    List<DiffLine> lines = new ArrayList<>();
    while (oldLeft > 0 || newLeft > 0) {
      if (in.atEnd()) {
        throw cutOff(headerLine, oldLeft, newLeft);
      }
      int first = in.first();
      if (first == '\\') {
        endWithoutNewline(lines);
        continue;
      }
      DiffLine.Kind kind =
          switch (first) {
            case '+' -> DiffLine.Kind.ADDED;
            case '-' -> DiffLine.Kind.DELETED;
            // Some mailers strip the one space of an empty context line.
            case ' ', -1 -> DiffLine.Kind.CONTEXT;
            default -> throw cutOff(headerLine, oldLeft, newLeft);
          };
      boolean inOld = kind != DiffLine.Kind.ADDED;
      boolean inNew = kind != DiffLine.Kind.DELETED;
      if ((inOld && oldLeft-- == 0) || (inNew && newLeft-- == 0)) {
        throw longer();
      }
      if ((inOld && oldEnded) || (inNew && newEnded)) {
        throw in.error(
            "a line follows the one that ends the file without a newline; make the diff again");
      }
      if (!in.terminated() && !fragment) {
        throw in.error("the diff ends in the middle of a line; make it again, whole");
      }
      lines.add(new DiffLine(kind, first == -1 ? "" : in.from(1), true));
      in.next();
    }
    if (in.first() == '\\') {
      endWithoutNewline(lines);
    }
    return new Hunk(
        header.oldStart, header.oldCount, header.newStart, header.newCount, header.section, lines);
  }

  /// Takes the marker "\ No newline at end of file" for the line before it.
  private void endWithoutNewline(List<DiffLine> lines) {
    if (in.length() + 1 < MIN_MARKER_BYTES || !in.startsWith("\\ ") || lines.isEmpty()) {
      throw in.error("expected a line of the hunk, found " + DiffSyntaxException.quote(in.from(0)));
    }
    DiffLine last = lines.removeLast();
    if (!last.newline()) {
      throw in.error("the same line ends without a newline twice; make the diff again");
    }
    oldEnded |= last.kind() != DiffLine.Kind.ADDED;
    newEnded |= last.kind() != DiffLine.Kind.DELETED;
    lines.add(new DiffLine(last.kind(), last.bytes(), false));
    in.next();
  }

  /// A line that looks like a part of the hunk but is not counted by its header would be shown to a
  /// reader and not reviewed.
  private void refuseOverlong() {
    int first = in.first();
    if (first == '+' || first == ' ' || first == '\\' || (first == '-' && !endsHunk())) {
      throw longer();
    }
  }

  /// Whether a line starting with `-` is a mail's signature or the next file's header.
  private boolean endsHunk() {
    String line = in.length() <= 4 ? in.value("") : "";
    return line.equals("-- ")
        || line.equals("--")
        || (in.startsWith("--- ") && in.nextStartsWith("+++ "));
  }

  private DiffSyntaxException longer() {
    return in.error("the hunk is longer than its @@ header says; make the diff again, unedited");
  }

  private DiffSyntaxException cutOff(int headerLine, int oldLeft, int newLeft) {
    return in.error(
        "the hunk of line "
            + headerLine
            + " is cut off: "
            + oldLeft
            + " old and "
            + newLeft
            + " new lines are missing; make the diff again, whole");
  }

  /// `@@ -5,3 +5 @@ section`; a count that is not written is 1.
  private record Header(int oldStart, int oldCount, int newStart, int newCount, String section) {

    static Header parse(LineCursor in) {
      Scanner scanner = new Scanner(in, in.value(""));
      scanner.expect("@@ -");
      int oldStart = scanner.number();
      int oldCount = scanner.count();
      scanner.expect(" +");
      int newStart = scanner.number();
      int newCount = scanner.count();
      scanner.expect(" @@");
      if ((oldStart == 0 && oldCount > 0) || (newStart == 0 && newCount > 0)) {
        throw in.error("a hunk of lines cannot start at line 0: " + scanner.quoted());
      }
      if (oldCount == 0 && newCount == 0) {
        throw in.error("a hunk without lines: " + scanner.quoted());
      }
      String section = scanner.rest();
      return new Header(
          oldStart,
          oldCount,
          newStart,
          newCount,
          section.startsWith(" ") ? section.substring(1) : section);
    }
  }

  private static final class Scanner {
    private final LineCursor in;
    private final String text;
    private int at;

    Scanner(LineCursor in, String text) {
      this.in = in;
      this.text = text;
    }

    void expect(String literal) {
      if (!text.startsWith(literal, at)) {
        throw malformed();
      }
      at += literal.length();
    }

    int count() {
      if (at < text.length() && text.charAt(at) == ',') {
        at++;
        return number();
      }
      return 1;
    }

    int number() {
      int value = 0;
      int from = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        if (at - from == MAX_DIGITS) {
          throw malformed();
        }
        value = value * 10 + text.charAt(at) - '0';
        at++;
      }
      if (at == from) {
        throw malformed();
      }
      return value;
    }

    String rest() {
      return DiffLine.text(text.substring(at));
    }

    String quoted() {
      return DiffSyntaxException.quote(text);
    }

    DiffSyntaxException malformed() {
      return in.error("malformed hunk header " + quoted() + " (expected: @@ -1,2 +1,2 @@)");
    }
  }
}
