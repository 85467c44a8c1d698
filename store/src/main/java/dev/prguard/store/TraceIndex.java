package dev.prguard.store;

import dev.prguard.store.column.LongIndex;

/// The traces of a block, in its order: by start.
///
/// @param first the first row of each, and at the end the number of rows
/// @param high, low of the ids
/// @param starts the earliest start of each; ns since the epoch
/// @param ends the latest end of each; ns since the epoch
@SuppressWarnings("ArrayRecordComponent") // shared, and never compared
record TraceIndex(
    int[] first, long[] high, long[] low, long[] starts, long[] ends, LongIndex numbers) {

  int traces() {
    return high.length;
  }

  /// @param high, low by row
  /// @param starts, durations by row
  static TraceIndex of(long[] high, long[] low, long[] starts, long[] durations) {
    int rows = high.length;
    int traces = 0;
    for (int row = 0; row < rows; row++) {
      if (begins(high, low, row)) {
        traces++;
      }
    }
    int[] first = new int[traces + 1];
    long[] highs = new long[traces];
    long[] lows = new long[traces];
    long[] earliest = new long[traces];
    long[] latest = new long[traces];
    LongIndex numbers = new LongIndex();
    int trace = -1;
    for (int row = 0; row < rows; row++) {
      if (begins(high, low, row)) {
        trace++;
        first[trace] = row;
        highs[trace] = high[row];
        lows[trace] = low[row];
        earliest[trace] = Long.MAX_VALUE;
        latest[trace] = Long.MIN_VALUE;
        int _ = numbers.number(mixed(high[row], low[row]));
      }
      earliest[trace] = Math.min(earliest[trace], starts[row]);
      latest[trace] = Math.max(latest[trace], starts[row] + durations[row]);
    }
    first[traces] = rows;
    return new TraceIndex(first, highs, lows, earliest, latest, numbers);
  }

  private static boolean begins(long[] high, long[] low, int row) {
    return row == 0 || high[row] != high[row - 1] || low[row] != low[row - 1];
  }

  private static long mixed(long high, long low) {
    return high * 31 + low;
  }

  /// -1 for one that is not here. Where two ids fall together, which the sender of one can bring
  /// about, the rest is searched.
  int find(long high, long low) {
    if (numbers.get(mixed(high, low)) < 0) {
      return -1;
    }
    if (numbers.size() == traces()) {
      int trace = numbers.get(mixed(high, low));
      return this.high[trace] == high && this.low[trace] == low ? trace : -1;
    }
    for (int trace = 0; trace < traces(); trace++) {
      if (this.high[trace] == high && this.low[trace] == low) {
        return trace;
      }
    }
    return -1;
  }

  /// About.
  long bytes() {
    return 60L * traces();
  }
}
