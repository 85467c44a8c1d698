package dev.prguard.traceql.engine;

import java.math.BigDecimal;
import java.util.Locale;

/// Floats as Go's shortest `%g` prints them, with `.0` where they would read as ints: that is how
/// Tempo lists them.
final class GoFloat {
  /// From this exponent on, and below -4, Go writes one.
  private static final int FIRST_EXPONENT = 6;

  private GoFloat() {}

  static String format(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    String sign = number < 0 || (number == 0 && 1 / number < 0) ? "-" : "";
    if (number == 0) {
      return sign + "0.0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
    String digits = exact.unscaledValue().toString();
    int exponent = digits.length() - 1 - exact.scale();
    if (exponent < -4 || exponent >= FIRST_EXPONENT) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      return String.format(
          Locale.ROOT,
          "%s%s%se%s%02d",
          sign,
          digits.charAt(0),
          fraction,
          exponent < 0 ? "-" : "+",
          Math.abs(exponent));
    }
    String plain = exact.toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }
}
