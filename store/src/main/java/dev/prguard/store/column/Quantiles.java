package dev.prguard.store.column;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
