package dev.prguard.store;

import dev.prguard.store.column.Column;
import dev.prguard.store.column.LongIndex;
import dev.prguard.store.column.PackedDoubles;
import dev.prguard.store.column.PackedLongs;
import dev.prguard.trace.AttributeValue;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/// Whole columns of one Parquet file, or of a table, taken out of DuckDB vector by vector.
///
/// @param from what SQL selects from
/// @param rows how many that has
/// @param places where the rows of what is read go; null where they stay in their order
record VectorReader(DuckDb.Session session, String from, int rows, @Nullable RowPlaces places) {

  private Column.Coded placed(Column.Coded column) {
    return places == null ? column : places.placed(column);
  }

  @FunctionalInterface
  private interface Vectors {
    void next(DuckDBDataChunkReader chunk, int count);
  }

  private void vectors(String expressions, Vectors vectors) throws SQLException {
    int[] at = new int[1];
    session.chunks(
        "SELECT " + expressions + " FROM " + from,
        chunk -> {
          int count = (int) chunk.rowCount();
          requireRows(at[0] + count);
          vectors.next(chunk, count);
          at[0] += count;
        });
  }

  private void requireRows(int count) throws SQLException {
    if (count > rows) {
      throw new SQLException(from + ": more than its " + rows + " spans");
    }
  }

  // The driver looks into a vector's nulls several times for each value, with divisions: where
  // DuckDB puts a number in their place, a column is read in a third of the time.

  Column.Longs longs(String name) throws SQLException {
    PackedLongs.Builder values = new PackedLongs.Builder(rows);
    String sql = DuckDb.identifier(name);
    vectors(
        "coalesce(%s, %d), %s IS NULL".formatted(sql, Long.MAX_VALUE, sql),
        (chunk, count) -> {
          DuckDBReadableVector numbers = chunk.vector(0);
          DuckDBReadableVector missing = chunk.vector(1);
          for (int i = 0; i < count; i++) {
            long value = numbers.getLong(i);
            if (value == Long.MAX_VALUE && missing.getBoolean(i)) {
              values.addMissing();
            } else {
              values.add(value);
            }
          }
        });
    Column.Longs column = new Column.Longs(values.build(), values.missing());
    return places == null ? column : places.placed(column);
  }

  Column.Doubles doubles(String name) throws SQLException {
    PackedDoubles.Builder values = new PackedDoubles.Builder(rows);
    String sql = DuckDb.identifier(name);
    vectors(
        "coalesce(%s, 'NaN'::DOUBLE), %s IS NULL".formatted(sql, sql),
        (chunk, count) -> {
          DuckDBReadableVector numbers = chunk.vector(0);
          DuckDBReadableVector missing = chunk.vector(1);
          for (int i = 0; i < count; i++) {
            double value = numbers.getDouble(i);
            if (Double.isNaN(value) && missing.getBoolean(i)) {
              values.addMissing();
            } else {
              values.add(value);
            }
          }
        });
    Column.Doubles column = new Column.Doubles(values.build(), values.missing());
    return places == null ? column : places.placed(column);
  }

  Column.Coded booleans(String name) throws SQLException {
    PackedLongs.Builder codes = new PackedLongs.Builder(rows);
    vectors(
        DuckDb.identifier(name),
        (chunk, count) -> {
          DuckDBReadableVector vector = chunk.vector(0);
          for (int i = 0; i < count; i++) {
            codes.add(vector.isNull(i) ? -1 : vector.getBoolean(i) ? 1 : 0);
          }
        });
    return placed(
        new Column.Coded(
            codes.build(), List.of(AttributeValue.of(false), AttributeValue.of(true))));
  }

  Column.Coded strings(String name) throws SQLException {
    List<@Nullable AttributeValue> dictionary = new ArrayList<>();
    PackedLongs codes =
        hashed(name, rows, row -> dictionary.add(AttributeValue.of(row.getString(2))));
    return placed(codes == null ? byText(name) : new Column.Coded(codes, dictionary));
  }

  /// A column of at most so many different texts; null for any other.
  Column.@Nullable Coded fewStrings(String name, int most) throws SQLException {
    List<@Nullable AttributeValue> dictionary = new ArrayList<>();
    PackedLongs codes =
        hashed(name, most, row -> dictionary.add(AttributeValue.of(row.getString(2))));
    return codes == null ? null : placed(new Column.Coded(codes, dictionary));
  }

  /// The different texts of a column.
  TextIndex texts(String name) throws SQLException {
    TextIndex.Builder texts = new TextIndex.Builder();
    String column = DuckDb.identifier(name);
    session.rows(
        "SELECT DISTINCT %s FROM %s WHERE %s IS NOT NULL".formatted(column, from, column),
        row -> texts.add(row.getString(1)));
    return texts.build();
  }

  /// A column of few different values, as numbers.
  ///
  /// @param entry takes the second column of each different value, in the order of the numbers
  /// @throws SQLException also where two values have one hash
  PackedLongs codes(String name, DuckDb.Result entry) throws SQLException {
    PackedLongs codes = hashed(name, rows, entry);
    if (codes == null) {
      throw new SQLException(from + ": two values of " + name + " have one hash");
    }
    return places == null ? codes : PackedLongs.of(places.placed(codes));
  }

  /// Reads a column as numbers: the hash of each row, and what each hash means. To hand a million
  /// texts over would take ten times as long.
  ///
  /// @param most so many different values, without a missing one
  /// @return null where there are more, or two have one hash
  private @Nullable PackedLongs hashed(String name, int most, DuckDb.Result entry)
      throws SQLException {
    String column = DuckDb.identifier(name);
    String hash = "(hash(%s) >> 1)::BIGINT".formatted(column);
    LongIndex known = new LongIndex();
    boolean[] unique = {true};
    boolean[] missing = {false};
    session.rows(
        "SELECT DISTINCT %s, %s, %s IS NULL FROM %s LIMIT %d"
            .formatted(hash, column, column, from, most + 2L),
        row -> {
          if (row.getBoolean(3)) {
            missing[0] = true;
            return;
          }
          int size = known.size();
          unique[0] &= known.number(row.getLong(1)) == size;
          entry.next(row);
        });
    if (!unique[0] || known.size() > most) {
      return null;
    }
    PackedLongs.Builder codes = new PackedLongs.Builder(rows);
    if (known.size() == (missing[0] ? 0 : 1)) {
      for (int row = 0; row < rows; row++) {
        codes.add(missing[0] ? -1 : 0);
      }
      return codes.build();
    }
    vectors(
        "CASE WHEN %s IS NULL THEN -1 ELSE %s END".formatted(column, hash),
        (chunk, count) -> {
          DuckDBReadableVector vector = chunk.vector(0);
          for (int i = 0; i < count; i++) {
            codes.add(known.get(vector.getLong(i)));
          }
        });
    return codes.build();
  }

  /// For texts that were made to have one hash.
  private Column.Coded byText(String name) throws SQLException {
    Map<String, Integer> known = new HashMap<>();
    List<@Nullable AttributeValue> dictionary = new ArrayList<>();
    PackedLongs.Builder codes = new PackedLongs.Builder(rows);
    session.rows(
        "SELECT %s FROM %s".formatted(DuckDb.identifier(name), from),
        row -> {
          requireRows(codes.rows() + 1);
          String text = row.getString(1);
          int code = -1;
          if (text != null) {
            code = known.computeIfAbsent(text, _ -> known.size());
            if (code == dictionary.size()) {
              dictionary.add(AttributeValue.of(text));
            }
          }
          codes.add(code);
        });
    return new Column.Coded(codes.build(), dictionary);
  }
}
