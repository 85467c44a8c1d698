package dev.prguard.insight.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ForecastTest {
  private static final ReportPeriod NOVEMBER =
      ReportPeriod.of(YearMonth.of(2026, 11), ZoneOffset.UTC);

  /// A Thursday.
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 26);

  /// Every day before today, the day of the week as its cost, from 1 on Monday.
  private static SortedMap<LocalDate, Long> history(LocalDate from) {
    SortedMap<LocalDate, Long> history = new TreeMap<>();
    from.datesUntil(TODAY).forEach(day -> history.put(day, (long) day.getDayOfWeek().getValue()));
    return history;
  }

  @Test
  void daysToCome_costTheMedianOfTheirWeekday() {
    SortedMap<LocalDate, Long> history = history(LocalDate.of(2026, 10, 1));
    long spent = history.tailMap(NOVEMBER.first()).values().stream().mapToLong(c -> c).sum();
    // One outlier of four Fridays does not count.
    history.put(LocalDate.of(2026, 11, 20), 1000L);

    Forecast forecast = Forecast.of(NOVEMBER, TODAY, history).orElseThrow();

    assertThat(forecast.basisDays()).isEqualTo(28);
    assertThat(forecast.byDay().values()).containsExactly(4L, 5L, 6L, 7L, 1L);
    assertThat(forecast.totalNanoUsd()).isEqualTo(spent + 995 + 4 + 5 + 6 + 7 + 1);
  }

  @Test
  void today_countsWhatWasSpent_whereThatIsMore() {
    SortedMap<LocalDate, Long> history = history(LocalDate.of(2026, 10, 1));
    history.put(TODAY, 50L);

    Forecast forecast = Forecast.of(NOVEMBER, TODAY, history).orElseThrow();

    assertThat(forecast.byDay().get(TODAY)).isZero();
  }

  @Test
  void historyOfFewDays_orAPeriodThatIsOver_hasNoForecast() {
    assertThat(Forecast.of(NOVEMBER, TODAY, history(TODAY.minusDays(6)))).isEmpty();
    assertThat(Forecast.of(NOVEMBER, TODAY, new TreeMap<>())).isEmpty();
    assertThat(Forecast.of(NOVEMBER.previous(), TODAY, history(LocalDate.of(2026, 10, 1))))
        .isEmpty();
  }
}
