package dev.prguard.review.rules.flow;

import com.google.re2j.PatternSyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a rule follows values, as its YAML says it.
///
/// @param kind of harm, which sanitisers name: `sql`, `shell`, `path`, `html`, ...
/// @param from labels of the sources that count: `request`, `argv`, `model`, ...
/// @param imports the file must import one of these (or what is below it); empty for no condition
/// @param sinks patterns of [CallPattern]; in the findings' full severity
/// @param suspects the same, a step milder: likely, not proven
/// @param steps where a value is on its way; reported when it is not seen to arrive
/// @param sanitizers patterns of calls that clear this kind, besides those of the language
/// @param around expression of a name or constant (`name=x,` `value=y,`) of which the file must
///   speak; null for none
/// @param unlessAround the same of a function around, that keeps the rule silent
/// @param unlessInFile the same of the file
public record FlowSpec(
    String kind,
    List<String> from,
    List<String> imports,
    List<String> sinks,
    List<String> suspects,
    List<String> steps,
    List<String> sanitizers,
    @Nullable String around,
    @Nullable String unlessAround,
    @Nullable String unlessInFile) {
  public FlowSpec {
    from = List.copyOf(from);
    imports = List.copyOf(imports);
    sinks = List.copyOf(sinks);
    suspects = List.copyOf(suspects);
    steps = List.copyOf(steps);
    sanitizers = List.copyOf(sanitizers);
  }

  /// Reads every pattern.
  ///
  /// @throws IllegalArgumentException naming the first that cannot be read
  public void check() {
    check("around", around);
    check("unless-around", unlessAround);
    check("unless-in-file", unlessInFile);
    for (List<String> patterns : List.of(sinks, suspects, steps, sanitizers)) {
      for (String pattern : patterns) {
        try {
          CallPattern.parse(pattern).forEach(CallPattern::check);
        } catch (PatternSyntaxException e) {
          throw new IllegalArgumentException(
              "pattern: " + pattern + ": not an RE2 expression: " + e.getDescription(), e);
        }
      }
    }
  }

  private static void check(String key, @Nullable String expression) {
    try {
      if (expression != null) {
        new Expression(expression).compiled();
      }
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          key + ": " + expression + ": not an RE2 expression: " + e.getDescription(), e);
    }
  }
}
