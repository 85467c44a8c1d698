package dev.prguard.store;

import dev.prguard.store.BlockSchema.AttributeColumn;
import dev.prguard.store.BlockSchema.ColumnType;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.Attributes;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/// Appends spans as rows to the table `incoming`, which gets a column for each attribute that is
/// met, up to a limit: what is met after that, and what has no column's type, goes to the rest.
final class SpanAppender {
  private static final int MAX_COLUMNS = 250;
  private static final int MAX_SHAPES = 1_000;

  private final DuckDb.Session session;
  private DuckDBAppender appender;
  private final List<AttributeColumn> columns = new ArrayList<>();

  /// By key and type: the place of the column.
  private final Map<String, int[]> places = new HashMap<>();

  /// By list of keys, which is the same one for many spans.
  private final IdentityHashMap<List<String>, Layout> layouts = new IdentityHashMap<>();

  /// By column, of the span that is appended.
  private @Nullable AttributeValue[] values = new AttributeValue[0];

  /// Where the values of spans with the same keys go.
  private static final class Layout {
    private final List<String> keys;
    private final int shape;

    /// By type, by key: the place of the column and one; 0 not known yet, -1 for none.
    private final int[][] places;

    Layout(List<String> keys, int shape) {
      this.keys = keys;
      this.shape = shape;
      this.places = new int[ColumnType.values().length][keys.size()];
    }
  }

  /// Lists of keys, and their numbers.
  private final Map<List<String>, Integer> shapes = new LinkedHashMap<>();

  private final Set<String> rest = new TreeSet<>();
  private final Set<String> eventKeys = new TreeSet<>();
  private final Set<String> linkKeys = new TreeSet<>();
  private boolean events;
  private boolean links;
  private final RowOrder order = new RowOrder();
  private int spans;
  private long maxEnd = Long.MIN_VALUE;

  /// A few resources are those of all spans.
  private final Map<Origin, byte[]> origins = new HashMap<>();

  /// Neighbours share their resource.
  private @Nullable SpanRecord lastOrigin;

  private byte[] lastEncoded = {};

  /// @param carried what is of the resource
  private record Origin(
      Map<String, AttributeValue> resource, SpanRecord.Scope scope, SpanRecord.Carried carried) {
    static Origin of(SpanRecord span) {
      SpanRecord.Carried all = span.carried();
      return new Origin(
          span.resource(),
          span.scope(),
          all.equals(SpanRecord.Carried.NONE)
              ? all
              : new SpanRecord.Carried(
                  "", 0, 0, 0, all.resourceDroppedAttributes(), all.resourceSchemaUrl()));
    }
  }

  SpanAppender(DuckDb.Session session) throws SQLException {
    this.session = session;
    this.appender = open();
  }

  private DuckDBAppender open() throws SQLException {
    return session.connection().createAppender("temp", "main", "incoming");
  }

