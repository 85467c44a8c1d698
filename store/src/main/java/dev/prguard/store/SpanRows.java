package dev.prguard.store;

import dev.prguard.store.BlockSchema.AttributeColumn;
import dev.prguard.store.column.Column;
import dev.prguard.store.column.PackedLongs;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Rows of a block as spans, with what was asked for. The rows are all of the block, in whole
/// columns that the cache keeps, or a few, read for this alone.
final class SpanRows {
  private final long[] high;
  private final long[] low;
  private final PackedLongs spanIds;
  private final Column.Longs parents;
  private final PackedLongs starts;
  private final PackedLongs durations;
  private final Column.@Nullable Coded names;
  private final Column.@Nullable Coded kinds;
  private final Column.@Nullable Coded statuses;
  private final Column.@Nullable Coded messages;
  private final @Nullable Origins origins;
  private final List<AttributeColumn> keys;
  private final List<Column> attributes;
  private final @Nullable List<byte @Nullable []> rest;

  /// Of each row the order of its attributes, empty for any; empty altogether in whole columns.
  private final List<List<String>> shapes;

  /// The rows that are here; null for all of the block.
  private final int @Nullable [] numbers;

  /// @param high, low ids of traces by row; null in whole columns, where [TraceIndex] has them
  private SpanRows(
      Map<String, Column> columns,
      long[] high,
      long[] low,
      @Nullable Origins origins,
      List<AttributeColumn> keys,
      @Nullable List<byte @Nullable []> rest,
      List<List<String>> shapes,
      int @Nullable [] numbers) {
    this.shapes = shapes;
    this.high = high;
    this.low = low;
    this.spanIds = longs(columns, Block.SPAN_ID).values();
    this.parents = longs(columns, Block.PARENT_ID);
    this.starts = longs(columns, Block.START).values();
    this.durations = longs(columns, Block.DURATION).values();
    this.names = (Column.Coded) columns.get(Block.NAME);
    this.kinds = (Column.Coded) columns.get(Block.KIND);
    this.statuses = (Column.Coded) columns.get(Block.STATUS);
    this.messages = (Column.Coded) columns.get(Block.STATUS_MESSAGE);
    this.origins = origins;
    this.keys = keys;
    this.attributes =
        keys.stream()
            .map(key -> java.util.Objects.requireNonNull(columns.get(key.name())))
            .toList();
    this.rest = rest;
    this.numbers = numbers;
  }

  private static Column.Longs longs(Map<String, Column> columns, String name) {
    return (Column.Longs) java.util.Objects.requireNonNull(columns.get(name), name);
  }

  private static List<AttributeColumn> columnsOf(WantedFields wanted, BlockSchema schema) {
    return schema.columns().stream()
        .filter(column -> wanted.keys() == null || wanted.keys().contains(column.key()))
        .toList();
  }

  /// @param wanted nothing of the rest
  static SpanRows whole(BlockReader reader, Block block, WantedFields wanted, Instant deadline)
      throws SQLException {
    Map<String, Column> columns = new HashMap<>();
    for (String name : List.of(Block.SPAN_ID, Block.PARENT_ID, Block.START, Block.DURATION)) {
      columns.put(name, reader.longs(block, name, deadline));
    }
    for (String name : texts(wanted)) {
      columns.put(name, reader.strings(block, name, deadline));
    }
    List<AttributeColumn> keys = columnsOf(wanted, reader.schema(block, deadline));
    for (AttributeColumn key : keys) {
      columns.put(key.name(), attribute(reader, block, key, deadline));
    }
    return new SpanRows(
        columns,
        new long[0],
        new long[0],
        wanted.origin() ? reader.origins(block, deadline) : null,
        keys,
        null,
        List.of(),
        null);
  }

  static Column attribute(BlockReader reader, Block block, AttributeColumn key, Instant deadline)
      throws SQLException {
    return switch (key.type()) {
      case STRING -> reader.strings(block, key.name(), deadline);
      case LONG -> reader.longs(block, key.name(), deadline);
      case DOUBLE -> reader.doubles(block, key.name(), deadline);
      case BOOLEAN -> reader.booleans(block, key.name(), deadline);
    };
  }

