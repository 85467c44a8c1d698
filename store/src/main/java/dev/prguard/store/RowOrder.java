package dev.prguard.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Where each row of a block to be stands in it: traces by their start, the spans of a trace in the
/// order received; of two with the same ids the first. Told here, because a window over the table
/// takes DuckDB as long as writing the block does.
final class RowOrder {
  /// A trace of more spans takes a table to tell which are there twice.
  private static final int FEW = 32;

  private record TraceId(long high, long low) {}

  private final Map<TraceId, Integer> traces = new HashMap<>();
  private int rows;
  private int[] traceOf = new int[1024];
  private long[] spanIds = new long[1024];

  /// By trace.
  private long[] traceStarts = new long[256];

  private long minStart = Long.MAX_VALUE;
  private long maxStart = Long.MIN_VALUE;

  /// The next row.
  void add(long high, long low, long spanId, long startNanos) {
    if (rows == traceOf.length) {
      traceOf = Arrays.copyOf(traceOf, 2 * rows);
      spanIds = Arrays.copyOf(spanIds, 2 * rows);
    }
    int size = traces.size();
    int trace = traces.computeIfAbsent(new TraceId(high, low), _ -> size);
    if (trace == size) {
      if (trace == traceStarts.length) {
        traceStarts = Arrays.copyOf(traceStarts, 2 * trace);
      }
      traceStarts[trace] = startNanos;
    }
    traceStarts[trace] = Math.min(traceStarts[trace], startNanos);
    traceOf[rows] = trace;
    spanIds[rows] = spanId;
    rows++;
    minStart = Math.min(minStart, startNanos);
    maxStart = Math.max(maxStart, startNanos);
  }

  /// Of the earliest row, also where it has no place; ns since the epoch.
  long minStart() {
    return minStart;
  }

  /// Of the latest row; ns since the epoch.
  long maxStart() {
    return maxStart;
  }

  /// @return of each row its place; negative for a span that is there before
  int[] places() {
    int[] begins = new int[traces.size() + 1];
    for (int row = 0; row < rows; row++) {
      begins[traceOf[row] + 1]++;
    }
    Arrays.parallelPrefix(begins, Integer::sum);
    int[] byTrace = new int[rows];
    int[] next = begins.clone();
    for (int row = 0; row < rows; row++) {
      byTrace[next[traceOf[row]]++] = row;
    }
    int[] places = new int[rows];
    int place = 0;
    for (int trace : sorted()) {
      Set<Long> many = begins[trace + 1] - begins[trace] > FEW ? new HashSet<>() : null;
      for (int i = begins[trace]; i < begins[trace + 1]; i++) {
        long spanId = spanIds[byTrace[i]];
        boolean first =
            many == null ? isFirst(byTrace, begins[trace], i, spanId) : many.add(spanId);
        places[byTrace[i]] = first ? place++ : -1;
      }
    }
    return places;
  }

  private boolean isFirst(int[] byTrace, int from, int to, long spanId) {
    for (int i = from; i < to; i++) {
      if (spanIds[byTrace[i]] == spanId) {
        return false;
      }
    }
    return true;
  }

  private int[] sorted() {
    TraceId[] ids = new TraceId[traces.size()];
    traces.forEach((id, trace) -> ids[trace] = id);
    return IntStream.range(0, ids.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingLong(trace -> traceStarts[trace])
                .thenComparingLong(trace -> ids[trace].high())
                .thenComparingLong(trace -> ids[trace].low()))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
