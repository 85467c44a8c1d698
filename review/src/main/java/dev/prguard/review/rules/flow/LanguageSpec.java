package dev.prguard.review.rules.flow;

import java.util.List;
import java.util.Set;

/// What is known of a language's libraries: where values come from outside, and what makes them
/// safe.
///
/// @param sources reads and calls that give outside values, and parameters that get them
/// @param sanitizers calls whose result is safe for some kinds of sink
/// @param guards conditions that are only true of a safe value
/// @param lookups calls whose result does not come from their arguments
/// @param through calls that hand on what they are given, though rules object to it there: a search
///   in a text, an address that is only made
/// @param written names that the small form gives to what has none in the text: `RegExp` for `/a+/`
public record LanguageSpec(
    List<Source> sources,
    List<Clears> sanitizers,
    List<Clears> guards,
    List<String> lookups,
    List<String> through,
    Set<String> written) {

  /// @param params `@Mark` on the parameter; `in @mark` on the function; `NAME of FUNCTION`; `any
  ///   in @mark` the same for numbers too; `handed to NAME` of a function that such a call is given
  ///   by name; `returned by @mark` is what comes back from such a function; `:Type`; `after NAME`
  ///   for those behind a first parameter of that name; `NAME with OTHER` beside one of that name
  ///   or type; `named A|B`; `:Type*` for a prefix; `last :Type` of the last one; `given to NAME`
  ///   for the first one of a function that is an argument of such a call; `others given to NAME`
  ///   for those behind the first
  public record Source(String label, List<String> at, List<String> params) {
    public Source {
      at = List.copyOf(at);
      params = List.copyOf(params);
    }
  }

  /// @param kinds `all` for every kind; `form` for what a text of a checked form cannot do, which
  ///   is all but what it says to a model
  public record Clears(List<String> kinds, List<String> by) {
    public Clears {
      kinds = List.copyOf(kinds);
      by = List.copyOf(by);
    }
  }

  public LanguageSpec {
    sources = List.copyOf(sources);
    sanitizers = List.copyOf(sanitizers);
    guards = List.copyOf(guards);
    lookups = List.copyOf(lookups);
    through = List.copyOf(through);
    written = Set.copyOf(written);
  }
}
