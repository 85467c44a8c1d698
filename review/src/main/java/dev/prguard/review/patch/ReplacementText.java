package dev.prguard.review.patch;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Looks at the text of a replacement alone: a person must be able to see all of it.
final class ReplacementText {

  private static final int MAX_CHARS = 20_000;
  private static final int MAX_LINES = 200;

  private ReplacementText() {}

  /// Why the text may not be offered, or null.
  static @Nullable String objection(String replacement) {
    if (replacement.length() > MAX_CHARS
        || replacement.chars().filter(c -> c == '\n').count() >= MAX_LINES) {
      return "the replacement is over " + MAX_CHARS + " characters or " + MAX_LINES + " lines";
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(replacement)) {
      return "the replacement is not valid Unicode";
    }
    for (int i = 0; i < replacement.length(); ) {
      int c = replacement.codePointAt(i);
      i += Character.charCount(c);
      if (c != '\t' && c != '\n' && isHidden(c)) {
        return String.format("the replacement has an invisible character (U+%04X)", c);
      }
    }
    return null;
  }

  /// Controls, format characters (bidi, zero-width, tags, soft hyphen, BOM), line and paragraph
  /// separators, variation selectors, fillers that show as nothing, and what Unicode has not
  /// assigned.
  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default ->
          (c >= 0xFE00 && c <= 0xFE0F)
              || (c >= 0xE0100 && c <= 0xE01EF)
              || c == 0x034F
              || c == 0x115F
              || c == 0x1160
              || c == 0x17B4
              || c == 0x17B5
              || c == 0x2800
              || c == 0x3164
              || c == 0xFFA0;
    };
  }
}
