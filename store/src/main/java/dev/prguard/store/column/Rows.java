package dev.prguard.store.column;

import dev.prguard.trace.query.SpanPredicate.Comparison;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Sets of rows.
final class Rows {
  private Rows() {}

  static BitSet all(int rows) {
    BitSet all = new BitSet(rows);
    all.set(0, rows);
    return all;
  }

  static BitSet allBut(int rows, @Nullable BitSet missing) {
    BitSet rest = all(rows);
    if (missing != null) {
      rest.andNot(missing);
    }
    return rest;
  }

  /// Rows whose code is wanted; -1 never is. As the others here word by word, and without a call
  /// for each row: several times faster.
  static BitSet ofCodes(int[] codes, boolean[] wanted) {
    long[] words = new long[(codes.length + 63) / 64];
    for (int word = 0; word < words.length; word++) {
      int from = word << 6;
      int to = Math.min(codes.length, from + 64);
      long bits = 0;
      for (int row = from; row < to; row++) {
        int code = codes[row];
        if (code >= 0 && wanted[code]) {
          bits |= 1L << row;
        }
      }
      words[word] = bits;
    }
    return BitSet.valueOf(words);
  }

  /// Rows whose value lies in [least, most], or, if not inside, those whose value does not.
  static BitSet ofLongs(long[] values, long least, long most, boolean inside) {
    long[] words = new long[(values.length + 63) / 64];
    for (int word = 0; word < words.length; word++) {
      int from = word << 6;
      int to = Math.min(values.length, from + 64);
      long bits = 0;
      for (int row = from; row < to; row++) {
        long value = values[row];
        if ((value >= least && value <= most) == inside) {
          bits |= 1L << row;
        }
      }
      words[word] = bits;
    }
    return BitSet.valueOf(words);
  }

  static BitSet ofDoubles(double[] values, Comparison comparison, double right) {
    long[] words = new long[(values.length + 63) / 64];
    for (int word = 0; word < words.length; word++) {
      int from = word << 6;
      int to = Math.min(values.length, from + 64);
      long bits = 0;
      for (int row = from; row < to; row++) {
        if (ValueTest.test(comparison, values[row], right)) {
          bits |= 1L << row;
        }
      }
      words[word] = bits;
    }
    return BitSet.valueOf(words);
  }
}
