package dev.prguard.review.rules.flow;

import com.google.re2j.Pattern;
import dev.prguard.review.rules.words.NeededText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A regular expression (RE2) that first looks for a text that every match has in it.
final class Expression {

  private final Pattern pattern;
  private final @Nullable List<String> needed;

  Expression(String source) {
    pattern = Pattern.compile(source);
    needed = NeededText.of(source);
  }

  /// See [NeededText].
  @Nullable List<String> needed() {
    return needed;
  }

  String source() {
    return pattern.pattern();
  }

  boolean find(String text) {
    return mayMatch(text) && pattern.matcher(text).find();
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
