package dev.prguard.store;

import dev.prguard.store.column.Column;
import dev.prguard.store.column.PartialSums;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanWindow;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads columns of blocks, from [ColumnsFile] or else through DuckDB. What was read is kept in the
/// cache. Each method throws SQLException for what DuckDB says of the file, and
/// [dev.prguard.trace.query.QueryTimeoutException].
final class BlockReader {
  /// In the cache beside columns, whose names have a colon or are [Block]'s.
  private static final String SCHEMA = "schema";

  private static final String TRACES = "traces";
  private static final String COLUMNS_FILE = "columns file";

  private final DuckDb duckDb;
  private final Path folder;
  private final ColumnCache cache;

  /// By file; kept, whatever else has to go.
  private final Map<String, TraceHashes> hashes = new ConcurrentHashMap<>();

  BlockReader(DuckDb duckDb, Path folder, ColumnCache cache) {
    this.duckDb = duckDb;
    this.folder = folder;
    this.cache = cache;
  }

  BlockSchema schema(Block block, Instant deadline) throws SQLException {
    return cache.get(
        block.file(),
        SCHEMA,
        () -> {
          ColumnsFile file = columnsFile(block);
          String text = file == null ? null : file.schema();
          if (text == null) {
            text = duckDb.call(deadline, session -> schemaText(session, block));
          }
          return new ColumnCache.Loaded<>(BlockSchema.parse(text), text.length());
        });
  }

  /// Null for none.
  private @Nullable ColumnsFile columnsFile(Block block) throws SQLException {
    return cache
        .get(
            block.file(),
            COLUMNS_FILE,
            () ->
                new ColumnCache.Loaded<>(
                    Optional.ofNullable(ColumnsFile.open(folder, block)), 10_000))
        .orElse(null);
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
    return cached(block, name, Column.Longs.class, deadline, columns -> columns.longs(name));
  }

  Column.Doubles doubles(Block block, String name, Instant deadline) throws SQLException {
    return cached(block, name, Column.Doubles.class, deadline, columns -> columns.doubles(name));
  }

  Column.Coded booleans(Block block, String name, Instant deadline) throws SQLException {
    return cached(block, name, Column.Coded.class, deadline, columns -> columns.booleans(name));
  }

  Column.Coded strings(Block block, String name, Instant deadline) throws SQLException {
    return cached(block, name, Column.Coded.class, deadline, columns -> columns.strings(name));
  }

  /// Whether a column is in memory, or as good as that.
  private boolean isAtHand(Block block, String name) throws SQLException {
    if (hasRead(block, name)) {
      return true;
    }
    ColumnsFile file = columnsFile(block);
    return file != null && file.has(name);
  }

  /// Whether a column is in memory.
  boolean hasRead(Block block, String name) {
    return cache.has(block.file(), name);
  }

  /// Whether no rows of a block were looked up before.
  boolean isFirstLookUp(Block block) throws SQLException {
    return !hasRead(block, Block.SPAN_ID) && isFirst(block, new LookedUp(Block.SPAN_ID));
  }

  private record LookedUp(String column) {}

  private boolean isFirst(Block block, Object mark) throws SQLException {
    boolean first = !cache.has(block.file(), mark);
    boolean _ = cache.get(block.file(), mark, () -> new ColumnCache.Loaded<>(true, 60));
    return first;
  }

  /// The rows where a text column is a text, by DuckDB, which looks at the file's statistics and
  /// dictionaries first. Who asks again for a column is told by [TextIndex], where it has many
  /// texts, whether it is worth to look at all.
  ///
  /// @return not to be written to; null where the whole column should be asked: it is in memory, or
  ///   has few texts
  @Nullable BitSet equalTo(Block block, String name, String text, Instant deadline)
      throws SQLException {
    if (isAtHand(block, name)) {
      return null;
    }
    EqualTo question = new EqualTo(name, text);
    if (!cache.has(block.file(), question) && !isFirst(block, new LookedUp(name))) {
      TextIndex texts =
          cache.get(
              block.file(),
              new TextsOf(name),
              () -> {
                TextIndex index = read(block, deadline, columns -> columns.texts(name));
                return new ColumnCache.Loaded<>(index, index.bytes());
              });
      if (texts.isSmall()) {
        return null;
      }
      if (!texts.mayHave(text)) {
        return new BitSet();
      }
    }
    return cache.get(block.file(), question, () -> loaded(lookUp(block, name, text, deadline)));
  }

