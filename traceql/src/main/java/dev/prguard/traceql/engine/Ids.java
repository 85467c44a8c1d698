package dev.prguard.traceql.engine;

/// Trace ids, of which Tempo leaves out leading zeros.
final class Ids {
  private static final int DIGITS = 32;

  private Ids() {}

  /// With leading zeros; a text that is longer or no lower-case hexadecimal number stays as it is.
  static String padded(String id) {
    return id.length() < DIGITS && id.matches("[0-9a-f]+")
        ? "0".repeat(DIGITS - id.length()) + id
        : id;
  }

  /// Without leading zeros, as expressions see ids of traces and answers list them.
  static String bare(String id) {
    int first = 0;
    while (first < id.length() && id.charAt(first) == '0') {
      first++;
    }
    return id.substring(first);
  }
}
