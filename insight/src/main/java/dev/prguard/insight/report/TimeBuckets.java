package dev.prguard.insight.report;

import java.text.SimpleDateFormat;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.TimeZone;
import org.jfree.chart.axis.DateTickMarkPosition;
import org.jfree.chart.axis.DateTickUnit;
import org.jfree.chart.axis.DateTickUnitType;

/// How many days a bar of a chart holds, so that bars stay wide enough to be seen. Tables always
/// list days.
enum TimeBuckets {
  DAY("day"),
  /// From Monday on, as ISO 8601 has it.
  WEEK("week"),
  MONTH("month");

  private final String title;

  TimeBuckets(String title) {
    this.title = title;
  }

  static TimeBuckets of(long days) {
    if (days <= 124) {
      return DAY;
    }
    return days <= 750 ? WEEK : MONTH;
  }

  String title() {
    return title;
  }

  LocalDate start(LocalDate day) {
    return switch (this) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
    };
  }

  LocalDate next(LocalDate start) {
    return switch (this) {
      case DAY -> start.plusDays(1);
      case WEEK -> start.plusDays(7);
      case MONTH -> start.plusMonths(1);
    };
  }

  /// @param labels about how many there is room for
  DateTickUnit tick(long days, int labels) {
    return switch (this) {
      case DAY -> new DateTickUnit(DateTickUnitType.DAY, multiple(days, labels), format("d MMM"));
      case WEEK, MONTH ->
          new DateTickUnit(DateTickUnitType.MONTH, multiple(days / 30, labels), format("MMM yy"));
    };
  }

  private static int multiple(long units, int labels) {
    return (int) Math.max(1, (units + labels - 1) / labels);
  }

  /// A day's name stands below its bar; a month's where it begins.
  DateTickMarkPosition tickPosition() {
    return this == DAY ? DateTickMarkPosition.MIDDLE : DateTickMarkPosition.START;
  }

  private static SimpleDateFormat format(String pattern) {
    SimpleDateFormat format = new SimpleDateFormat(pattern, Locale.ROOT);
    format.setTimeZone(TimeZone.getTimeZone("UTC"));
    return format;
  }
}