  private record EqualTo(String column, String text) {}

  private record TextsOf(String column) {}

  private BitSet lookUp(Block block, String name, String text, Instant deadline)
      throws SQLException {
    BitSet found = new BitSet();
    rows(
        block,
        "file_row_number",
        DuckDb.identifier(name) + " = " + DuckDb.literal(text),
        deadline,
        row -> found.set((int) row.getLong(1)));
    return found;
  }

  private static ColumnCache.Loaded<BitSet> loaded(BitSet rows) {
    return new ColumnCache.Loaded<>(rows, 60 + rows.size() / 8);
  }

  /// The rows that a comparison takes: dashboards and reports ask the same ones again and again.
  ///
  /// @return not to be written to
  BitSet rows(Block block, SpanPredicate leaf, Supplier<BitSet> found) throws SQLException {
    return cache.get(block.file(), leaf, () -> loaded(found.get()));
  }

  /// What a block comes to, from the second time on that somebody asks: most questions of a command
  /// are asked once.
  ///
  /// @return null at the first time, and where columns cannot tell
  @Nullable PartialSums sums(Block block, BlockSums question, SpanAggregate aggregate)
      throws SQLException {
    if (isFirst(block, new AskedFor(question))) {
      return null;
    }
    return cache
        .get(
            block.file(),
            question,
            () -> {
              BlockColumns columns = new BlockColumns(this, block, aggregate.deadline());
              PartialSums sums = question.read(aggregate, block, columns);
              return new ColumnCache.Loaded<>(
                  Optional.ofNullable(sums), sums == null ? 60 : sums.bytes());
            })
        .orElse(null);
  }

  private record AskedFor(BlockSums question) {}

  Origins origins(Block block, Instant deadline) throws SQLException {
    return cache.get(
        block.file(),
        Block.ORIGIN,
        () -> {
          ColumnsFile file = columnsFile(block);
          Origins stored = file == null ? null : Origins.stored(file, block);
          Origins origins = stored == null ? read(block, deadline, Origins::read) : stored;
          return new ColumnCache.Loaded<>(origins, origins.bytes());
        });
  }

  TraceIndex traces(Block block, Instant deadline) throws SQLException {
    return cache.get(
        block.file(),
        TRACES,
        () -> {
          ColumnsFile file = columnsFile(block);
          TraceIndex stored = file == null ? null : TraceIndex.stored(file, block.spans());
          if (stored != null) {
            return new ColumnCache.Loaded<>(stored, stored.bytes());
          }
          // Of these only the starts are of use by row.
          TraceIndex index =
              TraceIndex.of(
                  read(block, deadline, columns -> columns.longs(Block.TRACE_HIGH)).values(),
                  read(block, deadline, columns -> columns.longs(Block.TRACE_LOW)).values(),
                  longs(block, Block.START, deadline).values(),
                  read(block, deadline, columns -> columns.longs(Block.DURATION)).values());
          return new ColumnCache.Loaded<>(index, index.bytes());
        });
  }

  /// Which traces a block may have.
  TraceHashes traceHashes(Block block, Instant deadline) throws SQLException {
    TraceHashes known = hashes.get(block.file());
    if (known == null) {
      known = TraceHashes.of(traces(block, deadline));
      hashes.put(block.file(), known);
    }
    return known;
  }

  /// Forgets what is of no file any more.
  void retain(Set<String> files) {
    cache.retain(files);
    hashes.keySet().retainAll(files);
  }

  @FunctionalInterface
  private interface Read<T> {
    T from(VectorReader columns) throws SQLException;
  }

  private <T> T read(Block block, Instant deadline, Read<T> read) throws SQLException {
    return duckDb.call(
        deadline,
        session -> read.from(new VectorReader(session, path(block), block.spans(), null)));
  }

  private <C extends Column> C cached(
      Block block, String name, Class<C> type, Instant deadline, Read<C> read) throws SQLException {
    return cache.get(
        block.file(),
        name,
        () -> {
          ColumnsFile file = columnsFile(block);
          Column stored = file == null ? null : file.column(name);
          C column =
              type.isInstance(stored) && stored.rows() == block.spans()
                  ? type.cast(stored)
                  : read(block, deadline, read);
          return new ColumnCache.Loaded<>(column, column.bytes());
        });
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
