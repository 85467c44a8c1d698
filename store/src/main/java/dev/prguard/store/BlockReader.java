package dev.prguard.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.store.column.Column;
import dev.prguard.store.column.LongIndex;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanWindow;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/// Reads columns of blocks through DuckDB. What was read is kept in the cache. Each method throws
/// SQLException for what DuckDB says of the file, and
/// [dev.prguard.trace.query.QueryTimeoutException].
final class BlockReader {
  private final DuckDb duckDb;
  private final Path folder;
  private final ColumnCache cache;

  /// File and column of what [#equalTo] was asked.
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  BlockReader(DuckDb duckDb, Path folder, ColumnCache cache) {
    this.duckDb = duckDb;
    this.folder = folder;
    this.cache = cache;
  }

  BlockSchema schema(Block block, Instant deadline) throws SQLException {
    return cache.get(
        block.file(),
        "",
        () -> {
          String text = duckDb.call(deadline, session -> schemaText(session, block));
          return new ColumnCache.Loaded<>(BlockSchema.parse(text), text.length());
        });
  }

  private String schemaText(DuckDb.Session session, Block block) throws SQLException {
    StringBuilder text = new StringBuilder();
    session.rows(
        "SELECT decode(value) FROM parquet_kv_metadata(%s) WHERE decode(key) = %s"
            .formatted(path(block), DuckDb.literal(BlockSchema.KEY)),
        row -> text.append(row.getString(1)));
    return text.toString();
  }

  private String path(Block block) {
    return DuckDb.literal(folder.resolve(block.file()).toString());
  }

  /// A column of longs: [Block]'s own, or an attribute's.
  Column.Longs longs(Block block, String name, Instant deadline) throws SQLException {
    return cached(
        block,
        name,
        deadline,
        session -> {
          long[] values = new long[block.spans()];
          BitSet missing = new BitSet();
          vectors(
              session,
              block,
              DuckDb.identifier(name),
              (vector, at, rows) -> {
                for (int i = 0; i < rows; i++) {
                  if (vector.isNull(i)) {
                    missing.set(at + i);
                  } else {
                    values[at + i] = vector.getLong(i);
                  }
                }
              });
          return new Column.Longs(values, missing.isEmpty() ? null : missing);
        });
  }

  Column.Doubles doubles(Block block, String name, Instant deadline) throws SQLException {
    return cached(
        block,
        name,
        deadline,
        session -> {
          double[] values = new double[block.spans()];
          BitSet missing = new BitSet();
          vectors(
              session,
              block,
              DuckDb.identifier(name),
              (vector, at, rows) -> {
                for (int i = 0; i < rows; i++) {
                  if (vector.isNull(i)) {
                    missing.set(at + i);
                  } else {
                    values[at + i] = vector.getDouble(i);
                  }
                }
              });
          return new Column.Doubles(values, missing.isEmpty() ? null : missing);
        });
  }

  Column.Coded booleans(Block block, String name, Instant deadline) throws SQLException {
    return cached(
        block,
        name,
        deadline,
        session -> {
          int[] codes = new int[block.spans()];
          vectors(
              session,
              block,
              DuckDb.identifier(name),
              (vector, at, rows) -> {
                for (int i = 0; i < rows; i++) {
                  codes[at + i] = vector.isNull(i) ? -1 : vector.getBoolean(i) ? 1 : 0;
                }
              });
          return new Column.Coded(
              codes, List.of(AttributeValue.of(false), AttributeValue.of(true)));
        });
  }

  Column.Coded strings(Block block, String name, Instant deadline) throws SQLException {
    return cached(
        block,
        name,
        deadline,
        session -> {
          List<@Nullable AttributeValue> dictionary = new ArrayList<>();
          int[] codes =
              coded(
                  session, block, name, row -> dictionary.add(AttributeValue.of(row.getString(2))));
          if (codes == null) {
            return codedByText(session, block, name);
          }
          return new Column.Coded(codes, dictionary);
        });
  }

  /// Whether a column is in memory.
  boolean hasRead(Block block, String name) {
    return cache.has(block.file(), name);
  }

  /// Whether no rows of a block were looked up before.
  boolean isFirstLookUp(Block block) {
    return !hasRead(block, Block.SPAN_ID) && asked.add(block.file());
  }

  /// The rows where a text column is a text, by DuckDB, which looks at the file's statistics and
  /// dictionaries first. Only once for each column: who asks again is given the whole column.
  ///
  /// @return null where the column is in memory, or was asked for before
  @Nullable BitSet equalTo(Block block, String name, String text, Instant deadline)
      throws SQLException {
    if (hasRead(block, name) || !asked.add(block.file() + "/" + name)) {
      return null;
    }
    return duckDb.call(
        deadline,
        session -> {
          BitSet found = new BitSet(block.spans());
          session.rows(
              "SELECT file_row_number FROM read_parquet(%s, file_row_number = true) WHERE %s = %s"
                  .formatted(path(block), DuckDb.identifier(name), DuckDb.literal(text)),
              row -> found.set((int) row.getLong(1)));
          return found;
        });
  }

