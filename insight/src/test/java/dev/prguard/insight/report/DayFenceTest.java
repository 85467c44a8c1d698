package dev.prguard.insight.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.insight.report.CostReport.DayAnomaly;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DayFenceTest {
  private static final ReportPeriod NOVEMBER =
      ReportPeriod.of(YearMonth.of(2026, 11), ZoneOffset.UTC);

  /// 1000 to 1006 on working days, 100 to 106 on weekends.
  private static SortedMap<LocalDate, Long> costs() {
    SortedMap<LocalDate, Long> costs = new TreeMap<>();
    LocalDate.of(2026, 10, 1)
        .datesUntil(LocalDate.of(2026, 12, 1))
        .forEach(day -> {
          boolean weekend = day.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0;
          costs.put(day, (weekend ? 100L : 1000L) + day.getDayOfMonth() % 7);
        });
    return costs;
  }

  @Test
  void dayFarAboveItsKind_isListedWithMedianAndThreshold() {
    SortedMap<LocalDate, Long> costs = costs();
    LocalDate bad = LocalDate.of(2026, 11, 18);
    costs.put(bad, 4000L);
    // Far above other Sundays, but no more than any working day.
    costs.put(LocalDate.of(2026, 11, 22), 900L);
    // In the period before.
    costs.put(LocalDate.of(2026, 10, 21), 9000L);

    List<DayAnomaly> anomalies = DayFence.anomalies(NOVEMBER, costs);

    assertThat(anomalies).extracting(DayAnomaly::date).containsExactly(bad);
    assertThat(anomalies.getFirst().medianNanoUsd()).isEqualTo(1003);
    // The spread is small, so a tenth of the median stands in: 1003 + 5 * 100.3.
    assertThat(anomalies.getFirst().fenceNanoUsd()).isBetween(1504L, 1505L);
  }

  @Test
  void daysOfTheUsualKind_orTooFewOfThem_areNotListed() {
    assertThat(DayFence.anomalies(NOVEMBER, costs())).isEmpty();
    SortedMap<LocalDate, Long> few = new TreeMap<>(costs().tailMap(LocalDate.of(2026, 11, 20)));
    few.put(LocalDate.of(2026, 11, 25), 9_000_000L);
    assertThat(DayFence.anomalies(NOVEMBER, few)).isEmpty();
  }
}
