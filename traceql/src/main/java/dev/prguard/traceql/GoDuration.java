package dev.prguard.traceql;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Durations as TraceQL writes them: those of Prometheus (`1d`, `1h30m`, whole numbers, units in
/// descending order), else those of Go (`1.5h`, `2µs`, any order).
public final class GoDuration {
  private static final Pattern PROMETHEUS =
      Pattern.compile(
          "(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");
  private static final long[] PROMETHEUS_NANOS = {
    365L * 86_400_000_000_000L,
    7 * 86_400_000_000_000L,
    86_400_000_000_000L,
    3_600_000_000_000L,
    60_000_000_000L,
    1_000_000_000L,
    1_000_000L
  };
  private static final Pattern GO_PART =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");

  private GoDuration() {}

  /// @return ns; null when the text is no duration, or over 292 years
  public static @Nullable Long parse(String text) {
    if (text.isEmpty() || text.length() > 100) {
      return null;
    }
    try {
      Matcher prometheus = PROMETHEUS.matcher(text);
      if (prometheus.matches()) {
        long nanos = 0;
        for (int i = 0; i < PROMETHEUS_NANOS.length; i++) {
          String amount = prometheus.group(i + 1);
          if (amount != null) {
            nanos =
                Math.addExact(
                    nanos, Math.multiplyExact(Long.parseLong(amount), PROMETHEUS_NANOS[i]));
          }
        }
        return nanos;
      }
      Matcher part = GO_PART.matcher(text);
      BigDecimal nanos = BigDecimal.ZERO;
      int at = 0;
      while (part.find(at) && part.start() == at) {
        BigDecimal amount =
            new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2))));
        nanos = nanos.add(amount.setScale(0, RoundingMode.DOWN));
        at = part.end();
        if (at == text.length()) {
          return nanos.longValueExact();
        }
      }
      return null;
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private static long unit(String name) {
    return switch (name) {
      case "ns" -> 1;
      case "us", "µs", "μs" -> 1_000;
      case "ms" -> 1_000_000;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      default -> 3_600_000_000_000L;
    };
  }

  /// As Go prints it: `1m30s`, `73.051339ms`, `900µs`, `0s`.
  public static String format(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    if (nanos == Long.MIN_VALUE) {
      return "-2562047h47m16.854775808s";
    }
    String sign = nanos < 0 ? "-" : "";
    long amount = Math.abs(nanos);
    if (amount < 1_000) {
      return sign + amount + "ns";
    }
    if (amount < 1_000_000) {
      return sign + fraction(amount, 3) + "µs";
    }
    if (amount < 1_000_000_000) {
      return sign + fraction(amount, 6) + "ms";
    }
    long hours = amount / 3_600_000_000_000L;
    long minutes = amount / 60_000_000_000L % 60;
    String seconds = fraction(amount % 60_000_000_000L, 9) + "s";
    return sign
        + (hours > 0 ? hours + "h" : "")
        + (hours > 0 || minutes > 0 ? minutes + "m" : "")
        + seconds;
  }

  private static String fraction(long amount, int digits) {
    BigDecimal value = BigDecimal.valueOf(amount, digits).stripTrailingZeros();
    return value.signum() == 0 ? "0" : value.toPlainString();
  }
}
