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
/// @param unlessAround expression of a name or constant (`name=x,` `value=y,`) that keeps the rule
///   silent when a function around speaks of it; null for none
public record FlowSpec(
    String kind,
    List<String> from,
    List<String> imports,
    List<String> sinks,
    List<String> suspects,
    List<String> steps,
    List<String> sanitizers,
    @Nullable String unlessAround) {
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
    if (unlessAround != null) {
      try {
        new Expression(unlessAround).compiled();
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "unless-around: " + unlessAround + ": not an RE2 expression: " + e.getDescription(), e);
      }
    }
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
}
