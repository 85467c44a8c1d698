package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A regular expression of a rule (RE2: linear time on any text), compiled when first needed: most
/// reviews touch few of the rules, and compiling all would cost more than the scan.
final class LinePattern {

  private final String source;

  /// What every match begins with, at the start of a word; empty when that is not fixed. Looking
  /// for it costs a fraction of matching.
  private final String literal;

  private volatile @Nullable Pattern compiled;

  LinePattern(String source) {
    this.source = source;
    literal = literal(source);
  }

  /// `ghp_` of `\b(ghp_[A-Za-z0-9]{36})`.
  private static String literal(String source) {
    if (!source.startsWith("\\b(") || source.startsWith("\\b(?")) {
      return "";
    }
    int depth = 0;
    boolean inClass = false;
    for (int i = 2; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '\\') {
        i++;
      } else if (inClass) {
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == '|' && depth <= 1) {
        return "";
      }
    }
    StringBuilder literal = new StringBuilder();
    for (int i = 3; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '\\'
          && i + 1 < source.length()
          && !Character.isLetterOrDigit(source.charAt(i + 1))) {
        literal.append(source.charAt(++i));
      } else if (Character.isLetterOrDigit(c) || "_-~!@%&=:;<>/, ".indexOf(c) >= 0) {
        literal.append(c);
      } else {
        boolean repeated = "?*+{".indexOf(c) >= 0 && !literal.isEmpty();
        return repeated ? literal.substring(0, literal.length() - 1) : literal.toString();
      }
    }
    return literal.toString();
  }

  /// Whether a match is possible; cheap.
  boolean mayMatch(String text) {
    if (literal.isEmpty()) {
      return true;
    }
    for (int at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
      if (at == 0 || !isWord(text.charAt(at - 1)) || !isWord(literal.charAt(0))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWord(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }

  String source() {
    return source;
  }

  /// @throws PatternSyntaxException when the rule file's expression is not RE2; the rule tests
  ///   compile all
  Pattern pattern() {
    Pattern pattern = compiled;
    if (pattern == null) {
      pattern = Pattern.compile(source);
      compiled = pattern;
    }
    return pattern;
  }

  /// Where a match really begins: an expression may start with `(?:^|[^...])` to look at the
  /// character before, since RE2 cannot look behind.
  int begin(CharSequence text, int start) {
    boolean lookedBehind = source.startsWith("(?:^|[^") && start < text.length();
    return lookedBehind && !Character.isLetterOrDigit(text.charAt(start)) ? start + 1 : start;
  }

  boolean find(CharSequence text) {
    return pattern().matcher(text).find();
  }

  /// The text with spaces in the place of what matches: of group 1 where there is one.
  String blank(String text) {
    Matcher matcher = pattern().matcher(text);
    StringBuilder blanked = null;
    while (matcher.find()) {
      int group = matcher.groupCount() > 0 && matcher.group(1) != null ? 1 : 0;
      blanked = blanked == null ? new StringBuilder(text) : blanked;
      for (int i = matcher.start(group); i < matcher.end(group); i++) {
        blanked.setCharAt(i, ' ');
      }
    }
    return blanked == null ? text : blanked.toString();
  }

  @Override
  public String toString() {
    return source;
  }
}
