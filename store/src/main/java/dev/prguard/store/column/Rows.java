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

  static long bytes(@Nullable BitSet rows) {
    return rows == null ? 0 : rows.size() / 8;
  }

  /// Rows whose code is wanted; -1 never is. As the others here word by word, and without a call
  /// for each row: several times faster.
  static BitSet ofCodes(PackedLongs codes, boolean[] wanted) {
    return of(
        codes.rows(),
        codes::read,
        new long[PackedLongs.FRAME],
        (values, from, to) -> {
          long bits = 0;
          for (int i = from; i < to; i++) {
            int code = (int) values[i];
            if (code >= 0 && wanted[code]) {
              bits |= 1L << i;
            }
          }
          return bits;
        });
  }

  /// Rows whose value lies in [least, most], or, if not inside, those whose value does not.
  static BitSet ofLongs(PackedLongs longs, long least, long most, boolean inside) {
    long[] words = new long[(longs.rows() + 63) / 64];
    long[] values = new long[PackedLongs.FRAME];
    for (int frame = 0; frame < longs.frames(); frame++) {
      int first = frame * PackedLongs.FRAME;
      int count = Math.min(PackedLongs.FRAME, longs.rows() - first);
      long low = longs.least(frame);
      long high = longs.most(frame);
      // Times ascend, more or less: of most frames the bounds tell.
      boolean bounded = high >= low;
      if (bounded && low >= least && high <= most) {
        for (int at = 0; at < count; at += 64) {
          words[(first + at) / 64] = count - at >= 64 ? -1 : -1L >>> (64 - (count - at));
        }
      } else if (!bounded || (low <= most && high >= least)) {
        longs.read(frame, values);
        for (int i = 0; i < count; i++) {
          if (values[i] >= least && values[i] <= most) {
            words[(first + i) / 64] |= 1L << i;
          }
        }
      }
    }
    BitSet rows = BitSet.valueOf(words);
    if (!inside) {
      rows.flip(0, longs.rows());
    }
    return rows;
  }

  static BitSet ofDoubles(PackedDoubles doubles, Comparison comparison, double right) {
    return of(
        doubles.rows(),
        doubles::read,
        new double[PackedLongs.FRAME],
        (values, from, to) -> {
          long bits = 0;
          for (int i = from; i < to; i++) {
            if (ValueTest.test(comparison, values[i], right)) {
              bits |= 1L << i;
            }
          }
          return bits;
        });
  }

  @FunctionalInterface
  private interface Read<A> {
    void frame(int frame, A into);
  }

  @FunctionalInterface
  private interface Test<A> {
    /// @return a bit for each place that is wanted, at most 64 of them; as shifts have it, the bit
    ///   of a place is its number modulo 64
    long bits(A values, int from, int to);
  }

  private static <A> BitSet of(int rows, Read<A> read, A values, Test<A> test) {
    long[] words = new long[(rows + 63) / 64];
    int wordsOfFrame = PackedLongs.FRAME / 64;
    for (int word = 0; word < words.length; word++) {
      int place = word % wordsOfFrame;
      if (place == 0) {
        read.frame(word / wordsOfFrame, values);
      }
      int from = place * 64;
      words[word] = test.bits(values, from, Math.min(from + 64, from + rows - word * 64));
    }
    return BitSet.valueOf(words);
  }
}
