package dev.prguard.store;

import dev.prguard.store.BlockSchema.AttributeColumn;
import dev.prguard.store.column.Column;
import dev.prguard.store.column.FieldValues;
import dev.prguard.store.column.PackedLongs;
import dev.prguard.store.column.SpanColumns;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanPredicate;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A block's columns, read when they are asked for.
final class BlockColumns implements SpanColumns {
  private final BlockReader reader;
  private final Block block;
  private final Instant deadline;

  BlockColumns(BlockReader reader, Block block, Instant deadline) {
    this.reader = reader;
    this.block = block;
    this.deadline = deadline;
  }

  @Override
  public int rows() {
    return block.spans();
  }

  @Override
  public PackedLongs starts() {
    try {
      return reader.longs(block, Block.START, deadline).values();
    } catch (SQLException e) {
      throw new BlockUnreadableException(block, e);
    }
  }

  @Override
  public @Nullable List<Column> field(SpanField field) {
    if (!FieldValues.isPlain(field)) {
      return null;
    }
    try {
      return switch (field) {
        case Attribute(SpanField.Scope scope, String key) ->
            switch (scope) {
              case SPAN -> ofSpan(key);
              case RESOURCE -> List.of(ofOrigin(record -> record.resource().get(key)));
              case INSTRUMENTATION ->
                  List.of(ofOrigin(record -> record.scope().attributes().get(key)));
              case ANY -> {
                List<Column> own = ofSpan(key);
                if (own == null) {
                  yield null;
                }
                List<Column> both = new ArrayList<>(own);
                both.add(ofOrigin(record -> record.resource().get(key)));
                yield both;
              }
              case EVENT, LINK -> null;
            };
        case Intrinsic.DURATION -> List.of(reader.longs(block, Block.DURATION, deadline));
        case Intrinsic.NAME -> List.of(reader.strings(block, Block.NAME, deadline));
        case Intrinsic.STATUS -> List.of(reader.strings(block, Block.STATUS, deadline));
        case Intrinsic.STATUS_MESSAGE ->
            List.of(reader.strings(block, Block.STATUS_MESSAGE, deadline));
        case Intrinsic.KIND -> List.of(reader.strings(block, Block.KIND, deadline));
        case Intrinsic.INSTRUMENTATION_NAME ->
            List.of(ofOrigin(record -> AttributeValue.of(record.scope().name())));
        case Intrinsic.INSTRUMENTATION_VERSION ->
            List.of(ofOrigin(record -> AttributeValue.of(record.scope().version())));
        case Intrinsic _ -> null;
      };
    } catch (SQLException e) {
      throw new BlockUnreadableException(block, e);
    }
  }

  @Override
  public BitSet rows(SpanPredicate leaf, Supplier<BitSet> found) {
    try {
      return (BitSet) reader.rows(block, leaf, found).clone();
    } catch (SQLException e) {
      throw new BlockUnreadableException(block, e);
    }
  }

  @Override
  public @Nullable BitSet equalTo(SpanField field, String text) {
    if (!(field instanceof Attribute(SpanField.Scope scope, String key))
        || scope != SpanField.Scope.SPAN
        || text.indexOf('\0') >= 0) {
      return null;
    }
    try {
      BlockSchema schema = reader.schema(block, deadline);
      List<AttributeColumn> columns = schema.columns(key);
      if (schema.rest().contains(key)
          || columns.size() != 1
          || columns.getFirst().type() != BlockSchema.ColumnType.STRING) {
        return null;
      }
      BitSet rows = reader.equalTo(block, columns.getFirst().name(), text, deadline);
      return rows == null ? null : (BitSet) rows.clone();
    } catch (SQLException e) {
      throw new BlockUnreadableException(block, e);
    }
  }

  /// Null where some values are in the rest.
  private @Nullable List<Column> ofSpan(String key) throws SQLException {
    BlockSchema schema = reader.schema(block, deadline);
    if (schema.rest().contains(key)) {
      return null;
    }
    List<Column> columns = new ArrayList<>();
    for (AttributeColumn column : schema.columns(key)) {
      columns.add(SpanRows.attribute(reader, block, column, deadline));
    }
    return columns;
  }

  private Column ofOrigin(Function<SpanRecord, @Nullable AttributeValue> value)
      throws SQLException {
    Origins origins = reader.origins(block, deadline);
    List<@Nullable AttributeValue> dictionary = new ArrayList<>();
    for (SpanRecord record : origins.records()) {
      dictionary.add(FieldValues.visible(value.apply(record)));
    }
    return new Column.Coded(origins.codes().codes(), dictionary);
  }
}
