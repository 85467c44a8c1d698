package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the numbers of one field, row by row.
final class Numbers {
  private final Column[] columns;

  /// Of each column one of these, by its type.
  private final PackedLongs.@Nullable Cursor[] longs;

  private final PackedDoubles.@Nullable Cursor[] doubles;
  boolean isLong;
  long asLong;
  double asDouble;

  Numbers(List<Column> list) {
    columns = list.toArray(Column[]::new);
    longs = new PackedLongs.Cursor[columns.length];
    doubles = new PackedDoubles.Cursor[columns.length];
    for (int i = 0; i < columns.length; i++) {
      switch (columns[i]) {
        case Column.Longs(PackedLongs values, _) -> longs[i] = new PackedLongs.Cursor(values);
        case Column.Doubles(PackedDoubles values, _) ->
            doubles[i] = new PackedDoubles.Cursor(values);
        case Column.Coded _ -> {}
      }
    }
  }

  void enter(int frame, boolean few) {
    for (PackedLongs.Cursor cursor : longs) {
      if (cursor != null) {
        cursor.enter(frame, few);
      }
    }
    for (PackedDoubles.Cursor cursor : doubles) {
      if (cursor != null) {
        cursor.enter(frame, few);
      }
    }
  }

  /// @return false where the row has no number
  boolean read(int row) {
    for (int i = 0; i < columns.length; i++) {
      switch (columns[i]) {
        case Column.Longs(_, BitSet missing) -> {
          PackedLongs.Cursor cursor = longs[i];
          if (cursor != null && (missing == null || !missing.get(row))) {
            return isLong(cursor.get(row));
          }
        }
        case Column.Doubles(_, BitSet missing) -> {
          PackedDoubles.Cursor cursor = doubles[i];
          if (cursor != null && (missing == null || !missing.get(row))) {
            isLong = false;
            asDouble = cursor.get(row);
            return true;
          }
        }
        case Column.Coded coded -> {
          AttributeValue value = coded.value(row);
          if (value instanceof LongValue(long number)) {
            return isLong(number);
          }
          if (value instanceof DoubleValue(double number)) {
            isLong = false;
            asDouble = number;
            return true;
          }
          if (value != null) {
            return false;
          }
        }
      }
    }
    return false;
  }

  private boolean isLong(long number) {
    isLong = true;
    asLong = number;
    asDouble = number;
    return true;
  }

  /// Whether [#read(int, int[], int, double[])] can.
  boolean isPlain() {
    return columns.length == 1 && !(columns[0] instanceof Column.Coded);
  }

  /// Reads rows of the frame that was entered, if none of them is one of few.
  ///
  /// @param places in the frame; those of rows without a number are taken out
  /// @param into the numbers of those that stay
  /// @return how many stay; negative where a number is NaN
  int read(int frame, int[] places, int length, double[] into) {
    int first = frame * PackedLongs.FRAME;
    return switch (columns[0]) {
      case Column.Longs(_, BitSet missing) -> {
        int count = missing == null ? length : present(missing, first, places, length);
        long[] values = Objects.requireNonNull(longs[0]).values();
        for (int i = 0; i < count; i++) {
          into[i] = values[places[i]];
        }
        yield count;
      }
      case Column.Doubles(_, BitSet missing) -> {
        int count = missing == null ? length : present(missing, first, places, length);
        PackedDoubles.Cursor cursor = Objects.requireNonNull(doubles[0]);
        boolean nan = false;
        for (int i = 0; i < count; i++) {
          into[i] = cursor.get(first + places[i]);
          nan |= Double.isNaN(into[i]);
        }
        yield nan ? -1 : count;
      }
      case Column.Coded _ -> throw new IllegalStateException();
    };
  }

  private static int present(BitSet missing, int first, int[] places, int length) {
    int count = 0;
    for (int i = 0; i < length; i++) {
      int place = places[i];
      places[count] = place;
      count += missing.get(first + place) ? 0 : 1;
    }
    return count;
  }
}