  private static List<String> texts(WantedFields wanted) {
    List<String> names = new ArrayList<>();
    if (wanted.name()) {
      names.add(Block.NAME);
    }
    if (wanted.kind()) {
      names.add(Block.KIND);
    }
    if (wanted.status()) {
      names.add(Block.STATUS);
    }
    if (wanted.message()) {
      names.add(Block.STATUS_MESSAGE);
    }
    return names;
  }

  /// @param where SQL, over the columns and `file_row_number`
  static SpanRows few(
      BlockReader reader, Block block, WantedFields wanted, String where, Instant deadline)
      throws SQLException {
    List<String> texts = texts(wanted);
    List<AttributeColumn> keys = columnsOf(wanted, reader.schema(block, deadline));
    List<String> select =
        new ArrayList<>(
            List.of(
                "file_row_number",
                Block.TRACE_HIGH,
                Block.TRACE_LOW,
                Block.SPAN_ID,
                Block.PARENT_ID,
                Block.START,
                Block.DURATION,
                wanted.origin() ? Block.ORIGIN : "NULL",
                wanted.rest() ? Block.REST : "NULL",
                wanted.keys() == null ? Block.SHAPE : "NULL"));
    select.addAll(texts);
    keys.forEach(key -> select.add(key.sql()));
    int fixed = 10;
    Few few = new Few(texts.size(), keys, reader.schema(block, deadline).shapes());
    reader.rows(
        block,
        String.join(", ", select),
        where,
        deadline,
        row -> {
          for (int i = 0; i < 7; i++) {
            few.longs.get(i).add(row.getLong(i + 1));
            if (row.wasNull()) {
              few.rootRows.set(few.rows);
            }
          }
          few.origin(wanted.origin() ? row.getBytes(8) : null);
          few.rest.add(wanted.rest() ? row.getBytes(9) : null);
          int shape = row.getInt(10);
          few.shapes.add(row.wasNull() ? List.of() : few.known.get(shape));
          for (int i = 0; i < texts.size(); i++) {
            few.texts.get(i).add(AttributeValue.of(row.getString(fixed + 1 + i)));
          }
          for (int i = 0; i < keys.size(); i++) {
            few.attributes
                .get(i)
                .add(BlockReader.value(row, fixed + texts.size() + 1 + i, keys.get(i).type()));
          }
          few.rows++;
        });
    return few.spanRows(texts, wanted);
  }

  /// What [#few] gathers.
  private static final class Few {
    private int rows;

    /// file_row_number, high, low, span, parent, start, duration.
    private final List<List<Long>> longs = new ArrayList<>();

    /// Only the parent can be null.
    private final BitSet rootRows = new BitSet();

    private final List<SpanRecord> origins = new ArrayList<>();
    private final Map<java.nio.ByteBuffer, Integer> knownOrigins = new HashMap<>();
    private final List<Integer> originCodes = new ArrayList<>();
    private final List<byte @Nullable []> rest = new ArrayList<>();
    private final List<List<@Nullable AttributeValue>> texts = new ArrayList<>();
    private final List<AttributeColumn> keys;
    private final List<List<@Nullable AttributeValue>> attributes = new ArrayList<>();

    /// Of each row the order of its attributes; empty for any.
    private final List<List<String>> shapes = new ArrayList<>();

    private final List<List<String>> known;

    Few(int texts, List<AttributeColumn> keys, List<List<String>> known) {
      this.known = known;
      for (int i = 0; i < 7; i++) {
        longs.add(new ArrayList<>());
      }
      for (int i = 0; i < texts; i++) {
        this.texts.add(new ArrayList<>());
      }
      this.keys = keys;
      keys.forEach(_ -> attributes.add(new ArrayList<>()));
    }

    void origin(byte @Nullable [] origin) throws SQLException {
      if (origin == null) {
        return;
      }
      Integer code = knownOrigins.get(java.nio.ByteBuffer.wrap(origin));
      if (code == null) {
        code = origins.size();
        origins.add(Origins.stub(origin));
        knownOrigins.put(java.nio.ByteBuffer.wrap(origin), code);
      }
      originCodes.add(code);
    }

