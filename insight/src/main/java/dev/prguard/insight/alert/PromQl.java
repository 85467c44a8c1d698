package dev.prguard.insight.alert;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;

/// Text of PromQL.
final class PromQl {
  /// How far back the last value before a window is looked for. A machine that was idle for longer
  /// counts anew.
  private static final String BEFORE = "30d";

  private PromQl() {}

  /// By how much counters grew over the window. `increase()` will not do: a run pushes one sample
  /// at its end, so many a series has one sample in the window, or its first one ever, and
  /// `increase()` sees nothing of either; where it sees two it extrapolates. This is exact: the
  /// last value in the window less the last one before it, or nothing where there was none.
  static String increase(String series, Duration window) {
    return increase(series, window, Duration.ZERO);
  }

  static String increase(String series, Duration window, Duration ago) {
    String now = "last_over_time(" + series + "[" + duration(window) + "]" + offset(ago) + ")";
    String before =
        "last_over_time(" + series + "[" + BEFORE + "]" + offset(ago.plus(window)) + ")";
    return "clamp_min(" + now + " - (" + before + " or " + now + " * 0), 0)";
  }

  /// A histogram's bucket. Prometheus 3 writes bounds of scraped text as `3.0`; OTLP's are `3`.
  static String bucket(String histogram, String bound) {
    String pattern = bound.replace(".", "\\\\.");
    return histogram
        + "_bucket{le=~\""
        + (bound.contains(".") ? pattern : pattern + "|" + pattern + "\\\\.0")
        + "\"}";
  }

  private static String offset(Duration ago) {
    return ago.isZero() ? "" : " offset " + duration(ago);
  }

  static String duration(Duration duration) {
    long minutes = duration.toMinutes();
    if (minutes % (24 * 60) == 0) {
      return minutes / (24 * 60) + "d";
    }
    return minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m";
  }

  static String number(double value) {
    return BigDecimal.valueOf(value).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }
}
