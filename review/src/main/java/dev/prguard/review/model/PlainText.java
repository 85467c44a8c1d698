package dev.prguard.review.model;

/// Makes hostile text harmless to look at.
final class PlainText {

  private PlainText() {}

  /// One line: control characters and line breaks become blanks, invisible characters go.
  static String line(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
            if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
              line.append(' ');
            }
          } else if (!hidden(c)) {
            line.appendCodePoint(c);
          }
        });
    return line.toString().strip();
  }

  /// Several lines: as [#line(String)], line by line.
  static String lines(String text) {
    StringBuilder all = new StringBuilder(text.length());
    for (String line : text.split("\\R", -1)) {
      all.append(line(line)).append('\n');
    }
    return all.toString().strip();
  }

  static String clip(String text, int maxChars) {
    if (text.length() <= maxChars) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(maxChars - 2)) ? maxChars - 2 : maxChars - 1;
    return text.substring(0, end) + '…';
  }

  /// Characters that a reader cannot see: controls, bidi marks, zero width, tags, variation
  /// selectors, unpaired surrogates.
  static boolean hidden(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || (c >= 0xE0000 && c <= 0xE0FFF)
        || (c >= 0xFE00 && c <= 0xFE0F)
        || c == 0x115F
        || c == 0x1160
        || c == 0x3164
        || c == 0xFFA0;
  }
}
