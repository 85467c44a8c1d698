package dev.prguard.cli;

import dev.prguard.insight.report.ReportPeriod;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The days that `--month`, `--since`, `--until` and `--zone` name.
record ReportDays(
    @Nullable String month,
    @Nullable String since,
    @Nullable String until,
    @Nullable String zone,
    Instant now) {
  private static final Pattern AGO = Pattern.compile("(\\d{1,5})d");
  private static final int MAX_DAYS = 3660;

  /// @throws CommandException when a text is no day or month, or there is no day between them
  ReportPeriod period() {
    ZoneId days = zoneId();
    LocalDate today = LocalDate.ofInstant(now, days);
    if (month != null) {
      if (since != null || until != null) {
        throw CommandException.wrongInput(
            "--month and --since or --until: either a month or days can be named");
      }
      return ReportPeriod.of(monthOf(month), days);
    }
    if (since == null && until == null) {
      return ReportPeriod.of(YearMonth.from(today), days);
    }
    LocalDate last = until == null ? today : day("--until", until, today);
    LocalDate first = since == null ? last.withDayOfMonth(1) : day("--since", since, today);
    if (last.isBefore(first)) {
      throw CommandException.wrongInput("--until " + last + " is before --since " + first);
    }
    ReportPeriod period = new ReportPeriod(first, last.plusDays(1), days);
    if (period.length() > MAX_DAYS) {
      throw CommandException.wrongInput(
          "--since " + first + ": more than " + MAX_DAYS + " days before " + last);
    }
    return period;
  }

  private ZoneId zoneId() {
    try {
      return ZoneId.of(zone == null ? "UTC" : zone);
    } catch (DateTimeException e) {
      throw CommandException.wrongInput(
          "--zone "
              + TextTable.printable(String.valueOf(zone))
              + ": not a time zone (expected: UTC, Europe/Berlin or +02:00)",
          e);
    }
  }

  private YearMonth monthOf(String text) {
    try {
      YearMonth parsed = YearMonth.parse(text);
      if (parsed.getYear() >= 2000 && parsed.getYear() <= 2200) {
        return parsed;
      }
    } catch (DateTimeParseException e) {
      // Said below.
    }
    throw CommandException.wrongInput(
        "--month "
            + TextTable.printable(text)
            + ": not a month (expected: "
            + YearMonth.from(now.atZone(zoneId()))
            + ")");
  }

  private static LocalDate day(String option, String text, LocalDate today) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      // 1d is today, so that 60d are sixty days.
      return today.minusDays(Math.max(0, Long.parseLong(ago.group(1)) - 1));
    }
    try {
      LocalDate day = LocalDate.parse(text);
      if (day.getYear() >= 2000 && day.getYear() <= 2200) {
        return day;
      }
    } catch (DateTimeParseException e) {
      // Said below.
    }
    throw CommandException.wrongInput(
        option
            + " "
            + TextTable.printable(text)
            + ": not a day (expected: "
            + today
            + ", or 60d for the last sixty days)");
  }
}
