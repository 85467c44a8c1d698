package dev.prguard.store.column;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/// Exact quantiles.
final class Quantiles {
  private Quantiles() {}

  /// The values of rank ceil(q * n), at least 1.
  ///
  /// @param values without NaN, 1 or more; their order changes
  static List<Double> of(double[] values, int count, List<Double> quantiles) {
    List<Double> list = new ArrayList<>();
    for (double q : quantiles) {
      list.add(select(values, count, Math.clamp((int) Math.ceil(q * count), 1, count) - 1));
    }
    return list;
  }

  /// The same over several lists.
  ///
  /// @param runs ascending
  /// @param values as above
  static List<Double> of(
      List<PackedDoubles> runs, double[] values, int count, List<Double> quantiles) {
    if (runs.isEmpty()) {
      return of(values, count, quantiles);
    }
    Arrays.sort(values, 0, count);
    long all = count;
    for (PackedDoubles run : runs) {
      all += run.rows();
    }
    List<Double> list = new ArrayList<>();
    for (double q : quantiles) {
      long rank = Math.clamp((long) Math.ceil(q * all), 1, all);
      list.add(
          count == 0 && runs.size() == 1
              ? runs.getFirst().get((int) rank - 1)
              : bisected(runs, values, count, rank));
    }
    return list;
  }

  /// The least double that so many are not over. Doubles are as many as longs, in an order of
  /// theirs: 64 halvings find it.
  private static double bisected(List<PackedDoubles> runs, double[] values, int count, long rank) {
    long low = ordered(Double.NEGATIVE_INFINITY);
    long high = ordered(Double.POSITIVE_INFINITY);
    while (low < high) {
      // Half of the sum, which may not fit.
      long middle = (low & high) + ((low ^ high) >> 1);
      double bound = value(middle);
      long within = notOver(bound, count, at -> values[at]);
      for (PackedDoubles run : runs) {
        within += notOver(bound, run.rows(), run::get);
      }
      if (within >= rank) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return value(low);
  }

  private static int notOver(double bound, int count, IntToDoubleFunction ascending) {
    int from = 0;
    int to = count;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (Double.compare(ascending.applyAsDouble(middle), bound) <= 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /// In the order of [Double#compare].
  private static long ordered(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  private static double value(long ordered) {
    return Double.longBitsToDouble(ordered ^ ((ordered >> 63) & Long.MAX_VALUE));
  }

  /// Hoare's selection: what sorting would bring to a place, in linear time. Values that would make
  /// it quadratic are sorted instead.
  static double select(double[] values, int count, int place) {
    int from = 0;
    int to = count - 1;
    int patience = 2 * (32 - Integer.numberOfLeadingZeros(count));
    while (from < to) {
      if (patience-- == 0) {
        Arrays.sort(values, from, to + 1);
        return values[place];
      }
      double pivot = median(values[from], values[(from + to) >>> 1], values[to]);
      int low = from;
      int high = to;
      while (low <= high) {
        while (values[low] < pivot) {
          low++;
        }
        while (values[high] > pivot) {
          high--;
        }
        if (low <= high) {
          double swapped = values[low];
          values[low] = values[high];
          values[high] = swapped;
          low++;
          high--;
        }
      }
      if (place <= high) {
        to = high;
      } else if (place >= low) {
        from = low;
      } else {
        return values[place];
      }
    }
    return values[place];
  }

  private static double median(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
