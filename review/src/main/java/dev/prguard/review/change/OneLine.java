package dev.prguard.review.change;

import org.jspecify.annotations.Nullable;

/// Makes text of other programs fit for a message: one line, no control characters, not long.
final class OneLine {
  private static final int MAX_CHARS = 300;

  private OneLine() {}

  static String of(@Nullable String text) {
    if (text == null) {
      return "no reason given";
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < text.length() && line.length() < MAX_CHARS; i++) {
      char c = text.charAt(i);
      boolean visible = c > ' ' && c != 0x7F && !isUnsafe(c);
      if (visible) {
        line.append(c);
      } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
        line.append(' ');
      }
    }
    return line.toString().strip();
  }

  /// Control and format characters: they move the cursor or turn text around.
  private static boolean isUnsafe(char c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
