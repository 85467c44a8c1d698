package dev.prguard.review.diff;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// One line of a hunk.
///
/// @param bytes the line's bytes without the marker and without the final LF, one byte a char
///   (ISO-8859-1), so that nothing is lost: a CR, a form feed or broken UTF-8 is still there
/// @param newline false when the file ends here without a newline ("\ No newline at end of file")
public record DiffLine(Kind kind, String bytes, boolean newline) {

  /// What the line does; the marker is the first byte of the line in the diff.
  public enum Kind {
    CONTEXT(' '),
    ADDED('+'),
    DELETED('-');

    private final char marker;

    Kind(char marker) {
      this.marker = marker;
    }

    public char marker() {
      return marker;
    }
  }

  public DiffLine {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(bytes, "bytes");
  }

  /// The line as UTF-8 text, without a CR at its end; broken sequences become U+FFFD.
  public String text() {
    return text(bytes);
  }

  /// Decodes a line held one byte a char: UTF-8, without a CR at its end.
  public static String text(String bytes) {
    String line = bytes.endsWith("\r") ? bytes.substring(0, bytes.length() - 1) : bytes;
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) >= 0x80) {
        return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
    }
    return line;
  }
}
