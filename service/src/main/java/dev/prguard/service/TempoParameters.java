package dev.prguard.service;

import com.linecorp.armeria.common.QueryParams;
import dev.prguard.service.QueryPool.BadRequestException;
import dev.prguard.trace.query.TraceQueries.TimeRange;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The parameters of a request, read as Tempo reads them: an empty one is missing, and what is
/// wrong is told in its words.
final class TempoParameters {
  /// A query that says no time is about the last hour.
  private static final Duration RECENT = Duration.ofHours(1);

  private static final int MAX_QUERY_CHARS = 128 << 10;
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
  private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]*\\.?[0-9]+([eE][+-]?[0-9]+)?");
  private static final Pattern DURATION =
      Pattern.compile("([+-]?)((?:[0-9]*\\.?[0-9]+(?:y|w|d|h|ms|m|s|us|µs|ns))+)");
  private static final Pattern PART =
      Pattern.compile("([0-9]*\\.?[0-9]+)(y|w|d|h|ms|m|s|us|µs|ns)");

  private final QueryParams params;

  TempoParameters(QueryParams params) {
    this.params = params;
  }

  @Nullable String text(String name) {
    String value = params.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /// TraceQL; empty where there is none.
  String query() {
    return query(text("q"));
  }

  /// Of metrics: under the name that Prometheus has for it, too.
  String metricsQuery() {
    String query = text("q");
    return query(query == null ? text("query") : query);
  }

  private static String query(@Nullable String query) {
    if (query != null && query.length() > MAX_QUERY_CHARS) {
      throw new BadRequestException("the query is longer than " + MAX_QUERY_CHARS + " characters");
    }
    return query == null ? "" : query;
  }

  int limit(int otherwise) {
    int limit = integer("limit", otherwise);
    if (limit <= 0) {
      throw new BadRequestException("invalid limit: must be a positive number");
    }
    return limit;
  }

  int spansPerSet() {
    int spans = integer("spss", 3);
    if (spans < 0) {
      throw new BadRequestException("invalid spss: must be a non-negative number");
    }
    return spans;
  }

  /// Of tags in a scope and of values of a tag: without one, or with 0, all.
  int tagLimit() {
    int limit = integer("limit", 0);
    if (limit < 0) {
      throw new BadRequestException("invalid limit: must be a non-negative number");
    }
    return limit == 0 ? Integer.MAX_VALUE : limit;
  }

  int integer(String name, int otherwise) {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new BadRequestException(
          "invalid " + name + ": strconv.Atoi: parsing " + quoted(text) + ": invalid syntax");
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /// Whole seconds, both or neither.
  TimeRange searchRange(Instant now) {
    long start = seconds("start");
    long end = seconds("end");
    if (start == 0 && end == 0) {
      return new TimeRange(now.minus(RECENT), now.plusSeconds(1));
    }
    if (end <= start) {
      throw new BadRequestException(
          "http parameter start must be before end. received start=" + start + " end=" + end);
    }
    return new TimeRange(Instant.ofEpochSecond(start), Instant.ofEpochSecond(end));
  }

  /// Whole seconds; neither is all there is.
  TimeRange tagRange() {
    long start = seconds("start");
    long end = seconds("end");
    if (start == 0 && end == 0) {
      return new TimeRange(Instant.EPOCH, Instant.ofEpochSecond(Integer.MAX_VALUE * 2L));
    }
    if (end <= start) {
      throw new BadRequestException(
          "http parameter start must be before end. received start=" + start + " end=" + end);
    }
    return new TimeRange(Instant.ofEpochSecond(start), Instant.ofEpochSecond(end));
  }

  private long seconds(String name) {
    String text = text(name);
    if (text == null) {
      return 0;
    }
    try {
      long seconds = Long.parseLong(text);
      if (seconds >= 0 && seconds < 1L << 33) {
        return seconds;
      }
      throw new BadRequestException(
          "invalid "
              + name
              + ": strconv.ParseInt: parsing "
              + quoted(text)
              + ": value out of range");
    } catch (NumberFormatException e) {
      throw new BadRequestException(
          "invalid " + name + ": strconv.ParseInt: parsing " + quoted(text) + ": invalid syntax");
    }
  }

  /// Of a metrics query: times in several spellings, and `since` where there is none.
  TimeRange metricsRange(Instant now) {
    String sinceText = text("since");
    Duration since = sinceText == null ? RECENT : duration("since", sinceText);
    String endText = text("end");
    Instant end = endText == null ? now : time("end", endText);
    String startText = text("start");
    Instant start =
        startText == null ? (end.isAfter(now) ? now : end).minus(since) : time("start", startText);
    return new TimeRange(start, end);
  }

  private static Instant time(String name, String text) {
    try {
      if (INTEGER.matcher(text).matches()) {
        long number = Long.parseLong(text);
        return text.length() <= 10
            ? Instant.ofEpochSecond(number)
            : Instant.ofEpochSecond(0, number);
      }
      if (DECIMAL.matcher(text).matches()) {
        BigDecimal seconds = new BigDecimal(text);
        return Instant.ofEpochSecond(0, seconds.movePointRight(9).longValueExact());
      }
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new BadRequestException(
          "could not parse '" + name + "' parameter: " + quoted(text) + " is no time");
    }
  }

  /// Seconds without a unit; null where there is none, so that Tempo's default holds.
  @Nullable Duration step() {
    String text = text("step");
    if (text == null) {
      return null;
    }
    if (DECIMAL.matcher(text).matches()) {
      try {
        return Duration.ofNanos(new BigDecimal(text).movePointRight(9).longValue());
      } catch (ArithmeticException e) {
        throw new BadRequestException("cannot parse " + quoted(text) + " to a valid duration");
      }
    }
    return duration("step", text);
  }

  @Nullable Duration optionalDuration(String name) {
    String text = text(name);
    return text == null ? null : duration(name, text);
  }

  private static Duration duration(String name, String text) {
    Matcher whole = DURATION.matcher(text);
    if (!whole.matches()) {
      throw new BadRequestException(
          "could not parse '"
              + name
              + "' parameter: cannot parse "
              + quoted(text)
              + " to a valid duration");
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(whole.group(2));
    while (part.find()) {
      nanos =
          nanos.add(
              new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))));
    }
    try {
      long exact = nanos.toBigInteger().longValueExact();
      return Duration.ofNanos(whole.group(1).equals("-") ? -exact : exact);
    } catch (ArithmeticException e) {
      throw new BadRequestException(
          "could not parse '" + name + "' parameter: duration out of range");
    }
  }

  private static long unit(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1_000;
      case "ms" -> 1_000_000;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      case "d" -> 86_400_000_000_000L;
      case "w" -> 7 * 86_400_000_000_000L;
      default -> 365 * 86_400_000_000_000L;
    };
  }
}
