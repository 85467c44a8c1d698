package dev.prguard.insight.report;

import dev.prguard.insight.report.CostReport.DayAnomaly;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// Days that cost far more than days of their kind, working days and weekends apart: more than the
/// median and five robust standard deviations (1.4826 times the median absolute deviation, and at
/// least a tenth of the median), of the period and the one before; and more than the median of all
/// days. Days without cost do not count.
final class DayFence {
  static final int LEAST_DAYS = 8;

  private static final double DEVIATIONS = 5;
  private static final double NORMAL = 1.4826;

  private DayFence() {}

  static List<DayAnomaly> anomalies(ReportPeriod period, SortedMap<LocalDate, Long> costs) {
    List<DayAnomaly> anomalies = new ArrayList<>();
    List<Long> all = costs.values().stream().filter(cost -> cost > 0).toList();
    for (Map.Entry<LocalDate, Long> day : costs.entrySet()) {
      if (!period.contains(day.getKey())) {
        continue;
      }
      List<Long> kind = new ArrayList<>();
      costs.forEach((other, cost) -> {
        if (cost > 0 && weekend(other) == weekend(day.getKey())) {
          kind.add(cost);
        }
      });
      if (kind.size() < LEAST_DAYS) {
        continue;
      }
      double median = median(kind);
      double spread =
          NORMAL * median(kind.stream().map(cost -> Math.abs(cost - Math.round(median))).toList());
      double fence = median + DEVIATIONS * Math.max(spread, median / 10);
      if (day.getValue() > Math.max(fence, median(all))) {
        anomalies.add(
            new DayAnomaly(day.getKey(), day.getValue(), Math.round(median), Math.round(fence)));
      }
    }
    return anomalies;
  }

  private static boolean weekend(LocalDate day) {
    return day.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0;
  }

  /// @param values one at least
  static double median(Collection<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0;
  }
}
