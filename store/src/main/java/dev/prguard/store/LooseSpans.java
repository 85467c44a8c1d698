package dev.prguard.store;

import dev.prguard.store.column.RecordColumns;
import dev.prguard.store.column.SpanColumns;
import dev.prguard.trace.SpanRecord;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Traces that are in memory whole: those of which the newest spans are in no block yet, and those
/// that are spread over several blocks. Each span once, in the order in which it was received;
/// traces by their start, as in a block.
final class LooseSpans {
  private final List<List<SpanRecord>> traces;
  private final int[] first;
  private final RecordColumns columns;
  private final long[] starts;
  private final long[] ends;

  /// Ids of the traces, as blocks have them.
  private final long[] high;

  private final long[] low;

  /// By block. Many queries ask between two arrivals of spans.
  private final Map<String, Optional<BitSet>> rowsOfBlocks = new ConcurrentHashMap<>();

  /// @param spans in the order received; of two with the same ids the first counts
  LooseSpans(List<SpanRecord> spans) {
    Map<String, Map<String, SpanRecord>> byTrace = new LinkedHashMap<>();
    for (SpanRecord span : spans) {
      byTrace
          .computeIfAbsent(span.traceId(), _ -> new LinkedHashMap<>())
          .putIfAbsent(span.spanId(), span);
    }
    this.traces =
        byTrace.values().stream()
            .map(of -> List.copyOf(of.values()))
            .sorted(
                Comparator.<List<SpanRecord>>comparingLong(LooseSpans::start)
                    .thenComparing(of -> of.getFirst().traceId()))
            .toList();
    this.first = new int[traces.size() + 1];
    this.starts = new long[traces.size()];
    this.ends = new long[traces.size()];
    this.high = new long[traces.size()];
    this.low = new long[traces.size()];
    List<SpanRecord> rows = new ArrayList<>();
    for (int trace = 0; trace < traces.size(); trace++) {
      List<SpanRecord> of = traces.get(trace);
      first[trace] = rows.size();
      starts[trace] = start(of);
      high[trace] = TraceTable.OfBlock.high(of.getFirst().traceId());
      low[trace] = TraceTable.OfBlock.low(of.getFirst().traceId());
      ends[trace] = of.stream().mapToLong(SpanRecord::endNanos).max().orElseThrow();
      rows.addAll(of);
    }
    first[traces.size()] = rows.size();
    this.columns = new RecordColumns(rows);
  }

  private static long start(List<SpanRecord> trace) {
    return trace.stream().mapToLong(SpanRecord::startNanos).min().orElseThrow();
  }

  List<List<SpanRecord>> traces() {
    return traces;
  }

  /// The first row of each trace, and at the end the number of rows.
  int[] first() {
    return first;
  }

  long[] starts() {
    return starts;
  }

  long[] ends() {
    return ends;
  }

  SpanColumns columns() {
    return columns;
  }

  /// The rows of a block that are of these traces.
  ///
  /// @return not to be written to; null for none
  @Nullable BitSet rowsOf(Block block, BlockReader reader, Instant deadline) throws SQLException {
    if (traces.isEmpty()) {
      return null;
    }
    Optional<BitSet> known = rowsOfBlocks.get(block.file());
    if (known == null) {
      known = Optional.ofNullable(find(block, reader, deadline));
      rowsOfBlocks.put(block.file(), known);
    }
    return known.orElse(null);
  }

  private @Nullable BitSet find(Block block, BlockReader reader, Instant deadline)
      throws SQLException {
    TraceHashes hashes = reader.traceHashes(block, deadline);
    boolean any = false;
    for (int trace = 0; trace < high.length && !any; trace++) {
      any = hashes.mayHave(TraceHashes.hash(high[trace], low[trace]));
    }
    if (!any) {
      return null;
    }
    TraceIndex index = reader.traces(block, deadline);
    BitSet rows = new BitSet();
    for (int trace = 0; trace < high.length; trace++) {
      int number = index.find(high[trace], low[trace]);
      if (number >= 0) {
        rows.set(index.first(number), index.first(number + 1));
      }
    }
    return rows.isEmpty() ? null : rows;
  }

  @Nullable List<SpanRecord> trace(String traceId) {
    for (List<SpanRecord> trace : traces) {
      if (trace.getFirst().traceId().equals(traceId)) {
        return trace;
      }
    }
    return null;
  }
}
