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
/// @param harmless calls that show that what was set on their object, or on an argument, does no
///   harm: a parser with everything on that reads a text of the program's own
/// @param around what the code around speaks of
public record FlowSpec(
    String kind,
    List<String> from,
    List<String> imports,
    List<String> sinks,
    List<String> suspects,
    List<String> steps,
    List<String> sanitizers,
    List<String> harmless,
    Around around) {
  public FlowSpec {
    from = List.copyOf(from);
    imports = List.copyOf(imports);
    sinks = List.copyOf(sinks);
    suspects = List.copyOf(suspects);
    steps = List.copyOf(steps);
    sanitizers = List.copyOf(sanitizers);
    harmless = List.copyOf(harmless);
  }

  /// Reads every pattern.
  ///
  /// @throws IllegalArgumentException naming the first that cannot be read
  public void check() {
    around.check();
    for (List<String> patterns : List.of(sinks, suspects, steps, sanitizers, harmless)) {
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

  /// What the code around must speak of, or must not: expressions of a name or constant in it,
  /// written `name=x,` `value=y,`.
  ///
  /// @param file of which the file must speak; null for none
  /// @param unless the rule is silent where a function around speaks of it; null for none
  /// @param unlessInFile the same of the file
  public record Around(
      @Nullable String file, @Nullable String unless, @Nullable String unlessInFile) {
    static final Around ANYTHING = new Around(null, null, null);

    private void check() {
      check("around", file);
      check("unless-around", unless);
      check("unless-in-file", unlessInFile);
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
}
