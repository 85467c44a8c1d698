package dev.prguard.insight.report;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A cost report, exact: money in nano-dollars, rounded only where it is printed.
///
/// @param days each day of the period up to the last one that has begun, empty ones included
/// @param cells the finest sums, by day, operation and model
/// @param operations by `operation.type`, in the order of a review
/// @param models by `cost.model`, the dearest first
/// @param forecast null when the period is over or the history too short
/// @param budget null without a limit
/// @param unpriced by operation and model: operations whose cost is not known whole
/// @param omitted what the source could not give, with the reason
public record CostReport(
    ReportRequest request,
    Summary summary,
    Summary previous,
    List<Day> days,
    List<CellSum> cells,
    List<Group> operations,
    List<Group> models,
    List<OriginGroup> repositories,
    List<OriginGroup> authors,
    List<Review> dearest,
    List<DayAnomaly> dayAnomalies,
    @Nullable ReviewAnomalies reviewAnomalies,
    @Nullable Forecast forecast,
    @Nullable BudgetStatus budget,
    List<ObjectiveStatus> objectives,
    List<Unpriced> unpriced,
    List<Review> unpricedReviews,
    List<Review> incompleteReviews,
    Origin origin,
    List<String> omitted) {

  public boolean isEmpty() {
    return summary.tally().operations() == 0 && summary.reviews() == 0;
  }

  /// @param p95Ms ms, of operations; null where it is not known
  public record Summary(
      Tally tally,
      long reviewed,
      long partial,
      long notReviewed,
      long findings,
      long verifiedPatches,
      @Nullable Double p95Ms) {
    public long reviews() {
      return reviewed + partial + notReviewed;
    }
  }

  /// @param byModel nano-dollars by model
  public record Day(LocalDate date, Tally tally, long reviews, Map<String, Long> byModel) {}

  public record CellSum(LocalDate day, String operation, String model, Tally tally) {}

  /// @param p95Ms ms, or null where it is not known
  public record Group(String name, Tally tally, @Nullable Double p95Ms) {}

  public record OriginGroup(String name, long nanoUsd, long reviews, long findings) {}

  /// @param usd what its root span says, USD; null where it is not known
  /// @param startNanos ns since the epoch
  public record Review(
      String traceId,
      String pullRequest,
      String author,
      String status,
      @Nullable Double usd,
      long startNanos,
      String detail) {}

  /// @param fenceNanoUsd above which a day of its kind is out of the ordinary
  /// @param medianNanoUsd of the days of its kind
  public record DayAnomaly(LocalDate date, long nanoUsd, long medianNanoUsd, long fenceNanoUsd) {}

  public record ReviewAnomalies(double fenceUsd, long count, List<Review> some) {}

  /// @param limitNanoUsd of the period's month
  public record BudgetStatus(long limitNanoUsd, long spentNanoUsd, @Nullable Long forecastNanoUsd) {
    public boolean exceeded() {
      return spentNanoUsd > limitNanoUsd;
    }

    public boolean willExceed() {
      return forecastNanoUsd != null && forecastNanoUsd > limitNanoUsd;
    }
  }

  /// @param good operations that met the objective
  /// @param total operations that it is about
  /// @param target the share that should meet it, 0..1
  public record ObjectiveStatus(String name, long good, long total, double target) {
    public boolean met() {
      return good >= target * total;
    }
  }

  public record Unpriced(String operation, String model, long operations) {}

  /// @param demoSpans made up by `demo-data`
  /// @param importedSpans brought in by `import`
  public record Origin(long demoSpans, long importedSpans) {}
}
