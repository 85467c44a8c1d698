package dev.prguard.review.github;

/// Text of another party, made fit for one line of a message.
final class ForeignText {
  private ForeignText() {}

  /// One line without control and other invisible characters, at most `max` characters long.
  static String line(String text, int max) {
    StringBuilder out = new StringBuilder();
    int[] codePoints = text.strip().codePoints().limit(max + 1L).toArray();
    for (int i = 0; i < Math.min(max, codePoints.length); i++) {
      int c = codePoints[i];
      out.appendCodePoint(visible(c) ? c : ' ');
    }
    return codePoints.length > max ? out + "..." : out.toString();
  }

  private static boolean visible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
