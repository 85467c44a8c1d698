package dev.prguard.insight.report;

import dev.prguard.insight.alert.Slo;
import dev.prguard.insight.report.CostReport.Review;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The answers that a report is made from, over its period and the one before.
///
/// @param cells sums by day, operation and model; cells without operations are left out
/// @param reviews by day and `workflow.status`
/// @param findings by day
/// @param verifiedPatches by day
/// @param promises what became of each objective
/// @param p95Ms of operations in the period, ms, or null where it is not known
/// @param previousP95Ms the same, of the period before
/// @param p95ByOperation the same, by `operation.type`, in the period
/// @param origins by repository and author, in the period
/// @param dearest the dearest reviews of the period, the dearest first
/// @param outliers what lies beyond the fence of reviews, or null where it is not known
/// @param unpriced reviews of the period with a cost that is not known whole: some of them
/// @param incomplete reviews of the period that are not `reviewed`: some of them
/// @param demoSpans spans of the period that were made up
/// @param importedSpans spans of the period that came from a cost log
/// @param omitted what the source cannot give, with the reason
record Facts(
    Map<Cell, Tally> cells,
    Map<LocalDate, Map<String, Long>> reviews,
    Map<LocalDate, Long> findings,
    Map<LocalDate, Long> verifiedPatches,
    List<Promise> promises,
    @Nullable Double p95Ms,
    @Nullable Double previousP95Ms,
    Map<String, Double> p95ByOperation,
    Map<Origin, OriginTally> origins,
    List<Review> dearest,
    @Nullable Outliers outliers,
    List<Review> unpriced,
    List<Review> incomplete,
    long demoSpans,
    long importedSpans,
    List<String> omitted) {

  record Cell(LocalDate day, String operation, String model) {
    static final Comparator<Cell> ORDER =
        Comparator.comparing(Cell::day).thenComparing(Cell::operation).thenComparing(Cell::model);
  }

  /// @param broken operations by day that broke it
  /// @param measured operations by day that could have
  record Promise(Slo slo, Map<LocalDate, Long> broken, Map<LocalDate, Long> measured) {}

  record Origin(String repository, String author) {}

  record OriginTally(long nanoUsd, long reviews, long findings) {
    static final OriginTally ZERO = new OriginTally(0, 0, 0);

    OriginTally plus(OriginTally other) {
      return new OriginTally(
          nanoUsd + other.nanoUsd, reviews + other.reviews, findings + other.findings);
    }
  }

  /// @param fenceUsd USD: the upper Tukey fence of the logarithms, Q3 * (Q3 / Q1)^1.5
  /// @param count how many reviews cost more
  /// @param some of them, the dearest first
  record Outliers(double fenceUsd, long count, List<Review> some) {}
}
