package dev.prguard.review.patch;

import dev.prguard.review.patch.FileLines.Edit;
import dev.prguard.review.syntax.ParsedLanguage;
import dev.prguard.review.syntax.Token;
import java.util.BitSet;
import java.util.List;

/// Tells edits of blanks between tokens, which no parser can tell from the file before: what is to
/// be proven of such a fix follows from the tokens of the file as it was, read once, and not once a
/// fix. Says no where it is not sure; then the fix is parsed.
final class BlankChange {
  private final ParsedLanguage language;
  private final FileLines old;

  /// Bytes of tokens that are no comments.
  private final BitSet code = new BitSet();

  /// @param tokens of the whole file, which parses
  BlankChange(ParsedLanguage language, FileLines old, byte[] oldBytes, List<Token> tokens) {
    this.language = language;
    this.old = old;
    for (Token token : tokens) {
      if (!token.isComment() && !isBlank(oldBytes, token.start(), token.end())) {
        code.set(token.start(), token.end());
      }
    }
  }

  boolean is(Edit edit) {
    int count = edit.endLine() - edit.line() + 1;
    if (edit.lines().size() != count) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      int number = edit.line() + i;
      String before = old.raw(number);
      String after = edit.lines().get(i);
      if (!before.equals(after) && !isBlankOnly(number, before, after)) {
        return false;
      }
    }
    return true;
  }

  private boolean isBlankOnly(int number, String before, String after) {
    int offset = old.offset(number);
    int start = lead(before);
    int end = tail(before, start);
    String text = before.substring(start, end);
    int newStart = lead(after);
    int newEnd = tail(after, newStart);
    if (!text.equals(after.substring(newStart, newEnd))
        || !terminator(before).equals(terminator(after))) {
      return false;
    }
    boolean leadChanges = !before.substring(0, start).equals(after.substring(0, newStart));
    if (leadChanges && !text.isEmpty() && language == ParsedLanguage.PYTHON) {
      return false;
    }
    // A string that goes over the line's start or end has the blanks, and the line break, in it.
    if (leadChanges && touchesCode(Math.max(0, offset - 1), offset + start)) {
      return false;
    }
    return !text.endsWith("\\") && !touchesCode(offset + end, offset + before.length());
  }

  private boolean touchesCode(int from, int to) {
    int next = code.nextSetBit(from);
    return next >= 0 && next < to;
  }

  private static int lead(String line) {
    int i = 0;
    while (i < line.length() && isSpace(line.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int tail(String line, int start) {
    int end = line.length() - terminator(line).length();
    while (end > start && isSpace(line.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private static String terminator(String line) {
    return line.endsWith("\r\n") ? "\r\n" : line.endsWith("\n") ? "\n" : "";
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isBlank(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n') {
        return false;
      }
    }
    return true;
  }
}