  /// The rows that a comparison takes: dashboards and reports ask the same ones again and again.
  ///
  /// @return not to be written to
  BitSet rows(Block block, SpanPredicate leaf, Supplier<BitSet> found) throws SQLException {
    return cache.get(
        block.file(), leaf, () -> new ColumnCache.Loaded<>(found.get(), block.spans() / 8));
  }

  /// Where spans come from, by code.
  record Origins(Column.Coded codes, List<SpanRecord> records) {}

  Origins origins(Block block, Instant deadline) throws SQLException {
    return cache.get(
        block.file(),
        Block.ORIGIN,
        () -> {
          List<SpanRecord> records = new ArrayList<>();
          int[] codes =
              duckDb
                  .call(
                      deadline,
                      session ->
                          Optional.ofNullable(
                              coded(
                                  session,
                                  block,
                                  Block.ORIGIN,
                                  row -> records.add(stub(row.getBytes(2))))))
                  .orElseThrow(() -> new SQLException("two resources of one hash"));
          Column.Coded column = new Column.Coded(codes, List.of());
          return new ColumnCache.Loaded<>(
              new Origins(column, List.copyOf(records)), column.bytes() + 2_000L * records.size());
        });
  }

  static SpanRecord stub(byte[] tracesData) throws SQLException {
    try {
      return OtlpSpans.decode(tracesData).spans().getFirst();
    } catch (InvalidProtocolBufferException e) {
      throw new SQLException("not OTLP: " + e.getMessage(), e);
    }
  }

  TraceIndex traces(Block block, Instant deadline) throws SQLException {
    return cache.get(
        block.file(),
        "traces",
        () -> {
          // The ids by row are not kept: the index has them by trace.
          long[][] ids =
              duckDb.call(
                  deadline,
                  session -> {
                    long[][] both = {new long[block.spans()], new long[block.spans()]};
                    String sql =
                        "SELECT %s, %s FROM %s"
                            .formatted(Block.TRACE_HIGH, Block.TRACE_LOW, path(block));
                    int[] at = new int[1];
                    session.chunks(
                        sql,
                        chunk -> {
                          int rows = (int) chunk.rowCount();
                          requireRows(block, at[0] + rows);
                          for (int column = 0; column < 2; column++) {
                            DuckDBReadableVector vector = chunk.vector(column);
                            for (int i = 0; i < rows; i++) {
                              both[column][at[0] + i] = vector.getLong(i);
                            }
                          }
                          at[0] += rows;
                        });
                    return both;
                  });
          TraceIndex index =
              TraceIndex.of(
                  ids[0],
                  ids[1],
                  longs(block, Block.START, deadline).values(),
                  longs(block, Block.DURATION, deadline).values());
          return new ColumnCache.Loaded<>(index, index.bytes());
        });
  }

  private <C extends Column> C cached(
      Block block, String name, Instant deadline, DuckDb.Work<C> work) throws SQLException {
    return cache.get(
        block.file(),
        name,
        () -> {
          C column = duckDb.call(deadline, work);
          return new ColumnCache.Loaded<>(column, column.bytes());
        });
  }

  @FunctionalInterface
  private interface Vectors {
    /// @param at the row of the vector's first value
    void next(DuckDBReadableVector vector, int at, int rows);
  }

  private void vectors(DuckDb.Session session, Block block, String expression, Vectors vectors)
      throws SQLException {
    int[] at = new int[1];
    session.chunks(
        "SELECT " + expression + " FROM " + path(block),
        (DuckDBDataChunkReader chunk) -> {
          int rows = (int) chunk.rowCount();
          requireRows(block, at[0] + rows);
          vectors.next(chunk.vector(0), at[0], rows);
          at[0] += rows;
        });
  }

  private static void requireRows(Block block, int rows) throws SQLException {
    if (rows > block.spans()) {
      throw new SQLException(block.file() + ": more than its " + block.spans() + " spans");
    }
  }

  /// Reads a text column as numbers: the hash of each row, and what each hash means. To hand a
  /// million texts over would take ten times as long.
  ///
  /// @param entry takes the second column of each entry of the dictionary, in the order of codes
  /// @return null where two values have one hash
  private int @Nullable [] coded(
      DuckDb.Session session, Block block, String name, DuckDb.Result entry) throws SQLException {
    String column = DuckDb.identifier(name);
    String hash = "(hash(%s) >> 1)::BIGINT".formatted(column);
    LongIndex known = new LongIndex();
    boolean[] unique = {true};
    session.rows(
        "SELECT DISTINCT %s, %s FROM %s WHERE %s IS NOT NULL"
            .formatted(hash, column, path(block), column),
        row -> {
          int size = known.size();
          unique[0] &= known.number(row.getLong(1)) == size;
          entry.next(row);
        });
    if (!unique[0]) {
      return null;
    }
    int[] codes = new int[block.spans()];
    vectors(
        session,
        block,
        "CASE WHEN %s IS NULL THEN NULL ELSE %s END".formatted(column, hash),
        (vector, at, rows) -> {
          for (int i = 0; i < rows; i++) {
            codes[at + i] = vector.isNull(i) ? -1 : known.get(vector.getLong(i));
          }
        });
    return codes;
  }

