package dev.prguard.review.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Characters that make text look other than it is: a reader (or a model) sees one thing, the
/// compiler another.
public final class HiddenUnicode {

  private static final int BLACK_FLAG = 0x1F3F4;
  private static final int ZERO_WIDTH_SPACE = 0x200B;
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int CANCEL_TAG = 0xE007F;
  private static final int KEYCAP = 0x20E3;
  private static final int SOFT_HYPHEN = 0xAD;

  /// @param index position in the text, in chars
  /// @param kind `bidirectional control`, `zero-width`, `tag`, ...
  public record Hit(int index, int codePoint, String kind) {

    /// `U+202E RIGHT-TO-LEFT OVERRIDE (bidirectional control)`
    public String describe() {
      String name = Character.getName(codePoint);
      return String.format(Locale.ROOT, "U+%04X %s (%s)", codePoint, name, kind);
    }
  }

  private HiddenUnicode() {}

  /// All of them, in order. Joiners in emoji and in scripts that need them, flags made of tags and
  /// single variation selectors are what they seem, and left out.
  public static List<Hit> find(String text) {
    int first = 0;
    while (first < text.length() && isPlain(text.charAt(first))) {
      first++;
    }
    if (first == text.length()) {
      return List.of();
    }
    List<Hit> hits = new ArrayList<>();
    int previous = first == 0 ? -1 : text.codePointBefore(first);
    for (int i = first; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (c == BLACK_FLAG) {
        int end = flagEnd(text, next);
        if (end > 0) {
          previous = CANCEL_TAG;
          i = end;
          continue;
        }
      }
      String kind = kind(c);
      boolean atStart = c == 0xFEFF && i == 0;
      if (!kind.isEmpty() && !atStart && !isLegitimate(c, previous, text, next)) {
        hits.add(new Hit(i, c, kind));
      }
      previous = c;
      i = next;
    }
    return hits;
  }

  private static boolean isPlain(char c) {
    return (c >= ' ' && c < 0x7F) || c == '\t' || c == '\n' || c == '\r';
  }

  private static String kind(int c) {
    if ((c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200E
        || c == 0x200F
        || c == 0x061C) {
      return "bidirectional control";
    }
    if ((c >= 0x200B && c <= 0x200D)
        || (c >= 0x2060 && c <= 0x2065)
        || (c >= 0x206A && c <= 0x206F)
        || c == 0xFEFF
        || c == 0x180E) {
      return "zero-width";
    }
    if (c >= 0xE0000 && c <= 0xE007F) {
      return "tag";
    }
    if ((c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF)) {
      return "variation selector";
    }
    if (c == 0x00AD || c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0) {
      return "invisible";
    }
    // What makes a terminal erase or hide: backspace, escape and its one-byte form.
    return c == 0x08 || c == 0x1B || c == 0x9B ? "control" : "";
  }

  private static boolean isLegitimate(int c, int previous, String text, int next) {
    int following = next < text.length() ? text.codePointAt(next) : -1;
    return switch (kind(c)) {
      // One after a visible character chooses its glyph; more than one can carry hidden data.
      case "variation selector" ->
          following == KEYCAP
              || (previous > 0x7F && !Character.isWhitespace(previous) && kind(previous).isEmpty());
      case "zero-width" ->
          (c == ZERO_WIDTH_JOINER && (isEmoji(previous) || needsJoiners(previous)) && following > 0)
              || (c == ZERO_WIDTH_NON_JOINER && needsJoiners(previous))
              || (c == ZERO_WIDTH_SPACE && hasNoSpaces(previous) && hasNoSpaces(following));
      case "bidirectional control" ->
          isMark(c) && (isRightToLeft(previous) || isRightToLeft(following));
      // Between ASCII letters it splits a name that looks whole.
      case "invisible" -> c == SOFT_HYPHEN && !(isAsciiWord(previous) && isAsciiWord(following));
      default -> false;
    };
  }

  /// Marks set a direction for one place only, and Hebrew or Arabic prose needs them; embeddings,
  /// overrides and isolates reorder what follows and are never let through.
  private static boolean isMark(int c) {
    return c == 0x200E || c == 0x200F || c == 0x061C;
  }

  private static boolean isAsciiWord(int c) {
    return c > 0 && c < 0x80 && Character.isLetterOrDigit(c);
  }

  private static boolean isRightToLeft(int c) {
    if (c < 0x0590) {
      return false;
    }
    byte direction = Character.getDirectionality(c);
    return Character.isLetter(c)
        && (direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
            || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC);
  }

  /// Scripts that write their words without spaces, so that only an invisible one lets a line
  /// break.
  private static boolean hasNoSpaces(int c) {
    return c > 0
        && switch (Character.UnicodeScript.of(c)) {
          case THAI, LAO, KHMER, MYANMAR, TIBETAN -> true;
          default -> false;
        };
  }

  private static boolean isEmoji(int c) {
    return c == 0xFE0F
        || Character.isEmojiPresentation(c)
        || Character.isEmojiModifier(c)
        || (c > 0x7F && Character.isEmoji(c));
  }

  /// Arabic and Persian, and the scripts of India, use joiners in ordinary words.
  private static boolean needsJoiners(int c) {
    return (c >= 0x0600 && c <= 0x07FF)
        || (c >= 0x0900 && c <= 0x0DFF)
        || (c >= 0x1000 && c <= 0x109F);
  }

  /// The end of a flag of a region (black flag, tags, cancel tag), or 0.
  private static int flagEnd(String text, int start) {
    int i = start;
    for (int tags = 0; tags <= 7 && i < text.length(); tags++) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == CANCEL_TAG) {
        return tags >= 3 ? i : 0;
      }
      if (c < 0xE0030 || c > 0xE007A) {
        return 0;
      }
    }
    return 0;
  }
}
