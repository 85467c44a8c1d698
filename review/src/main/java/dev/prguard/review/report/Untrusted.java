package dev.prguard.review.report;

import java.util.Locale;

/// Text of the change, of the model or of a forge, made safe to show to a person: nothing in it may
/// steer a terminal, reorder the line or hide. What cannot be seen is shown by its name.
final class Untrusted {

  private Untrusted() {}

  /// One line. Line ends and tabs become spaces, control characters become their pictures (`␛`),
  /// invisible and reordering characters become `⟨U+202E⟩`, a run of them one note with the count.
  static String line(String text) {
    return visible(text, false).strip();
  }

  /// Like [#line], for text of several lines: `\n` (also written as CR LF or CR) stays.
  static String lines(String text) {
    return visible(text, true);
  }

  /// A line of code: as [#line], but the indentation and the tabs within stay as spaces.
  static String code(String text) {
    return visible(text.replace("\t", "    "), false).stripTrailing();
  }

  /// At most `max` characters, never a half of a surrogate pair, with `…` where it was cut.
  static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Math.max(0, max - 1);
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  /// Whether a character is not seen by a reader: controls, format and bidi controls, zero-width
  /// and filler characters, variation selectors, tags, halves of surrogate pairs.
  static boolean hidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default ->
          (c >= 0xFE00 && c <= 0xFE0F)
              || (c >= 0xE0000 && c <= 0xE0FFF)
              || (c >= 0x180B && c <= 0x180F)
              || c == 0x034F
              || c == 0x115F
              || c == 0x1160
              || c == 0x17B4
              || c == 0x17B5
              || c == 0x2800
              || c == 0x3164
              || c == 0xFFA0
              || (c & 0xFFFE) == 0xFFFE;
    };
  }

  private static String visible(String text, boolean keepLines) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\r' || c == '\n') {
        if (c == '\r' && i < text.length() && text.charAt(i) == '\n') {
          i++;
        }
        out.append(keepLines ? '\n' : ' ');
      } else if (c == '\t' || c == 0x2028 || c == 0x2029) {
        out.append(' ');
      } else if (c < 0x20) {
        out.append((char) (0x2400 + c));
      } else if (c == 0x7F) {
        out.append('␡');
      } else if (c == 0xFE0E || c == 0xFE0F) {
        // Text or emoji form of the character before: changes nothing that matters.
      } else if (hidden(c)) {
        int more = 0;
        while (i < text.length()) {
          int next = text.codePointAt(i);
          if (next <= 0x7F || !hidden(next) || next == 0x2028 || next == 0x2029) {
            break;
          }
          i += Character.charCount(next);
          more++;
        }
        out.append(String.format(Locale.ROOT, "⟨U+%04X", c));
        if (more > 0) {
          out.append(" and ").append(more).append(" more hidden characters");
        }
        out.append('⟩');
      } else {
        out.appendCodePoint(c);
      }
    }
    return out.toString();
  }
}
