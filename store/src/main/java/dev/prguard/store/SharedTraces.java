package dev.prguard.store;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Which traces are in several blocks. Told by [TraceHashes]: only of a block that seems to have
/// one the ids themselves are looked at, where a join would read those of the whole store each
/// time.
final class SharedTraces {
  private final BlockReader reader;

  SharedTraces(BlockReader reader) {
    this.reader = reader;
  }

  /// Trace ids, as 32 digits, that a block has in common with others.
  Set<String> of(Block block, List<Block> others) throws IOException {
    Set<String> ids = new TreeSet<>();
    try {
      TraceIndex index = reader.traces(block, DuckDb.NO_DEADLINE);
      for (Block other : others) {
        TraceHashes hashes = reader.traceHashes(other, DuckDb.NO_DEADLINE);
        for (int trace = 0; trace < index.traces(); trace++) {
          long high = index.high()[trace];
          long low = index.low()[trace];
          if (has(other, hashes, high, low)) {
            ids.add(SpanRows.hex(high) + SpanRows.hex(low));
          }
        }
      }
    } catch (SQLException e) {
      throw new IOException(String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
    return ids;
  }

  /// Those of some trace ids that are in several of the blocks.
  Set<String> of(Set<String> traceIds, List<Block> blocks) throws IOException {
    Set<String> ids = new TreeSet<>();
    try {
      for (String id : traceIds) {
        int in = 0;
        long high = TraceTable.OfBlock.high(id);
        long low = TraceTable.OfBlock.low(id);
        for (Block block : blocks) {
          TraceHashes hashes = reader.traceHashes(block, DuckDb.NO_DEADLINE);
          in += has(block, hashes, high, low) ? 1 : 0;
        }
        if (in > 1) {
          ids.add(id);
        }
      }
    } catch (SQLException e) {
      throw new IOException(String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
    return ids;
  }

  private boolean has(Block block, TraceHashes hashes, long high, long low) throws SQLException {
    return hashes.mayHave(TraceHashes.hash(high, low))
        && reader.traces(block, DuckDb.NO_DEADLINE).find(high, low) >= 0;
  }
}
