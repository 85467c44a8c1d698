package dev.prguard.traceql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Escapes of Go's interpreted string literals: one letter, three octal digits, or `x`, `u` and `U`
/// with two, four and eight hexadecimal digits. Octal and `x` are bytes of UTF-8, so `\xc3\xa9` is
/// é.
final class GoEscape {
  private final String query;
  private final int start;
  private final StringBuilder value = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /// @param start where the string begins, for the complaint
  GoEscape(String query, int start) {
    this.query = query;
    this.start = start;
  }

  void append(char c) {
    flush();
    value.append(c);
  }

  /// Bytes that are no UTF-8 become U+FFFD.
  String value() {
    flush();
    return value.toString();
  }

  /// Reads the escape whose backslash stands before `at`.
  ///
  /// @return the index after it
  int read(int at) {
    char c = at < query.length() ? query.charAt(at) : ' ';
    int simple = "abfnrtv\\\"".indexOf(c);
    if (simple >= 0) {
      append("\u0007\b\f\n\r\t\u000b\\\"".charAt(simple));
      return at + 1;
    }
    return switch (c) {
      case 'x' -> byteOf(at + 1, 2, 16);
      case 'u' -> codePoint(at + 1, 4);
      case 'U' -> codePoint(at + 1, 8);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> byteOf(at, 3, 8);
      default -> throw invalid(at);
    };
  }

  private int byteOf(int from, int digits, int radix) {
    long code = number(from, digits, radix);
    if (code > 255) {
      throw invalid(from);
    }
    bytes.write((int) code);
    return from + digits;
  }

  private int codePoint(int from, int digits) {
    long code = number(from, digits, 16);
    if (code > Character.MAX_CODE_POINT || (code >= 0xD800 && code <= 0xDFFF)) {
      throw invalid(from);
    }
    flush();
    value.appendCodePoint((int) code);
    return from + digits;
  }

  private long number(int from, int digits, int radix) {
    long code = 0;
    for (int i = from; i < from + digits; i++) {
      char c = i < query.length() ? query.charAt(i) : ' ';
      int digit = c < 128 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        throw invalid(i);
      }
      code = code * radix + digit;
    }
    return code;
  }

  private void flush() {
    if (bytes.size() > 0) {
      value.append(bytes.toString(StandardCharsets.UTF_8));
      bytes.reset();
    }
  }

  private TraceQlSyntaxException invalid(int at) {
    return new TraceQlSyntaxException(
        query,
        "invalid char escape",
        start,
        Math.min(at + 1, query.length()) - start,
        "\\\\ for a backslash, or back-quotes");
  }
}