    SpanRows spanRows(List<String> names, WantedFields wanted) {
      Map<String, Column> columns = new HashMap<>();
      columns.put(Block.SPAN_ID, new Column.Longs(PackedLongs.of(array(3)), null));
      columns.put(Block.PARENT_ID, new Column.Longs(PackedLongs.of(array(4)), rootRows));
      columns.put(Block.START, new Column.Longs(PackedLongs.of(array(5)), null));
      columns.put(Block.DURATION, new Column.Longs(PackedLongs.of(array(6)), null));
      for (int i = 0; i < names.size(); i++) {
        columns.put(names.get(i), plain(texts.get(i)));
      }
      for (int i = 0; i < keys.size(); i++) {
        columns.put(keys.get(i).name(), plain(attributes.get(i)));
      }
      PackedLongs codes =
          PackedLongs.of(originCodes.stream().mapToLong(Integer::longValue).toArray());
      return new SpanRows(
          columns,
          array(1),
          array(2),
          wanted.origin() ? new Origins(new Column.Coded(codes, List.of()), origins) : null,
          keys,
          wanted.rest() ? rest : null,
          shapes,
          longs.getFirst().stream().mapToInt(Long::intValue).toArray());
    }

    private long[] array(int of) {
      return longs.get(of).stream().mapToLong(Long::longValue).toArray();
    }

    private static Column plain(List<@Nullable AttributeValue> values) {
      return new Column.Coded(PackedLongs.of(LongStream.range(0, values.size()).toArray()), values);
    }
  }

  /// Of [#few]: how many.
  int rows() {
    return spanIds.rows();
  }

  /// Of [#few]: where a row of the block is; negative when it was not read.
  int at(int row) {
    return numbers == null ? row : Arrays.binarySearch(numbers, row);
  }

  String traceId(int at) {
    return hex(high[at]) + hex(low[at]);
  }

  static String hex(long value) {
    return java.util.HexFormat.of().toHexDigits(value);
  }

  SpanRecord span(int at, String traceId) throws SQLException {
    Map<String, AttributeValue> own = new LinkedHashMap<>();
    for (int i = 0; i < attributes.size(); i++) {
      AttributeValue value = attributes.get(i).value(at);
      if (value != null) {
        own.put(keys.get(i).key(), value);
      }
    }
    List<SpanRecord.Event> events = List.of();
    List<SpanRecord.Link> links = List.of();
    SpanRecord.Carried carried = SpanRecord.Carried.NONE;
    byte[] packed = rest == null ? null : rest.get(at);
    if (packed != null) {
      SpanRecord unpacked = Origins.stub(packed);
      own.putAll(unpacked.attributes());
      events = unpacked.events();
      links = unpacked.links();
      carried = unpacked.carried();
    }
    if (!shapes.isEmpty() && !shapes.get(at).isEmpty()) {
      Map<String, AttributeValue> ordered = new LinkedHashMap<>();
      for (String key : shapes.get(at)) {
        AttributeValue value = own.get(key);
        if (value != null) {
          ordered.put(key, value);
        }
      }
      own = ordered;
    }
    SpanRecord origin = origins == null ? null : origins.records().get(origins.codes().code(at));
    return new SpanRecord(
        traceId,
        hex(spanIds.get(at)),
        parents.missing() != null && parents.missing().get(at)
            ? null
            : hex(parents.values().get(at)),
        text(names, at),
        kinds == null
            ? SpanRecord.Kind.UNSPECIFIED
            : SpanRecord.Kind.valueOf(text(kinds, at).toUpperCase(Locale.ROOT)),
        starts.get(at),
        starts.get(at) + durations.get(at),
        statuses == null
            ? SpanRecord.Status.UNSET
            : SpanRecord.Status.valueOf(text(statuses, at).toUpperCase(Locale.ROOT)),
        text(messages, at),
        own,
        events,
        links,
        origin == null ? Map.of() : origin.resource(),
        origin == null ? SpanRecord.Scope.EMPTY : origin.scope(),
        origin == null ? carried : withResource(carried, origin.carried()));
  }

  private static SpanRecord.Carried withResource(
      SpanRecord.Carried own, SpanRecord.Carried resource) {
    return resource.equals(SpanRecord.Carried.NONE)
        ? own
        : new SpanRecord.Carried(
            own.traceState(),
            own.droppedAttributes(),
            own.droppedEvents(),
            own.droppedLinks(),
            resource.resourceDroppedAttributes(),
            resource.resourceSchemaUrl());
  }

  private static String text(Column.@Nullable Coded column, int at) {
    return column != null && column.value(at) instanceof StringValue(String text) ? text : "";
  }
}
