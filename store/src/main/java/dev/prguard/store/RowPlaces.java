package dev.prguard.store;

import dev.prguard.store.column.Column;
import dev.prguard.store.column.PackedDoubles;
import dev.prguard.store.column.PackedLongs;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Puts columns of a table, as they are read, in the order that the rows have in a block.
///
/// @param places of each row its place, all different
@SuppressWarnings("ArrayRecordComponent") // never compared
record RowPlaces(int[] places) {

  /// Of the rows that have a place.
  static RowPlaces of(int[] placesOrNegative) {
    return new RowPlaces(Arrays.stream(placesOrNegative).filter(place -> place >= 0).toArray());
  }

  Column.Longs placed(Column.Longs column) {
    BitSet missing = placed(column.missing());
    long[] values = placed(column.values());
    PackedLongs.Builder builder = new PackedLongs.Builder(values.length);
    for (int row = 0; row < values.length; row++) {
      if (missing.get(row)) {
        builder.addMissing();
      } else {
        builder.add(values[row]);
      }
    }
    return new Column.Longs(builder.build(), builder.missing());
  }

  Column.Doubles placed(Column.Doubles column) {
    BitSet missing = placed(column.missing());
    double[] values = new double[column.rows()];
    for (int row = 0; row < values.length; row++) {
      values[places[row]] = column.values().get(row);
    }
    PackedDoubles.Builder builder = new PackedDoubles.Builder(values.length);
    for (int row = 0; row < values.length; row++) {
      if (missing.get(row)) {
        builder.addMissing();
      } else {
        builder.add(values[row]);
      }
    }
    return new Column.Doubles(builder.build(), builder.missing());
  }

  Column.Coded placed(Column.Coded column) {
    return new Column.Coded(PackedLongs.of(placed(column.codes())), column.dictionary());
  }

  long[] placed(PackedLongs values) {
    long[] placed = new long[values.rows()];
    for (int row = 0; row < placed.length; row++) {
      placed[places[row]] = values.get(row);
    }
    return placed;
  }

  private BitSet placed(@Nullable BitSet rows) {
    BitSet placed = new BitSet();
    if (rows != null) {
      rows.stream().forEach(row -> placed.set(places[row]));
    }
    return placed;
  }
}
