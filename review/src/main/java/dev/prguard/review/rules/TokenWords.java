package dev.prguard.review.rules;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a rule says of the token of a service: the same for all, but for two names.
///
/// @param title one line
/// @param message what it is and what to do
record TokenWords(String title, String message) {

  /// @param value `{service: Airtable, what: access token}`; `what` is `token` when absent
  static @Nullable TokenWords of(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> fields)
        || !(fields.get("service") instanceof String service)) {
      return null;
    }
    String what = fields.get("what") instanceof String given ? given : "token";
    String kind = service + " " + what;
    return new TokenWords(
        kind + " in the code",
        "A value in the form of "
            + ("AEIOU".indexOf(kind.charAt(0)) >= 0 ? "an " : "a ")
            + kind
            + " is written into the file. Whoever reads the repository can use it. Revoke it at "
            + service
            + ", and read the new one from the environment or a secret store.");
  }

  /// The expression of a value that is assigned to something with a name in it, in whatever kind of
  /// file: `X_KEY=v`, `"x-key": "v"`, `x_key := "v"`, `setX("v")`, `<x>v</x>`.
  ///
  /// @param near expression of the name
  /// @param value expression of the value
  static String assigned(String near, String value) {
    return "(?i:"
        + near
        + ")[\\w .\\-]{0,40}[\"'`\\])]{0,2}\\s*(?::=|=>|\\|\\||=|:|,|>|\\()\\s*(?:[brfu@]?[\"'`])?("
        + value
        + ")(?:[\"'`\\s,;<&)\\\\]|$)";
  }
}
