package dev.prguard.store;

import dev.prguard.store.column.ColumnFilter;
import dev.prguard.store.column.SpanColumns;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceSpans;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Whole traces in rows, those of a trace together, traces by their start: of memory or of a block.
sealed interface TraceTable {
  SpanColumns columns();

  int traces();

  /// The first row of a trace; of the number of traces the number of rows.
  int first(int trace);

  /// The earliest start of a trace; ns since the epoch.
  long start(int trace);

  /// The latest end of a trace; ns since the epoch.
  long end(int trace);

  /// Whether that is known of each trace at a glance.
  boolean allOverlap(long from, long to);

  /// Rows that do not count: spans of traces that are elsewhere, too. Null for none.
  @Nullable BitSet excluded();

  /// The spans of these rows, trace by trace, as [#rows] says.
  ///
  /// @param rows for each trace, by its number, the rows; in the order of the answer
  List<TraceSpans> spans(List<TraceRows> rows, SpanFetch fetch);

  /// @param trace its number
  /// @param rows those that are wanted of it, ascending
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record TraceRows(int trace, int[] rows) {}

  default BitSet rows(SpanPredicate predicate) {
    BitSet rows = new ColumnFilter(columns()).rows(predicate);
    BitSet excluded = excluded();
    if (excluded != null) {
      rows.andNot(excluded);
    }
    return rows;
  }

  /// The candidates that the window lets in.
  default BitSet candidates(SpanFetch fetch) {
    BitSet rows = rows(fetch.candidates());
    switch (fetch.window()) {
      case SpanWindow.Starts(long from, long to) ->
          rows.and(ColumnFilter.starts(columns(), from, to));
      case SpanWindow.Overlaps(long from, long to) -> {
        if (rows.isEmpty() || allOverlap(from, to)) {
          break;
        }
        for (int trace = 0; trace < traces(); trace++) {
          if (start(trace) > to || end(trace) < from) {
            rows.clear(first(trace), first(trace + 1));
          }
        }
      }
    }
    return rows;
  }

  /// The traces that have such a row, by number.
  default BitSet traces(BitSet rows) {
    BitSet traces = new BitSet();
    int trace = 0;
    int row = rows.nextSetBit(0);
    while (row >= 0) {
      int near = Math.min(trace + 8, traces());
      while (trace < near && first(trace + 1) <= row) {
        trace++;
      }
      if (trace == near) {
        trace = traceOf(row, near, traces());
      }
      traces.set(trace);
      row = rows.nextSetBit(first(trace + 1));
    }
    return traces;
  }

  /// The trace of a row, which is one of [from, to).
  default int traceOf(int row, int from, int to) {
    int trace = from;
    int after = to;
    while (trace + 1 < after) {
      int middle = (trace + after) >>> 1;
      if (first(middle) <= row) {
        trace = middle;
      } else {
        after = middle;
      }
    }
    return trace;
  }

  /// Spans in memory.
  record OfMemory(LooseSpans loose) implements TraceTable {
    @Override
    public SpanColumns columns() {
      return loose.columns();
    }

    @Override
    public int traces() {
      return loose.traces().size();
    }

    @Override
    public int first(int trace) {
      return loose.first()[trace];
    }

    @Override
    public long start(int trace) {
      return loose.starts()[trace];
    }

    @Override
    public long end(int trace) {
      return loose.ends()[trace];
    }

    @Override
    public boolean allOverlap(long from, long to) {
      return false;
    }

    @Override
    public @Nullable BitSet excluded() {
      return null;
    }

    @Override
    public List<TraceSpans> spans(List<TraceRows> rows, SpanFetch fetch) {
      List<TraceSpans> list = new ArrayList<>();
      for (TraceRows of : rows) {
        var trace = loose.traces().get(of.trace());
        int from = loose.first()[of.trace()];
        var wanted = Arrays.stream(of.rows()).mapToObj(row -> trace.get(row - from)).toList();
        list.add(new TraceSpans(trace.getFirst().traceId(), wanted));
      }
      return list;
    }
  }

  /// A block. Which trace a row is of is looked up only where there is a row: most blocks have none
  /// of what is sought.
  final class OfBlock implements TraceTable {
    private static final int FEW = 64;

    /// In more ranges than this many each row is asked for by a scan of what lies between.
    private static final int MAX_RANGES = 200;

    private final BlockReader reader;
    private final Block block;
    private final Instant deadline;
    private final BlockColumns columns;
    private final @Nullable BitSet excluded;
    private @Nullable TraceIndex index;

