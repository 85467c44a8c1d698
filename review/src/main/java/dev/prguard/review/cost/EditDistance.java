package dev.prguard.review.cost;

/// Levenshtein's distance, for names of a model that was mistyped.
final class EditDistance {
  private static final int MAX_CHARS = 200;

  private EditDistance() {}

  /// Insertions, deletions and replacements from one to the other; a large number when either is
  /// too long for a name.
  static int of(String a, String b) {
    if (a.length() > MAX_CHARS || b.length() > MAX_CHARS) {
      return Integer.MAX_VALUE;
    }
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
