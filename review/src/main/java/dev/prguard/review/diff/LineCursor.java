package dev.prguard.review.diff;

import java.nio.charset.StandardCharsets;

/// Walks over the lines of a diff. Only LF ends a line: a CR, a form feed, NEL or U+2028 is
/// content.
final class LineCursor {
  private final byte[] bytes;
  private final long maxLines;
  private int start;
  private int end;
  private int line = 1;

  LineCursor(byte[] bytes, DiffLimits limits) {
    if (bytes.length > limits.maxBytes()) {
      throw new DiffSyntaxException(
          1,
          "the diff has more than "
              + limits.maxBytes()
              + " bytes, which is the limit; review it in parts");
    }
    this.bytes = bytes;
    this.maxLines = limits.maxLines();
    // A byte order mark, as some editors write it, is not part of the first line.
    if (bytes.length >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF) {
      start = 3;
    }
    end = endOf(start);
  }

  private int endOf(int from) {
    int i = from;
    while (i < bytes.length && bytes[i] != '\n') {
      i++;
    }
    return i;
  }

  boolean atEnd() {
    return start >= bytes.length;
  }

  /// Number of the current line, 1-based.
  int line() {
    return line;
  }

  void next() {
    start = Math.min(end + 1, bytes.length);
    end = endOf(start);
    line++;
    if (line > maxLines && !atEnd()) {
      throw new DiffSyntaxException(
          line, "the diff has more than " + maxLines + " lines, which is the limit");
    }
  }

  /// Bytes of the current line, without its LF.
  int length() {
    return end - start;
  }

  /// Whether an LF ends the current line.
  boolean terminated() {
    return end < bytes.length;
  }

  /// The first byte of the current line, or -1 when it is empty.
  int first() {
    return end > start ? bytes[start] & 0xFF : -1;
  }

  boolean startsWith(String prefix) {
    return matchesAt(start, end, prefix);
  }

  boolean nextStartsWith(String prefix) {
    return end + 1 < bytes.length && matchesAt(end + 1, bytes.length, prefix);
  }

  private boolean matchesAt(int from, int to, String prefix) {
    if (to - from < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (bytes[from + i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// The current line from an offset on, one byte a char, without its LF.
  String from(int offset) {
    return new String(bytes, start + offset, end - start - offset, StandardCharsets.ISO_8859_1);
  }

  /// A header's value: [#from] without a CR at its end, which only a converted diff has.
  String value(String prefix) {
    String value = from(prefix.length());
    return value.endsWith("\r") ? value.substring(0, value.length() - 1) : value;
  }

  DiffSyntaxException error(String reason) {
    return new DiffSyntaxException(line, reason);
  }
}
