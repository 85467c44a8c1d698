package dev.prguard.traceql;

import org.jspecify.annotations.Nullable;

/// Escapes of Go's interpreted string literals: one letter, three octal digits, or `x`, `u` and `U` with
/// two, four and eight hexadecimal digits.
final class GoEscape {
  private GoEscape() {}

  /// Reads the escape whose backslash stands before `at`.
  ///
  /// @param start where the string begins, for the complaint
  /// @return the index after it
  static int read(String query, int at, StringBuilder value, int start) {
    char c = at < query.length() ? query.charAt(at) : ' ';
    String simple = simple(c);
    if (simple != null) {
      value.append(simple);
      return at + 1;
    }
    int digits =
        switch (c) {
          case 'x' -> 2;
          case 'u' -> 4;
          case 'U' -> 8;
          default -> c >= '0' && c <= '7' ? 3 : 0;
        };
    int radix = c >= '0' && c <= '7' ? 8 : 16;
    int from = radix == 8 ? at : at + 1;
    if (digits > 0 && from + digits <= query.length()) {
      try {
        String text = query.substring(from, from + digits);
        int code = text.matches("[0-9a-fA-F]+") ? Integer.parseUnsignedInt(text, radix) : -1;
        boolean isByte = radix == 8 || c == 'x';
        if (code >= 0 && (isByte ? code < 256 : isScalar(code))) {
          // A byte over 127 would be a piece of UTF-8; nobody writes that.
          value.appendCodePoint(code);
          return from + digits;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
    }
    throw new TraceQlSyntaxException(query, "invalid char escape", start, at - start + 1, null);
  }

  private static boolean isScalar(int code) {
    return Character.isValidCodePoint(code) && (code < 0xD800 || code > 0xDFFF);
  }

  private static @Nullable String simple(char c) {
    return switch (c) {
      case 'a' -> "\u0007";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'v' -> "\u000b";
      case '\\' -> "\\";
      case '"' -> "\"";
      default -> null;
    };
  }
}
