package dev.prguard.traceql;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/// A regular expression of Go's RE2 as Prometheus compiles it: it has to match the whole text, and a
/// dot matches newlines. Linear in the text, whatever the pattern.
public final class SpanRegex {
  private final Pattern pattern;

  /// @throws TraceQlSyntaxException when it is no pattern of RE2
  public SpanRegex(String pattern) {
    try {
      this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw TraceQlValidator.refused("invalid regex: `" + pattern + "`");
    }
  }

  static boolean isValid(String pattern) {
    try {
      Pattern _ = Pattern.compile(pattern, Pattern.DOTALL);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  public boolean matches(String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.matches();
  }
}
