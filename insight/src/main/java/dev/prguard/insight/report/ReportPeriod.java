package dev.prguard.insight.report;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// Whole days in one time zone.
///
/// @param end the day after the last one
public record ReportPeriod(LocalDate first, LocalDate end, ZoneId zone) {
  public ReportPeriod {
    if (!first.isBefore(end)) {
      throw new IllegalArgumentException("period: " + first + " to " + end + " (expected: a day)");
    }
  }

  public static ReportPeriod of(YearMonth month, ZoneId zone) {
    return new ReportPeriod(month.atDay(1), month.plusMonths(1).atDay(1), zone);
  }

  public LocalDate last() {
    return end.minusDays(1);
  }

  /// Whether it is exactly one month of the calendar.
  public boolean isMonth() {
    return first.getDayOfMonth() == 1 && first.plusMonths(1).equals(end);
  }

  /// The month before, or as many days before.
  public ReportPeriod previous() {
    LocalDate before = isMonth() ? first.minusMonths(1) : first.minusDays(length());
    return new ReportPeriod(before, first, zone);
  }

  Duration duration() {
    return Duration.between(startInstant(), endInstant());
  }

  public long length() {
    return ChronoUnit.DAYS.between(first, end);
  }

  public List<LocalDate> days() {
    return first.datesUntil(end).toList();
  }

  public boolean contains(LocalDate day) {
    return !day.isBefore(first) && day.isBefore(end);
  }

  public Instant startInstant() {
    return first.atStartOfDay(zone).toInstant();
  }

  public Instant endInstant() {
    return end.atStartOfDay(zone).toInstant();
  }

  /// `UTC`, `Europe/Berlin` or `+02:00`.
  public String zoneName() {
    return zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.toString();
  }

  /// `November 2026`, `2026-11-03 to 2026-11-20` or `2026-11-03`.
  public String title() {
    if (isMonth()) {
      return first.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH)
          + " "
          + first.getYear();
    }
    return length() == 1 ? first.toString() : first + " to " + last();
  }

  /// `2026-11` or `2026-11-03_2026-11-20`, for a file name.
  public String fileName() {
    return isMonth() ? YearMonth.from(first).toString() : first + "_" + last();
  }
}
