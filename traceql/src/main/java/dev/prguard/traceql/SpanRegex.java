package dev.prguard.traceql;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/// A regular expression of Go's RE2 as Prometheus compiles it: it has to match the whole text, and
/// a dot matches newlines. Linear in the text, whatever the pattern.
public final class SpanRegex {
  private final Pattern pattern;

  /// @throws TraceQlSyntaxException when it is no pattern of RE2, or too large a one
  public SpanRegex(String pattern) {
    String problem = RegexSize.problem(pattern);
    if (problem != null) {
      throw invalid(pattern, problem);
    }
    try {
      this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw invalid(pattern, e.getDescription());
    } catch (StackOverflowError e) {
      // RE2/J walks patterns by recursion, and how deep it gets depends on the thread's stack.
      throw invalid(pattern, "nested too deep");
    }
  }

  /// @throws TraceQlSyntaxException when the pattern turns out to branch too much for the stack
  public boolean matches(String text) {
    try {
      return pattern.matcher(text).matches();
    } catch (StackOverflowError e) {
      // Its states follow each other by recursion. The matcher is thrown away, so nothing is left
      // half done.
      throw invalid(pattern.pattern(), "too many branches");
    }
  }

  private static TraceQlSyntaxException invalid(String pattern, String why) {
    return new TraceQlSyntaxException("", "invalid regex: `" + pattern + "`", -1, 1, null, why);
  }
}
