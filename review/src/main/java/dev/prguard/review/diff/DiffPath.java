package dev.prguard.review.diff;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// File names as diffs write them: C-quoted, with a prefix, with a time stamp behind a tab.
final class DiffPath {
  /// Longer names than any file system takes are an attack on whoever splits them.
  static final int MAX_BYTES = 16 << 10;

  /// What git puts before the old and the new name: plain, `diff.mnemonicPrefix`, and both reversed
  /// (`-R`).
  private static final Set<String> PREFIX_PAIRS =
      Set.of("ab", "iw", "ci", "cw", "ow", "co", "12", "ba", "wi", "ic", "wc", "wo", "oc", "21");

  private DiffPath() {}

  /// Both names of a file, one byte a char.
  record Pair(String oldName, String newName) {

    boolean hasKnownPrefixes() {
      return oldName.length() > 2
          && newName.length() > 2
          && oldName.charAt(1) == '/'
          && newName.charAt(1) == '/'
          && PREFIX_PAIRS.contains("" + oldName.charAt(0) + newName.charAt(0));
    }

    /// The pair without what `git diff` or `diff -r` put before the names.
    Pair stripped() {
      if (hasKnownPrefixes()) {
        return new Pair(oldName.substring(2), newName.substring(2));
      }
      if (oldName.equals(newName)) {
        return this;
      }
      String oldRest = oldName.substring(oldName.indexOf('/') + 1);
      String newRest = newName.substring(newName.indexOf('/') + 1);
      return oldRest.equals(newRest) && oldName.contains("/") && newName.contains("/")
          ? new Pair(oldRest, newRest)
          : this;
    }
  }

  /// A name that stands alone, because the other side is `/dev/null`.
  static String strippedAlone(String name, boolean old) {
    return name.startsWith(old ? "a/" : "b/") && name.length() > 2 ? name.substring(2) : name;
  }

  /// Splits what follows `diff --git `. Unquoted names may have spaces, so only names that are the
  /// same but for their prefixes can be told apart; null when they are not (a rename says its names
  /// again in headers of its own).
  static @Nullable Pair splitGitLine(LineCursor in, String names) {
    if (names.startsWith("\"")) {
      int end = endOfQuoted(names, 0);
      if (end < 0 || end + 1 >= names.length() || names.charAt(end) != ' ') {
        throw in.error("malformed name in " + DiffSyntaxException.quote(names));
      }
      return new Pair(unquote(in, names.substring(0, end)), unquote(in, names.substring(end + 1)));
    }
    if (names.endsWith("\"")) {
      int start = names.indexOf(" \"");
      if (start < 1 || endOfQuoted(names, start + 1) != names.length()) {
        throw in.error("malformed name in " + DiffSyntaxException.quote(names));
      }
      return new Pair(names.substring(0, start), unquote(in, names.substring(start + 1)));
    }
    int middle = names.length() / 2;
    if (names.length() % 2 == 1 && names.charAt(middle) == ' ') {
      Pair halves = new Pair(names.substring(0, middle), names.substring(middle + 1));
      if (same(halves)) {
        return halves;
      }
    }
    // Prefixes of different lengths (--src-prefix=old/ --dst-prefix=newer/).
    int oldSlash = names.indexOf('/');
    int newSlash = -1;
    for (int space = names.indexOf(' ', oldSlash + 1);
        oldSlash > 0 && space > 0;
        space = names.indexOf(' ', space + 1)) {
      newSlash = newSlash < space ? names.indexOf('/', space) : newSlash;
      if (newSlash < 0) {
        break;
      }
      // Names without their prefixes have one length for one space at most: this is linear.
      if (space - oldSlash == names.length() - newSlash) {
        Pair pair = new Pair(names.substring(0, space), names.substring(space + 1));
        if (same(pair)) {
          return pair;
        }
      }
    }
    return null;
  }

  private static boolean same(Pair pair) {
    Pair stripped = pair.stripped();
    return stripped.oldName.equals(stripped.newName);
  }

  /// The name in a `---` or `+++` line: up to a tab, behind which a time stamp may stand.
  static String ofFileLine(LineCursor in, String value) {
    if (value.startsWith("\"")) {
      int end = endOfQuoted(value, 0);
      if (end < 0) {
        throw in.error("malformed name " + DiffSyntaxException.quote(value));
      }
      return unquote(in, value.substring(0, end));
    }
    int tab = value.indexOf('\t');
    return checked(in, tab < 0 ? value : value.substring(0, tab));
  }

  /// The name in a header that holds nothing else, such as `rename from`.
  static String alone(LineCursor in, String value) {
    return value.startsWith("\"") ? unquote(in, value) : checked(in, value);
  }

  /// Where a C-quoted name ends (behind its last quote), or -1.
  private static int endOfQuoted(String text, int start) {
    boolean escaped = false;
    for (int i = start + 1; i < text.length(); i++) {
      if (escaped) {
        escaped = false;
      } else if (text.charAt(i) == '\\') {
        escaped = true;
      } else if (text.charAt(i) == '"') {
        return i + 1;
      }
    }
    return -1;
  }

  private static String unquote(LineCursor in, String quoted) {
    if (!quoted.startsWith("\"")) {
      return checked(in, quoted);
    }
    if (endOfQuoted(quoted, 0) != quoted.length()) {
      throw in.error("malformed name " + DiffSyntaxException.quote(quoted));
    }
    StringBuilder name = new StringBuilder();
    int i = 1;
    while (i < quoted.length() - 1) {
      char c = quoted.charAt(i++);
      if (c != '\\') {
        name.append(c);
        continue;
      }
      char escaped = quoted.charAt(i++);
      int plain = "abtnvfr\"\\".indexOf(escaped);
      if (plain >= 0) {
        name.append("\u0007\b\t\n\u000b\f\r\"\\".charAt(plain));
      } else if (escaped >= '0' && escaped <= '3' && isOctal(quoted, i) && isOctal(quoted, i + 1)) {
        name.append((char) Integer.parseInt(quoted, i - 1, i + 2, 8));
        i += 2;
      } else {
        throw in.error("unknown escape in the name " + DiffSyntaxException.quote(quoted));
      }
    }
    return checked(in, name.toString());
  }

  private static boolean isOctal(String text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '7';
  }

  private static String checked(LineCursor in, String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw in.error("expected a file name, found " + DiffSyntaxException.quote(name));
    }
    return name;
  }

  /// Names are compared as bytes and shown as UTF-8.
  static String decode(String name) {
    return new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
