package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Values of rows 0, 1, ... of one type; a row may have none. Arrays are shared, not copied: who
/// gets a column does not write to it.
public sealed interface Column {
  int rows();

  @Nullable AttributeValue value(int row);

  /// Rows that have a value.
  BitSet present();

  /// What it takes in memory, about, in bytes.
  long bytes();

  /// Few values, many rows.
  ///
  /// @param codes a place in the dictionary, or -1 for none
  /// @param dictionary null for none: several codes may mean that
  @SuppressWarnings("ArrayRecordComponent") // shared, and never compared
  record Coded(int[] codes, List<@Nullable AttributeValue> dictionary) implements Column {
    @Override
    public int rows() {
      return codes.length;
    }

    @Override
    public @Nullable AttributeValue value(int row) {
      return codes[row] < 0 ? null : dictionary.get(codes[row]);
    }

    @Override
    public BitSet present() {
      boolean[] has = new boolean[dictionary.size()];
      for (int code = 0; code < has.length; code++) {
        has[code] = dictionary.get(code) != null;
      }
      return rows(has);
    }

    /// Rows whose code is one of those.
    BitSet rows(boolean[] wanted) {
      return Rows.ofCodes(codes, wanted);
    }

    @Override
    public long bytes() {
      return 4L * codes.length + 80L * dictionary.size();
    }
  }

  /// @param missing null where each row has a value
  @SuppressWarnings("ArrayRecordComponent") // shared, and never compared
  record Longs(long[] values, @Nullable BitSet missing) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public @Nullable AttributeValue value(int row) {
      return missing != null && missing.get(row) ? null : AttributeValue.of(values[row]);
    }

    @Override
    public BitSet present() {
      return Rows.allBut(values.length, missing);
    }

    @Override
    public long bytes() {
      return 8L * values.length + values.length / 8;
    }
  }

  /// @param missing null where each row has a value
  @SuppressWarnings("ArrayRecordComponent") // shared, and never compared
  record Doubles(double[] values, @Nullable BitSet missing) implements Column {
    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public @Nullable AttributeValue value(int row) {
      return missing != null && missing.get(row) ? null : AttributeValue.of(values[row]);
    }

    @Override
    public BitSet present() {
      return Rows.allBut(values.length, missing);
    }

    @Override
    public long bytes() {
      return 8L * values.length + values.length / 8;
    }
  }
}
