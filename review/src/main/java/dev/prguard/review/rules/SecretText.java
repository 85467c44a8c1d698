package dev.prguard.review.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Judges whether a piece of text is a secret or only stands where one would.
final class SecretText {

  private static final int MIN_ASSIGNED_CHARS = 8;

  private static final List<String> PLACEHOLDERS =
      List.of(
          "example",
          "changeme",
          "change_me",
          "change-me",
          "placeholder",
          "redacted",
          "xxxx",
          "your_",
          "your-",
          "yourtoken",
          "yourkey",
          "yoursecret",
          "dummy",
          "${",
          "{{",
          "...",
          "****",
          "0000000000",
          "<");

  private static final List<String> ASSIGNED_PLACEHOLDERS =
      List.of(
          "fake",
          "mock",
          "sample",
          "test",
          "insert",
          "replace",
          "todo",
          "default",
          "secret123",
          "environ",
          "process.env",
          "getenv",
          "%s",
          "%(",
          "://",
          "application/",
          "foobar",
          "12345678",
          "abcdefgh",
          "password");

  private SecretText() {}

  /// Shannon entropy, bits per character.
  static double entropy(String text) {
    Map<Character, Integer> counts = new HashMap<>();
    for (int i = 0; i < text.length(); i++) {
      counts.merge(text.charAt(i), 1, Integer::sum);
    }
    double bits = 0;
    for (int count : counts.values()) {
      double share = (double) count / text.length();
      bits -= share * Math.log(share) / Math.log(2);
    }
    return bits;
  }

  static boolean isPlaceholder(String text) {
    return containsAny(text.toLowerCase(Locale.ROOT), PLACEHOLDERS);
  }

  /// Whether a value that is assigned to something named like a secret looks generated: mixed kinds
  /// of characters, and not words, a path, a name or a format.
  static boolean looksGenerated(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (value.length() < MIN_ASSIGNED_CHARS
        || isPlaceholder(value)
        || containsAny(lower, ASSIGNED_PLACEHOLDERS)) {
      return false;
    }
    int lowers = 0;
    int uppers = 0;
    int digits = 0;
    int others = 0;
    int wordBreaks = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= 'a' && c <= 'z') {
        lowers++;
      } else if (c >= 'A' && c <= 'Z') {
        uppers++;
      } else if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '_' || c == '-' || c == '.' || c == '/' || c == ':') {
        wordBreaks++;
      } else if (c >= 0x80) {
        // Prose in another language, as in tables of translations.
        return false;
      } else {
        others++;
      }
    }
    boolean wordsOnly = digits == 0 && others == 0;
    if (wordsOnly) {
      // camelCase, snake_case and dotted names; a random one has its capitals anywhere.
      return wordBreaks == 0 && lowers > 0 && uppers >= 4 && lowers + uppers >= 20;
    }
    int kinds =
        Math.min(lowers, 1) + Math.min(uppers, 1) + Math.min(digits, 1) + Math.min(others, 1);
    if (kinds < 2) {
      return false;
    }
    // words_with_2 digits, v1.2.3, 2024-01-01: too many breaks or too few of anything but letters.
    boolean nameWithNumber = others == 0 && digits <= 2 && (uppers == 0 || wordBreaks > 0);
    return !nameWithNumber && wordBreaks * 4 <= value.length();
  }

  private static boolean containsAny(String text, List<String> words) {
    for (String word : words) {
      if (text.contains(word)) {
        return true;
      }
    }
    return false;
  }
}
