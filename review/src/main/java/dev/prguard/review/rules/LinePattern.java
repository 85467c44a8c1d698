package dev.prguard.review.rules;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A regular expression of a rule (RE2: linear time on any text), compiled when first needed: most
/// reviews touch few of the rules, and compiling all would cost more than the scan.
final class LinePattern {

  private final String source;
  private volatile @Nullable Pattern compiled;

  LinePattern(String source) {
    this.source = source;
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
