package dev.prguard.traceql.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Tempo's histogram: buckets of powers of two (pkg/traceql/engine_metrics.go, Log2Quantile).
final class Log2Buckets {
  private Log2Buckets() {}

  /// The exponent of the smallest power of two that is at least the value; -1 for values below 2,
  /// which Tempo drops.
  static int exponent(long value) {
    return value < 2 ? -1 : Long.SIZE - Long.numberOfLeadingZeros(value - 1);
  }

  /// The estimate of a quantile: exponential interpolation inside the bucket of its rank, from the
  /// bucket before that is not empty.
  ///
  /// @param counts by exponent
  /// @return a value of the unit of the buckets; 0 when there are none
  static double quantile(double quantile, Map<Integer, Long> counts) {
    List<Map.Entry<Integer, Long>> buckets = new ArrayList<>(new TreeMap<>(counts).entrySet());
    buckets.removeIf(bucket -> bucket.getValue() == 0);
    long total = buckets.stream().mapToLong(Map.Entry::getValue).sum();
    if (total == 0) {
      return 0;
    }
    long need = Math.max(1, (long) Math.ceil(quantile * total));
    long running = 0;
    int bucket = 0;
    while (bucket < buckets.size() && running + buckets.get(bucket).getValue() <= need) {
      running += buckets.get(bucket).getValue();
      bucket++;
      if (running == need) {
        return Math.pow(2, buckets.get(bucket - 1).getKey());
      }
    }
    double fraction = (double) (need - running) / buckets.get(bucket).getValue();
    double high = buckets.get(bucket).getKey();
    double low = bucket > 0 ? buckets.get(bucket - 1).getKey() : high - 1;
    return Math.pow(2, low + (high - low) * fraction);
  }
}
