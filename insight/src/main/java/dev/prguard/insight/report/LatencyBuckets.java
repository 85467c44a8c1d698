package dev.prguard.insight.report;

import java.util.Map;
import java.util.SortedMap;

/// Quantiles of a histogram with power-of-two buckets, by the rule of Tempo's `quantile_over_time`,
/// so that counts of several windows can be added up first.
final class LatencyBuckets {
  private LatencyBuckets() {}

  /// @param counts by the upper bound of each bucket, a power of two
  /// @param q 0..1
  static double quantile(SortedMap<Double, Double> counts, double q) {
    double total = counts.values().stream().mapToDouble(Double::doubleValue).sum();
    double need = Math.max(1, Math.ceil(q * total));
    double seen = 0;
    double below = Double.NaN;
    for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
      double bound = bucket.getKey();
      double count = bucket.getValue();
      if (count <= 0) {
        continue;
      }
      if (seen + count >= need) {
        double high = Math.log(bound) / Math.log(2);
        double low = Double.isNaN(below) ? high - 1 : Math.log(below) / Math.log(2);
        return Math.pow(2, low + (high - low) * (need - seen) / count);
      }
      seen += count;
      below = bound;
    }
    return below;
  }
}