  void add(SpanRecord span) {
    try {
      append(span);
    } catch (SQLException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  void close() throws SQLException {
    appender.close();
  }

  int spans() {
    return spans;
  }

  /// Of the rows that were appended.
  RowOrder order() {
    return order;
  }

  long maxEnd() {
    return maxEnd;
  }

  BlockSchema schema() {
    return new BlockSchema(
        columns, rest, eventKeys, linkKeys, events, links, List.copyOf(shapes.keySet()));
  }

  private void append(SpanRecord span) throws SQLException {
    // Looked at first: a new column ends the appender.
    Layout layout = layout(span);
    setValues(span, layout);
    byte[] packed = rest(span);
    spans++;
    maxEnd = Math.max(maxEnd, span.endNanos());
    DuckDBAppender row = appender.beginRow();
    long high = TraceTable.OfBlock.high(span.traceId());
    long low = TraceTable.OfBlock.low(span.traceId());
    long spanId = HexFormat.fromHexDigitsToLong(span.spanId());
    order.add(high, low, spanId, span.startNanos());
    row.append(high).append(low).append(spanId);
    String parent = span.parentSpanId();
    if (parent == null) {
      row.appendNull();
    } else {
      row.append(HexFormat.fromHexDigitsToLong(parent));
    }
    row.append(span.startNanos())
        .append(span.durationNanos())
        .append(span.name())
        .append(word(span.kind()))
        .append(word(span.status()))
        .append(span.statusMessage())
        .append(origin(span));
    if (packed == null) {
      row.appendNull();
    } else {
      row.append(packed);
    }
    if (layout.shape < 0) {
      row.appendNull();
    } else {
      row.append(layout.shape);
    }
    for (int column = 0; column < columns.size(); column++) {
      switch (values[column]) {
        case AttributeValue.StringValue(String text) -> row.append(text);
        case AttributeValue.LongValue(long number) -> row.append(number);
        case AttributeValue.DoubleValue(double number) -> row.append(number);
        case AttributeValue.BooleanValue(boolean flag) -> row.append(flag);
        case AttributeValue.ArrayValue _, AttributeValue.OpaqueValue _ ->
            throw new IllegalStateException("no column holds " + values[column]);
        case null -> row.appendNull();
      }
    }
    row.endRow();
  }

  private byte[] origin(SpanRecord span) {
    SpanRecord last = lastOrigin;
    if (last == null
        || !last.resource().equals(span.resource())
        || !last.scope().equals(span.scope())
        || !last.carried().equals(span.carried())) {
      lastOrigin = span;
      lastEncoded = origins.computeIfAbsent(Origin.of(span), SpanAppender::encode);
    }
    return lastEncoded;
  }

  /// Negative past the limit: only senders that shuffle their attributes come there.
  private int shape(List<String> keys) {
    Integer shape = shapes.get(keys);
    if (shape == null) {
      shape = shapes.size() < MAX_SHAPES ? shapes.size() : -1;
      if (shape >= 0) {
        shapes.put(keys, shape);
      }
    }
    return shape;
  }

  private static String word(SpanRecord.Kind kind) {
    return switch (kind) {
      case UNSPECIFIED -> "unspecified";
      case INTERNAL -> "internal";
      case SERVER -> "server";
      case CLIENT -> "client";
      case PRODUCER -> "producer";
      case CONSUMER -> "consumer";
    };
  }

  private static String word(SpanRecord.Status status) {
    return switch (status) {
      case UNSET -> "unset";
      case OK -> "ok";
      case ERROR -> "error";
    };
  }

  private Layout layout(SpanRecord span) {
    List<String> keys = Attributes.keys(span.attributes());
    Layout layout = layouts.get(keys);
    if (layout == null) {
      layout = new Layout(keys, shape(keys));
      if (layouts.size() < MAX_SHAPES) {
        layouts.put(keys, layout);
      }
    }
    return layout;
  }

  private void setValues(SpanRecord span, Layout layout) throws SQLException {
    Arrays.fill(values, null);
    int key = 0;
    for (AttributeValue value : span.attributes().values()) {
      int place = place(layout, key, value);
      if (place < 0) {
        rest.add(layout.keys.get(key));
      } else {
        if (place >= values.length) {
          values = Arrays.copyOf(values, 2 * columns.size());
        }
        values[place] = value;
      }
      key++;
    }
  }

  private int place(Layout layout, int key, AttributeValue value) throws SQLException {
    int type = type(value);
    if (type < 0) {
      return -1;
    }
    int known = layout.places[type][key];
    if (known == 0) {
      int place = place(layout.keys.get(key), value);
      known = place < 0 ? -1 : place + 1;
      layout.places[type][key] = known;
    }
    return known < 0 ? -1 : known - 1;
  }

  /// Of those that have columns; negative for the others.
  private static int type(AttributeValue value) {
    return switch (value) {
      case AttributeValue.StringValue _ -> 0;
      case AttributeValue.LongValue _ -> 1;
      case AttributeValue.DoubleValue _ -> 2;
      case AttributeValue.BooleanValue _ -> 3;
      case AttributeValue.ArrayValue _, AttributeValue.OpaqueValue _ -> -1;
    };
  }

  /// Of an attribute's column, which is made where there is none; negative without.
  private int place(String key, AttributeValue value) throws SQLException {
    int type = type(value);
    if (type < 0) {
      return -1;
    }
    int[] known = places.get(key);
    if (known != null && known[type] > 0) {
      return known[type] - 1;
    }
    ColumnType columnType = ColumnType.of(value);
    if (columns.size() >= MAX_COLUMNS || columnType == null) {
      return -1;
    }
    appender.close();
    AttributeColumn column = new AttributeColumn(key, columnType);
    session.makeRoom(Block.FIXED.size() + columns.size() + 1);
    session.execute("ALTER TABLE incoming ADD COLUMN " + column.sql() + " " + columnType.sql);
    columns.add(column);
    places.computeIfAbsent(key, _ -> new int[4])[type] = columns.size();
    appender = open();
    return columns.size() - 1;
  }

  private static byte[] encode(Origin origin) {
    return OtlpSpans.encode(
        List.of(
            stub(
                Map.of(),
                List.of(),
                List.of(),
                origin.resource(),
                origin.scope(),
                origin.carried())));
  }

  private byte @Nullable [] rest(SpanRecord span) throws SQLException {
    for (SpanRecord.Event event : span.events()) {
      events = true;
      eventKeys.addAll(event.attributes().keySet());
    }
    for (SpanRecord.Link link : span.links()) {
      links = true;
      linkKeys.addAll(link.attributes().keySet());
    }
    Map<String, AttributeValue> rare = new LinkedHashMap<>();
    if (!rest.isEmpty()) {
      for (Map.Entry<String, AttributeValue> attribute : span.attributes().entrySet()) {
        if (place(attribute.getKey(), attribute.getValue()) < 0) {
          rare.put(attribute.getKey(), attribute.getValue());
        }
      }
    }
    SpanRecord.Carried carried = own(span.carried());
    if (rare.isEmpty()
        && span.events().isEmpty()
        && span.links().isEmpty()
        && carried.equals(SpanRecord.Carried.NONE)) {
      return null;
    }
    return OtlpSpans.encode(
        List.of(
            stub(rare, span.events(), span.links(), Map.of(), SpanRecord.Scope.EMPTY, carried)));
  }

  /// What is of the span alone.
  private static SpanRecord.Carried own(SpanRecord.Carried all) {
    return all.equals(SpanRecord.Carried.NONE)
        ? all
        : new SpanRecord.Carried(
            all.traceState(),
            all.droppedAttributes(),
            all.droppedEvents(),
            all.droppedLinks(),
            0,
            "");
  }

  private static SpanRecord stub(
      Map<String, AttributeValue> attributes,
      List<SpanRecord.Event> events,
      List<SpanRecord.Link> links,
      Map<String, AttributeValue> resource,
      SpanRecord.Scope scope,
      SpanRecord.Carried carried) {
    return new SpanRecord(
        "0".repeat(31) + "1",
        "0".repeat(15) + "1",
        null,
        "",
        SpanRecord.Kind.UNSPECIFIED,
        0,
        0,
        SpanRecord.Status.UNSET,
        "",
        attributes,
        events,
        links,
        resource,
        scope,
        carried);
  }
}
