package dev.prguard.store;

import dev.prguard.store.BlockSchema.AttributeColumn;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;

/// Writes blocks: of spans, or of other blocks. A block is on the disk, whole, when it is returned;
/// nothing names it yet.
final class BlockWriter {
  /// DuckDB holds a row group of all columns in memory while it writes it, whatever its limit.
  private static final int VALUES_OF_ROW_GROUP = 500_000;

  /// Whole vectors of DuckDB.
  private static final int MIN_ROW_GROUP = 8_192;

  private static final int MAX_ROW_GROUP = 122_880;

  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String ID_COLUMNS = String.join(", ", Block.TRACE_HIGH, Block.TRACE_LOW);

  private final DuckDb duckDb;
  private final Path folder;

  BlockWriter(DuckDb duckDb, Path folder) {
    this.duckDb = duckDb;
    this.folder = folder;
  }

  /// @param spans in the order received; of two with the same ids the first counts
  /// @return empty where there was none
  Optional<Block> write(Consumer<Consumer<SpanRecord>> spans) throws IOException {
    return call(session -> {
      createTable(session, BlockSchema.EMPTY);
      SpanAppender appender = new SpanAppender(session);
      try {
        spans.accept(appender::add);
      } finally {
        appender.close();
      }
      if (appender.spans() == 0) {
        session.execute("DROP TABLE incoming");
        return Optional.empty();
      }
      return Optional.of(finish(session, appender.schema(), appender.order(), appender.maxEnd()));
    });
  }

  /// @param inputs the oldest first
  Block merge(List<Block> inputs, List<BlockSchema> schemas) throws IOException {
    BlockSchema schema = BlockSchema.union(schemas);
    long maxEnd = inputs.stream().mapToLong(Block::maxEnd).max().orElseThrow();
    return call(session -> {
      createTable(session, schema);
      for (int i = 0; i < inputs.size(); i++) {
        Set<AttributeColumn> has = Set.copyOf(schemas.get(i).columns());
        List<String> select = new ArrayList<>(fixedNames());
        select.set(select.indexOf(Block.SHAPE), shape(schemas.get(i), schema));
        schema
            .columns()
            .forEach(column -> select.add(has.contains(column) ? column.sql() : "NULL"));
        session.execute(
            "INSERT INTO incoming SELECT %s FROM read_parquet(%s)"
                .formatted(String.join(", ", select), path(inputs.get(i).file())));
      }
      return finish(session, schema, order(session), maxEnd);
    });
  }

  private static RowOrder order(DuckDb.Session session) throws SQLException {
    RowOrder order = new RowOrder();
    session.chunks(
        "SELECT %s, %s, %s FROM incoming".formatted(ID_COLUMNS, Block.SPAN_ID, Block.START),
        chunk -> {
          for (int row = 0; row < chunk.rowCount(); row++) {
            order.add(
                chunk.vector(0).getLong(row),
                chunk.vector(1).getLong(row),
                chunk.vector(2).getLong(row),
                chunk.vector(3).getLong(row));
          }
        });
    return order;
  }

  /// The number that a block's shape has in the merged one, in SQL.
  private static String shape(BlockSchema from, BlockSchema to) {
    List<String> numbers =
        from.shapes().stream().map(of -> Integer.toString(to.shapes().indexOf(of))).toList();
    return numbers.isEmpty() ? "NULL" : "([%s])[shape + 1]".formatted(String.join(", ", numbers));
  }

  private String path(String file) {
    return DuckDb.literal(folder.resolve(file).toString());
  }

  private <T> T call(DuckDb.Work<T> work) throws IOException {
    try {
      return duckDb.call(DuckDb.NO_DEADLINE, work);
    } catch (SQLException e) {
      throw new IOException(String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static List<String> fixedNames() {
    return Block.FIXED.stream().map(column -> column.substring(0, column.indexOf(' '))).toList();
  }

  private static void createTable(DuckDb.Session session, BlockSchema schema) throws SQLException {
    List<String> columns = new ArrayList<>(Block.FIXED);
    schema.columns().forEach(column -> columns.add(column.sql() + " " + column.type().sql));
    session.makeRoom(columns.size());
    session.execute("CREATE TEMP TABLE incoming (" + String.join(", ", columns) + ")");
  }

  /// Sorts, leaves out what is there twice, and writes.
  ///
  /// @param order of the rows of `incoming`
  private Block finish(DuckDb.Session session, BlockSchema schema, RowOrder order, long maxEnd)
      throws SQLException {
    Path draft =
        folder.resolve(
            "draft-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    List<String> names = new ArrayList<>(fixedNames());
    schema.columns().forEach(column -> names.add(column.sql()));
    int[] places = order.places();
    int spans = appendPlaces(session, places);
    session.execute(
        """
        COPY (
          SELECT %s FROM incoming i POSITIONAL JOIN places p WHERE p.place >= 0 ORDER BY p.place)
        TO %s (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ROW_GROUP_SIZE %d,
          KV_METADATA {%s: %s})
        """
            .formatted(
                names.stream().map(name -> "i." + name).collect(Collectors.joining(", ")),
                DuckDb.literal(draft.toString()),
                Math.clamp(VALUES_OF_ROW_GROUP / names.size(), MIN_ROW_GROUP, MAX_ROW_GROUP),
                DuckDb.literal(BlockSchema.KEY),
                DuckDb.literal(schema.toText())));
    try {
      Block block = publish(draft, spans, order.minStart(), order.maxStart(), maxEnd);
      writeColumns(session, block, schema, places);
      session.execute("DROP TABLE incoming");
      session.execute("DROP TABLE places");
      return block;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @return how many rows have a place
  private static int appendPlaces(DuckDb.Session session, int[] places) throws SQLException {
    session.execute("CREATE TEMP TABLE places (place INTEGER NOT NULL)");
    int spans = 0;
    try (DuckDBAppender appender = session.connection().createAppender("temp", "main", "places")) {
      for (int place : places) {
        appender.beginRow().append(place).endRow();
        spans += place < 0 ? 0 : 1;
      }
    }
    return spans;
  }

  /// Reads them out of the table: each column is a query, and a Parquet file's schema takes longer
  /// to read than most columns. A block does without, so a full disk is no reason to give it up.
  private void writeColumns(DuckDb.Session session, Block block, BlockSchema schema, int[] places)
      throws SQLException {
    if (block.spans() < places.length) {
      session.execute(
          "DELETE FROM incoming WHERE rowid IN (SELECT rowid FROM places WHERE place < 0)");
    }
    try {
      ColumnsFile.write(
          folder,
          block,
          schema,
          new VectorReader(session, "incoming", block.spans(), RowPlaces.of(places)));
    } catch (IOException _) {
      // What was begun is removed.
    }
  }

  private Block publish(Path draft, int spans, long minStart, long maxStart, long maxEnd)
      throws IOException {
    DataFolder.ownerOnly(draft);
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    int checksum = Checksums.of(draft);
    String name =
        "%s-%s-%s.parquet"
            .formatted(
                FILE_TIME.format(Instant.ofEpochSecond(0, minStart)),
                FILE_TIME.format(Instant.ofEpochSecond(0, maxStart)),
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
    long bytes = Files.size(draft);
    Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    DataFolder.forceNames(folder.resolve(name));
    return new Block(name, bytes, checksum, spans, minStart, maxStart, maxEnd);
  }
}
