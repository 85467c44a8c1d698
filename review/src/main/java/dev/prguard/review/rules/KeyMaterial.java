package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;

/// Tells a private key in a program from code that only handles keys: such code names the line that
/// a key begins with, and what follows is no key.
final class KeyMaterial {

  /// Headers of an encrypted key and a blank line may come first.
  private static final int LINES = 6;

  private static final int MAX_CHARS = 4_096;
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+/]{24,}");
  private static final Pattern END = Pattern.compile("-----END[A-Z0-9 ]{0,40}-----");

  private static final Pattern MADE_UP =
      Pattern.compile(
          "XXXX|xxxx|\\.\\.\\.|\u2026|<[A-Za-z]|\\*\\*\\*|\\[REDACTED|(?i:your|example|placeholder)");

  private KeyMaterial() {}

  /// @param rest what follows the BEGIN line's text on the same line
  /// @param next the lines after it
  static boolean follows(String rest, List<String> next) {
    if (isIn(rest)) {
      return true;
    }
    boolean ended = END.matcher(rest).find();
    for (int i = 0; i < Math.min(LINES, next.size()) && !ended; i++) {
      String line = next.get(i);
      if (isIn(line)) {
        return true;
      }
      ended = END.matcher(line).find();
    }
    return false;
  }

  /// Whether a sign that something was left out stands where the key would.
  ///
  /// @param rest what follows the BEGIN line's text on the same line
  /// @param next position in `lines` of the line after it
  static boolean isMadeUp(String rest, List<String> lines, int next) {
    String start = rest.length() > 40 || next >= lines.size() ? rest : rest + lines.get(next);
    return MADE_UP.matcher(start.substring(0, Math.min(start.length(), 120))).find();
  }

  /// Long names of types and paths are base64 too, but hardly ever with both cases and digits.
  private static boolean isIn(String line) {
    Matcher end = END.matcher(line);
    String text = line.substring(0, Math.min(line.length(), MAX_CHARS));
    if (end.find()) {
      text = text.substring(0, Math.min(text.length(), end.start()));
    }
    Matcher run = RUN.matcher(text);
    while (run.find()) {
      String found = run.group();
      if (found.chars().anyMatch(Character::isDigit)
          && found.chars().anyMatch(Character::isUpperCase)
          && found.chars().anyMatch(Character::isLowerCase)) {
        return true;
      }
    }
    return false;
  }
}
