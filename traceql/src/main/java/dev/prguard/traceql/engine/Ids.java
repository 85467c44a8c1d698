package dev.prguard.traceql.engine;

import org.jspecify.annotations.Nullable;

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

  /// Without leading zeros, as answers list ids of traces.
  static @Nullable Object bare(@Nullable Object id) {
    return id instanceof String text ? text.replaceFirst("^0+(?=.)", "") : id;
  }
}