  /// For texts that were made to have one hash.
  private Column.Coded codedByText(DuckDb.Session session, Block block, String name)
      throws SQLException {
    Map<String, Integer> known = new HashMap<>();
    List<@Nullable AttributeValue> dictionary = new ArrayList<>();
    int[] codes = new int[block.spans()];
    int[] at = new int[1];
    session.rows(
        "SELECT %s FROM %s".formatted(DuckDb.identifier(name), path(block)),
        row -> {
          requireRows(block, at[0] + 1);
          codes[at[0]++] = code(row.getString(1), known, dictionary);
        });
    return new Column.Coded(codes, dictionary);
  }

  static int code(
      @Nullable String text,
      Map<String, Integer> known,
      List<@Nullable AttributeValue> dictionary) {
    if (text == null) {
      return -1;
    }
    Integer code = known.putIfAbsent(text, dictionary.size());
    if (code != null) {
      return code;
    }
    dictionary.add(AttributeValue.of(text));
    return dictionary.size() - 1;
  }

  /// Reads rows one by one.
  ///
  /// @param columns SQL
  /// @param where SQL, over the columns and `file_row_number`
  void rows(Block block, String columns, String where, Instant deadline, DuckDb.Result result)
      throws SQLException {
    boolean _ =
        duckDb.call(
            deadline,
            session -> {
              session.rows(
                  "SELECT %s FROM read_parquet(%s, file_row_number = true) WHERE %s"
                          .formatted(columns, path(block), where)
                      + " ORDER BY file_row_number",
                  result);
              return true;
            });
  }

  /// A row of [#rows] with a text or number, or null.
  static @Nullable AttributeValue value(ResultSet row, int column, BlockSchema.ColumnType type)
      throws SQLException {
    AttributeValue value =
        switch (type) {
          case STRING -> {
            String text = row.getString(column);
            yield text == null ? null : AttributeValue.of(text);
          }
          case LONG -> AttributeValue.of(row.getLong(column));
          case DOUBLE -> AttributeValue.of(row.getDouble(column));
          case BOOLEAN -> AttributeValue.of(row.getBoolean(column));
        };
    return row.wasNull() ? null : value;
  }

  /// Keys of attributes: of a block that the window holds whole all of them, else those of columns
  /// that have a value in the window, and all that have no column.
  Set<SpanField.Attribute> attributes(Block block, SpanWindow window, Instant deadline)
      throws SQLException {
    BlockSchema schema = schema(block, deadline);
    Set<SpanField.Attribute> all = new HashSet<>(schema.attributes());
    for (SpanRecord record : origins(block, deadline).records()) {
      all.addAll(SpanField.Attribute.of(record));
    }
    if (window.fromNanos() < block.minStart() && window.toNanos() >= block.maxStart()) {
      return all;
    }
    List<BlockSchema.AttributeColumn> columns = schema.columns();
    List<String> counts = columns.stream().map(column -> "count(" + column.sql() + ")").toList();
    Set<SpanField.Attribute> absent = new HashSet<>();
    Set<SpanField.Attribute> present = new HashSet<>();
    if (!counts.isEmpty()) {
      boolean _ =
          duckDb.call(
              deadline,
              session -> {
                session.rows(
                    "SELECT %s FROM %s WHERE start_ns > %d AND start_ns <= %d"
                        .formatted(
                            String.join(", ", counts),
                            path(block),
                            window.fromNanos(),
                            window.toNanos()),
                    row -> {
                      for (int i = 0; i < columns.size(); i++) {
                        var key =
                            new SpanField.Attribute(SpanField.Scope.SPAN, columns.get(i).key());
                        (row.getLong(i + 1) == 0 ? absent : present).add(key);
                      }
                    });
                return true;
              });
    }
    absent.removeAll(present);
    schema.rest().forEach(key -> absent.remove(new SpanField.Attribute(SpanField.Scope.SPAN, key)));
    all.removeAll(absent);
    return all;
  }

  /// Whether the file is what the manifest says; null when it is, else why not, in one line.
  @Nullable String damage(Block block) {
    Path file = folder.resolve(block.file());
    try {
      return Checksums.of(file) == block.checksum() ? null : "its checksum differs";
    } catch (IOException e) {
      return Reasons.of(e);
    }
  }
}
