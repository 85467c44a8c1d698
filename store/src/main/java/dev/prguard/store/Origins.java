package dev.prguard.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.store.column.Column;
import dev.prguard.store.column.PackedLongs;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the spans of a block come from: their resource and scope.
///
/// @param codes by row, which of the records
/// @param records spans without anything else
record Origins(Column.Coded codes, List<SpanRecord> records) {
  Origins {
    records = List.copyOf(records);
  }

  private static Origins of(PackedLongs codes, List<SpanRecord> records) {
    return new Origins(new Column.Coded(codes, List.of()), records);
  }

  static Origins read(VectorReader columns) throws SQLException {
    List<SpanRecord> records = new ArrayList<>();
    return of(columns.codes(Block.ORIGIN, row -> records.add(stub(row.getBytes(2)))), records);
  }

  /// @return null where the columns' file does not have them
  static @Nullable Origins stored(ColumnsFile file, Block block) throws SQLException {
    if (!(file.column(Block.ORIGIN) instanceof Column.Longs(PackedLongs codes, _))) {
      return null;
    }
    List<byte[]> stubs = file.origins();
    if (stubs == null || codes.rows() != block.spans()) {
      return null;
    }
    List<SpanRecord> records = new ArrayList<>();
    for (byte[] stub : stubs) {
      records.add(stub(stub));
    }
    return of(codes, records);
  }

  /// The only span of a message.
  static SpanRecord stub(byte[] tracesData) throws SQLException {
    try {
      return OtlpSpans.decode(tracesData).spans().getFirst();
    } catch (InvalidProtocolBufferException e) {
      throw new SQLException("not OTLP: " + e.getMessage(), e);
    }
  }

  /// What it takes in memory, about.
  long bytes() {
    return codes.bytes() + 2_000L * records.size();
  }
}
