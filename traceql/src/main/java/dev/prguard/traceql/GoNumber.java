package dev.prguard.traceql;

import org.jspecify.annotations.Nullable;

/// A number as Go's text/scanner cuts it out: `0x`, `0o`, `0b` and `_` are read, so that what
/// follows is not taken for a word, and then refused.
///
/// @param end after its last character
/// @param isFloat with a point or an exponent
/// @param problem null where Go reads it
record GoNumber(int end, boolean isFloat, @Nullable String problem) {

  static GoNumber scan(String query, int start) {
    return new Scanner(query, start).scan();
  }

  private static final class Scanner {
    private final String query;
    private int at;
    private boolean digits;
    private boolean underscore;
    private char invalid;

    Scanner(String query, int start) {
      this.query = query;
      this.at = start;
    }

    GoNumber scan() {
      String problem = null;
      char prefix = 0;
      if (current() == '0') {
        at++;
        prefix = Character.toLowerCase(current());
        switch (prefix) {
          case 'x', 'o', 'b' -> at++;
          default -> {
            prefix = '0';
            digits = true;
          }
        }
      }
      int base =
          switch (prefix) {
            case 'x' -> 16;
            case 'o', '0' -> 8;
            case 'b' -> 2;
            default -> 10;
          };
      digits(base);
      boolean isFloat = current() == '.';
      if (isFloat) {
        at++;
        digits(base);
        if (prefix == 'o' || prefix == 'b') {
          problem = "invalid radix point";
        }
      }
      if (!digits) {
        problem = "number has no digits";
      }
      char e = Character.toLowerCase(current());
      if (e == 'e' || e == 'p') {
        if ((e == 'p') != (prefix == 'x')) {
          problem = "'" + current() + "' exponent in a number of another base";
        }
        at++;
        isFloat = true;
        if (current() == '+' || current() == '-') {
          at++;
        }
        digits = false;
        digits(10);
        if (!digits) {
          problem = "exponent has no digits";
        }
      } else if (prefix == 'x' && isFloat) {
        problem = "hexadecimal mantissa requires a 'p' exponent";
      }
      if (!isFloat && invalid != 0 && problem == null) {
        problem = "invalid digit '" + invalid + "' in octal literal";
      }
      if (underscore && problem == null) {
        problem = "'_' in a number";
      }
      return new GoNumber(at, isFloat, problem);
    }

    private void digits(int base) {
      while (true) {
        char c = current();
        if (c == '_') {
          underscore = true;
        } else if (c >= '0' && c <= '9') {
          digits = true;
          if (c - '0' >= base && invalid == 0) {
            invalid = c;
          }
        } else if (base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
          digits = true;
        } else {
          return;
        }
        at++;
      }
    }

    private char current() {
      return at < query.length() ? query.charAt(at) : '\uffff';
    }
  }
}
