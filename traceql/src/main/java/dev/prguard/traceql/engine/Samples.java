package dev.prguard.traceql.engine;

import java.util.Arrays;

/// What one series has counted, by interval. Sums are compensated (Neumaier), because a day of
/// cents added up one by one drifts.
final class Samples {
  private final long[] counts;
  private final double[] sums;
  private final double[] corrections;
  private final double[] least;
  private final double[] greatest;
  private final boolean keepsValues;
  private double[][] values = new double[0][];

  /// @param keepsValues whether every value is kept, for exact quantiles
  Samples(int intervals, boolean keepsValues) {
    this.counts = new long[intervals];
    this.sums = new double[intervals];
    this.corrections = new double[intervals];
    this.least = new double[intervals];
    this.greatest = new double[intervals];
    this.keepsValues = keepsValues;
    if (keepsValues) {
      values = new double[intervals][];
    }
  }

  void count(int interval, long spans) {
    counts[interval] += spans;
  }

  void add(int interval, double value) {
    long before = counts[interval]++;
    addSum(interval, value);
    least[interval] = before == 0 ? value : Math.min(least[interval], value);
    greatest[interval] = before == 0 ? value : Math.max(greatest[interval], value);
    if (keepsValues) {
      double[] kept = values[interval];
      if (kept == null) {
        kept = new double[4];
      } else if (before == kept.length) {
        kept = Arrays.copyOf(kept, kept.length * 2);
      }
      kept[(int) before] = value;
      values[interval] = kept;
    }
  }

  /// What a store has aggregated already.
  void merge(int interval, long spans, double sum, double min, double max) {
    least[interval] = counts[interval] == 0 ? min : Math.min(least[interval], min);
    greatest[interval] = counts[interval] == 0 ? max : Math.max(greatest[interval], max);
    counts[interval] += spans;
    addSum(interval, sum);
  }

  private void addSum(int interval, double value) {
    double sum = sums[interval];
    double total = sum + value;
    corrections[interval] +=
        Math.abs(sum) >= Math.abs(value) ? (sum - total) + value : (value - total) + sum;
    sums[interval] = total;
  }

  long count(int interval) {
    return counts[interval];
  }

  double sum(int interval) {
    double sum = sums[interval] + corrections[interval];
    return Double.isNaN(sum) ? sums[interval] : sum;
  }

  double least(int interval) {
    return least[interval];
  }

  double greatest(int interval) {
    return greatest[interval];
  }

  /// The value of rank ceil(q * n), at least 1; 0 without values.
  double quantile(int interval, double quantile) {
    int count = (int) counts[interval];
    if (count == 0) {
      return 0;
    }
    double[] sorted = Arrays.copyOf(values[interval], count);
    Arrays.sort(sorted);
    return sorted[Math.clamp((int) Math.ceil(quantile * count), 1, count) - 1];
  }
}
