package dev.prguard.insight.report;

import dev.prguard.insight.demo.DemoHistory;
import dev.prguard.trace.SpanRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reports on demo data.
final class ReportFixture {
  static final ZoneId UTC = ZoneId.of("UTC");
  static final ReportPeriod NOVEMBER = ReportPeriod.of(YearMonth.of(2026, 11), UTC);
  static final Instant NOW = Instant.parse("2026-11-26T15:00:00Z");

  private ReportFixture() {}

  /// From the first of September to the 26th of November 2026.
  static List<SpanRecord> demo(int reviewsPerWeekday) {
    return new DemoHistory(
            LocalDate.of(2026, 9, 1), LocalDate.of(2026, 11, 26), 1, reviewsPerWeekday)
        .reviews()
        .flatMap(List::stream)
        .toList();
  }

  static ReportRequest request(ReportPeriod period, @Nullable Long budgetNanoUsd) {
    return new ReportRequest(
        period, new ReportSource.Embedded("data folder"), null, budgetNanoUsd, NOW);
  }

  static CostReport report(ReportPeriod period, List<SpanRecord> spans) {
    return ReportBuilder.build(request(period, null), SpanSums.facts(period, spans));
  }
}
