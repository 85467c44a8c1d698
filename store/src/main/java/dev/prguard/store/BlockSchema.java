package dev.prguard.store;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Scope;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a block says of itself, in the metadata of its Parquet file: which attributes of spans have
/// columns, and what else may be met in it. A text of lines:
///
///     format 1
///     column TYPE KEY      an attribute of spans that has a column
///     rest KEY             an attribute of spans that is, sometimes at least, in the rest
///     event KEY, link KEY  an attribute of events or links
///     events, links        some span has them
///     shape KEY KEY ...    all attributes of a span, in its order
///
/// @param columns in the order of the file
/// @param rest keys of span attributes
record BlockSchema(
    List<AttributeColumn> columns,
    Set<String> rest,
    Set<String> eventKeys,
    Set<String> linkKeys,
    boolean events,
    boolean links,
    List<List<String>> shapes) {
  static final BlockSchema EMPTY =
      new BlockSchema(List.of(), Set.of(), Set.of(), Set.of(), false, false, List.of());
  static final int VERSION = 1;

  /// Where the Parquet file has it.
  static final String KEY = "pr-guard";

  BlockSchema {
    columns = List.copyOf(columns);
    rest = Set.copyOf(rest);
    eventKeys = Set.copyOf(eventKeys);
    linkKeys = Set.copyOf(linkKeys);
    shapes = List.copyOf(shapes);
  }

  enum ColumnType {
    STRING("VARCHAR"),
    LONG("BIGINT"),
    DOUBLE("DOUBLE"),
    BOOLEAN("BOOLEAN");

    final String sql;

    ColumnType(String sql) {
      this.sql = sql;
    }

    /// Null for values that have no column.
    static @Nullable ColumnType of(AttributeValue value) {
      return switch (value) {
        case AttributeValue.StringValue _ -> STRING;
        case AttributeValue.LongValue _ -> LONG;
        case AttributeValue.DoubleValue _ -> DOUBLE;
        case AttributeValue.BooleanValue _ -> BOOLEAN;
        case AttributeValue.ArrayValue _, AttributeValue.OpaqueValue _ -> null;
      };
    }
  }

  /// An attribute of spans, of one type: one of two types has two columns.
  record AttributeColumn(String key, ColumnType type) {

    /// The name in the file, as readable as may be. DuckDB takes names that differ in case for one,
    /// so all but lower case is escaped.
    String name() {
      StringBuilder name = new StringBuilder();
      for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
        char c = (char) (b & 0xff);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "._-/".indexOf(c) >= 0) {
          name.append(c);
        } else {
          name.append('%').append(String.format("%02x", (int) c));
        }
      }
      return name + ":" + type.name().toLowerCase(java.util.Locale.ROOT);
    }

    String sql() {
      return DuckDb.identifier(name());
    }
  }

  List<AttributeColumn> columns(String key) {
    return columns.stream().filter(column -> column.key().equals(key)).toList();
  }

  /// Attributes of spans, events and links.
  Set<Attribute> attributes() {
    Set<Attribute> all = new LinkedHashSet<>();
    columns.forEach(column -> all.add(new Attribute(Scope.SPAN, column.key())));
    rest.forEach(key -> all.add(new Attribute(Scope.SPAN, key)));
    eventKeys.forEach(key -> all.add(new Attribute(Scope.EVENT, key)));
    linkKeys.forEach(key -> all.add(new Attribute(Scope.LINK, key)));
    return all;
  }

  /// That of a block of all the blocks' spans.
  static BlockSchema union(Collection<BlockSchema> schemas) {
    Set<AttributeColumn> columns = new LinkedHashSet<>();
    Set<String> rest = new TreeSet<>();
    Set<String> eventKeys = new TreeSet<>();
    Set<String> linkKeys = new TreeSet<>();
    Set<List<String>> shapes = new LinkedHashSet<>();
    boolean events = false;
    boolean links = false;
    for (BlockSchema schema : schemas) {
      columns.addAll(schema.columns);
      rest.addAll(schema.rest);
      eventKeys.addAll(schema.eventKeys);
      linkKeys.addAll(schema.linkKeys);
      shapes.addAll(schema.shapes);
      events |= schema.events;
      links |= schema.links;
    }
    return new BlockSchema(
        List.copyOf(columns), rest, eventKeys, linkKeys, events, links, List.copyOf(shapes));
  }

  String toText() {
    StringBuilder text = new StringBuilder("format " + VERSION + "\n");
    columns.forEach(
        column -> text.append("column ").append(column.type()).append(line(column.key())));
    rest.forEach(key -> text.append("rest").append(line(key)));
    eventKeys.forEach(key -> text.append("event").append(line(key)));
    linkKeys.forEach(key -> text.append("link").append(line(key)));
    for (List<String> shape : shapes) {
      text.append("shape");
      shape.forEach(key -> text.append(' ').append(URLEncoder.encode(key, StandardCharsets.UTF_8)));
      text.append('\n');
    }
    if (events) {
      text.append("events\n");
    }
    if (links) {
      text.append("links\n");
    }
    return text.toString();
  }

  private static String line(String key) {
    return " " + URLEncoder.encode(key, StandardCharsets.UTF_8) + "\n";
  }

  /// @throws IllegalArgumentException when it is none, or of a newer version
  static BlockSchema parse(String text) {
    List<AttributeColumn> columns = new ArrayList<>();
    Set<String> rest = new TreeSet<>();
    Set<String> eventKeys = new TreeSet<>();
    Set<String> linkKeys = new TreeSet<>();
    Set<List<String>> shapes = new LinkedHashSet<>();
    boolean events = false;
    boolean links = false;
    if (!text.startsWith("format " + VERSION + "\n")) {
      throw new IllegalArgumentException(
          "block format: " + text.lines().findFirst().orElse("") + " (expected: " + VERSION + ")");
    }
    for (String line : text.lines().skip(1).toList()) {
      String[] words = line.split(" ", -1);
      String key = URLDecoder.decode(words[words.length - 1], StandardCharsets.UTF_8);
      switch (words[0]) {
        case "column" -> columns.add(new AttributeColumn(key, ColumnType.valueOf(words[1])));
        case "rest" -> rest.add(key);
        case "event" -> eventKeys.add(key);
        case "link" -> linkKeys.add(key);
        case "shape" ->
            shapes.add(
                Arrays.stream(words)
                    .skip(1)
                    .map(word -> URLDecoder.decode(word, StandardCharsets.UTF_8))
                    .toList());
        case "events" -> events = true;
        case "links" -> links = true;
        default -> throw new IllegalArgumentException("block format: " + line);
      }
    }
    return new BlockSchema(columns, rest, eventKeys, linkKeys, events, links, List.copyOf(shapes));
  }
}