    /// @param excluded rows that do not count; null for none
    OfBlock(BlockReader reader, Block block, @Nullable BitSet excluded, Instant deadline) {
      this.reader = reader;
      this.block = block;
      this.deadline = deadline;
      this.columns = new BlockColumns(reader, block, deadline);
      this.excluded = excluded;
    }

    private TraceIndex index() {
      TraceIndex known = index;
      if (known == null) {
        try {
          known = reader.traces(block, deadline);
        } catch (SQLException e) {
          throw new BlockUnreadableException(block, e);
        }
        index = known;
      }
      return known;
    }

    @Override
    public SpanColumns columns() {
      return columns;
    }

    @Override
    public @Nullable BitSet excluded() {
      return excluded;
    }

    @Override
    public int traces() {
      return index().traces();
    }

    @Override
    public int first(int trace) {
      return index().first(trace);
    }

    @Override
    public long start(int trace) {
      return index().starts().get(trace);
    }

    @Override
    public long end(int trace) {
      return index().ends().get(trace);
    }

    @Override
    public boolean allOverlap(long from, long to) {
      return block.minStart() >= from && block.maxStart() <= to;
    }

    @Override
    public List<TraceSpans> spans(List<TraceRows> rows, SpanFetch fetch) {
      try {
        WantedFields wanted =
            WantedFields.of(fetch.fields(), reader.schema(block, fetch.deadline()));
        // A few rows are read for themselves, once: who asks again is given whole columns.
        boolean whole =
            wanted.keys() != null
                && !wanted.rest()
                && (rows.size() > FEW || !reader.isFirstLookUp(block));
        SpanRows source =
            whole
                ? SpanRows.whole(reader, block, wanted, fetch.deadline())
                : SpanRows.few(reader, block, wanted, where(rows), fetch.deadline());
        List<TraceSpans> list = new ArrayList<>();
        for (TraceRows of : rows) {
          String id =
              SpanRows.hex(index().high()[of.trace()]) + SpanRows.hex(index().low()[of.trace()]);
          var spans = new ArrayList<SpanRecord>();
          for (int row : of.rows()) {
            spans.add(source.span(source.at(row), id));
          }
          list.add(new TraceSpans(id, spans));
        }
        return list;
      } catch (SQLException e) {
        throw new BlockUnreadableException(block, e);
      }
    }

    private static String where(List<TraceRows> rows) {
      TreeMap<Integer, Integer> ranges = new TreeMap<>();
      for (TraceRows of : rows) {
        int from = 0;
        for (int i = 1; i <= of.rows().length; i++) {
          if (i == of.rows().length || of.rows()[i] != of.rows()[i - 1] + 1) {
            ranges.put(of.rows()[from], of.rows()[i - 1]);
            from = i;
          }
        }
      }
      if (ranges.size() > MAX_RANGES) {
        return "file_row_number BETWEEN %d AND %d"
            .formatted(ranges.firstKey(), ranges.lastEntry().getValue());
      }
      List<String> parts = new ArrayList<>();
      ranges.forEach(
          (from, to) -> parts.add("file_row_number BETWEEN %d AND %d".formatted(from, to)));
      return "(" + String.join(" OR ", parts) + ")";
    }

    /// All spans of the traces that are here, by trace id.
    static Map<String, List<SpanRecord>> wholeTraces(
        BlockReader reader, Block block, List<String> traceIds, Instant deadline)
        throws SQLException {
      List<String> wanted = new ArrayList<>();
      for (String id : traceIds) {
        wanted.add(
            "(%s = %d AND %s = %d)"
                .formatted(Block.TRACE_HIGH, high(id), Block.TRACE_LOW, low(id)));
      }
      SpanRows rows =
          SpanRows.few(
              reader, block, WantedFields.ALL, "(" + String.join(" OR ", wanted) + ")", deadline);
      Map<String, List<SpanRecord>> traces = new HashMap<>();
      for (int at = 0; at < rows.rows(); at++) {
        String id = rows.traceId(at);
        traces.computeIfAbsent(id, _ -> new ArrayList<>()).add(rows.span(at, id));
      }
      return traces;
    }

    static long high(String traceId) {
      return HexFormat.fromHexDigitsToLong(traceId, 0, 16);
    }

    static long low(String traceId) {
      return HexFormat.fromHexDigitsToLong(traceId, 16, 32);
    }
  }
}
