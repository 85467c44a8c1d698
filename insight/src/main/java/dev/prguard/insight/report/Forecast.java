package dev.prguard.insight.report;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a period that is not over may cost: what was spent, and for each day to come the median of
/// its weekday over the last 28 days. Today counts as that median where that is more than was spent
/// today. Days before the first one with cost are no history.
///
/// @param byDay nano-dollars expected in addition, for today and later
/// @param totalNanoUsd of the whole period
/// @param basisDays how many days the medians are from
public record Forecast(SortedMap<LocalDate, Long> byDay, long totalNanoUsd, int basisDays) {
  private static final int WINDOW_DAYS = 28;
  private static final int LEAST_DAYS = 7;

  /// @param history nano-dollars by day, of this period and the one before
  static Optional<Forecast> of(
      ReportPeriod period, LocalDate today, SortedMap<LocalDate, Long> history) {
    if (!period.contains(today) || history.isEmpty()) {
      return Optional.empty();
    }
    LocalDate begin = today.minusDays(WINDOW_DAYS);
    LocalDate first = history.firstKey().isAfter(begin) ? history.firstKey() : begin;
    if (first.plusDays(LEAST_DAYS).isAfter(today)) {
      return Optional.empty();
    }
    List<LocalDate> basis = first.datesUntil(today).toList();
    SortedMap<LocalDate, Long> byDay = new TreeMap<>();
    long total = 0;
    for (LocalDate day : period.days()) {
      long spent = history.getOrDefault(day, 0L);
      total = Math.addExact(total, spent);
      if (!day.isBefore(today)) {
        long more = Math.max(0, median(basis, history, day.getDayOfWeek()) - spent);
        byDay.put(day, more);
        total = Math.addExact(total, more);
      }
    }
    return Optional.of(new Forecast(byDay, total, basis.size()));
  }

  private static long median(
      List<LocalDate> basis, Map<LocalDate, Long> history, DayOfWeek weekday) {
    List<Long> costs = new ArrayList<>();
    for (LocalDate day : basis) {
      if (day.getDayOfWeek() == weekday) {
        costs.add(history.getOrDefault(day, 0L));
      }
    }
    return costs.isEmpty() ? 0 : Math.round(DayFence.median(costs));
  }
}
