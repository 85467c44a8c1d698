package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Values of rows 0, 1, ... of one type; a row may have none. Sets are shared, not copied: who gets
/// a column does not write to it.
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
  record Coded(PackedLongs codes, List<@Nullable AttributeValue> dictionary) implements Column {
    @Override
    public int rows() {
      return codes.rows();
    }

    /// -1 for none.
    public int code(int row) {
      return (int) codes.get(row);
    }

    @Override
    public @Nullable AttributeValue value(int row) {
      int code = code(row);
      return code < 0 ? null : dictionary.get(code);
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
      return codes.bytes() + 80L * dictionary.size();
    }
  }

  /// @param missing null where each row has a value
  record Longs(PackedLongs values, @Nullable BitSet missing) implements Column {
    @Override
    public int rows() {
      return values.rows();
    }

    @Override
    public @Nullable AttributeValue value(int row) {
      return missing != null && missing.get(row) ? null : AttributeValue.of(values.get(row));
    }

    @Override
    public BitSet present() {
      return Rows.allBut(rows(), missing);
    }

    @Override
    public long bytes() {
      return values.bytes() + Rows.bytes(missing);
    }
  }

  /// @param missing null where each row has a value
  record Doubles(PackedDoubles values, @Nullable BitSet missing) implements Column {
    @Override
    public int rows() {
      return values.rows();
    }

    @Override
    public @Nullable AttributeValue value(int row) {
      return missing != null && missing.get(row) ? null : AttributeValue.of(values.get(row));
    }

    @Override
    public BitSet present() {
      return Rows.allBut(rows(), missing);
    }

    @Override
    public long bytes() {
      return values.bytes() + Rows.bytes(missing);
    }
  }
}
