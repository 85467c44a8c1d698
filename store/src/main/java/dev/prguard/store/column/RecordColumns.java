package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Columns of spans in memory, made when they are asked for. Safe for use by many threads.
public final class RecordColumns implements SpanColumns {
  private final List<SpanRecord> spans;
  private final PackedLongs starts;

  /// Guarded by itself.
  private final Map<SpanField, List<Column>> columns = new HashMap<>();

  public RecordColumns(List<SpanRecord> spans) {
    this.spans = List.copyOf(spans);
    this.starts = PackedLongs.of(spans.stream().mapToLong(SpanRecord::startNanos).toArray());
  }

  @Override
  public int rows() {
    return spans.size();
  }

  @Override
  public PackedLongs starts() {
    return starts;
  }

  @Override
  public @Nullable List<Column> field(SpanField field) {
    if (!FieldValues.isPlain(field)) {
      return null;
    }
    synchronized (columns) {
      return columns.computeIfAbsent(field, this::coded);
    }
  }

  private List<Column> coded(SpanField field) {
    Map<AttributeValue, Integer> known = new HashMap<>();
    List<@Nullable AttributeValue> dictionary = new ArrayList<>();
    PackedLongs.Builder codes = new PackedLongs.Builder(spans.size());
    for (SpanRecord span : spans) {
      AttributeValue value = FieldValues.of(span, field);
      if (value == null) {
        codes.add(-1);
        continue;
      }
      Integer code = known.putIfAbsent(value, dictionary.size());
      if (code == null) {
        codes.add(dictionary.size());
        dictionary.add(value);
      } else {
        codes.add(code);
      }
    }
    return List.of(new Column.Coded(codes.build(), dictionary));
  }
}
