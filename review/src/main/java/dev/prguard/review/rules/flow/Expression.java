package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.words.NeededText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A regular expression (RE2) that first looks for a text that every match has in it.
final class Expression {

  private final String source;
  private final @Nullable List<String> needed;
  private volatile @Nullable Pattern pattern;

  Expression(String source) {
    this.source = source;
    needed = NeededText.of(source);
  }

  /// See [NeededText].
  @Nullable List<String> needed() {
    return needed;
  }

  String source() {
    return source;
  }

  boolean find(String text) {
    return mayMatch(text) && compiled().matcher(text).find();
  }

  /// Most are never asked in a small review, and to compile all takes longer than the rest of it.
  ///
  /// @throws com.google.re2j.PatternSyntaxException when it is not RE2
  Pattern compiled() {
    Pattern known = pattern;
    if (known == null) {
      known = Pattern.compile(source);
      pattern = known;
    }
    return known;
  }

  private boolean mayMatch(String text) {
    if (needed == null) {
      return true;
    }
    for (String each : needed) {
      int last = text.length() - each.length();
      for (int i = 0; i <= last; i++) {
        if (text.regionMatches(true, i, each, 0, each.length())) {
          return true;
        }
      }
    }
    return false;
  }
}
