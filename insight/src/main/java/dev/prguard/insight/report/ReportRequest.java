package dev.prguard.insight.report;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What to report on.
///
/// @param repository `owner/repo`, or null for all
/// @param budgetNanoUsd the limit of a month in nano-dollars, or null
/// @param now when the report is made: later days of the period are forecast
public record ReportRequest(
    ReportPeriod period,
    ReportSource source,
    @Nullable String repository,
    @Nullable Long budgetNanoUsd,
    Instant now) {

  LocalDate today() {
    return LocalDate.ofInstant(now, period.zone());
  }
}
