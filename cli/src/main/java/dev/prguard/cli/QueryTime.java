package dev.prguard.cli;

import dev.prguard.trace.query.TraceQueries.TimeRange;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Times of `--since`, `--start`, `--end` and `--step`.
final class QueryTime {
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w)");
  private static final Pattern FROM_NOW = Pattern.compile("now(?:-(.+))?");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,10}(\\.\\d{1,9})?");
  private static final Pattern NANOS = Pattern.compile("\\d{11,19}");

  private QueryTime() {}

  /// @param since how long before now the range begins, or null
  /// @throws CommandException naming the option, when a text is no time or the range is empty
  static TimeRange range(
      @Nullable String since, @Nullable String start, @Nullable String end, Instant now) {
    if (since != null && start != null) {
      throw CommandException.wrongInput(
          "--since and --start: only one of them says where to begin");
    }
    Instant to = end == null ? now : instant("--end", end, now);
    Instant from =
        start != null
            ? instant("--start", start, now)
            : to.minus(duration("--since", since == null ? "24h" : since));
    if (!from.isBefore(to)) {
      throw CommandException.wrongInput(
          "the range is empty: it would begin at " + from + " and end at " + to);
    }
    return new TimeRange(from, to);
  }

  /// A duration such as `90s`, `1h30m`, `7d`; more than nothing.
  static Duration duration(String option, String text) {
    Matcher part = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int at = 0;
    while (at < text.length() && part.find(at) && part.start() == at) {
      sum = sum.plus(part(Long.parseLong(part.group(1)), part.group(2)));
      at = part.end();
    }
    if (at == 0 || at < text.length() || sum.isZero()) {
      throw CommandException.wrongInput(
          option + " " + text + ": not a duration (expected: 30s, 15m, 24h, 7d or 1h30m)");
    }
    return sum;
  }

  private static Duration part(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> Duration.ofDays(7 * amount);
    };
  }

  private static Instant instant(String option, String text, Instant now) {
    Matcher fromNow = FROM_NOW.matcher(text);
    if (fromNow.matches()) {
      return fromNow.group(1) == null ? now : now.minus(duration(option, fromNow.group(1)));
    }
    if (SECONDS.matcher(text).matches()) {
      BigDecimal nanos = new BigDecimal(text).movePointRight(9);
      return Instant.EPOCH.plusNanos(nanos.longValueExact());
    }
    try {
      if (NANOS.matcher(text).matches()) {
        return Instant.EPOCH.plusNanos(Long.parseLong(text));
      }
      if (text.length() == "2026-11-26".length()) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException | NumberFormatException e) {
      throw CommandException.wrongInput(
          option
              + " "
              + text
              + ": not a time"
              + " (expected: 2026-11-26, 2026-11-26T09:30:00Z, now-1h or Unix seconds)",
          e);
    }
  }
}
