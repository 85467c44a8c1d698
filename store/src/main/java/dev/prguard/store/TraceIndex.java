package dev.prguard.store;

import dev.prguard.store.column.Column;
import dev.prguard.store.column.PackedLongs;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The traces of a block, in its order: by start.
///
/// @param first the first row of each, and at the end the number of rows
/// @param high, low of the ids
/// @param starts the earliest start of each; ns since the epoch
/// @param ends the latest end of each; ns since the epoch
/// @param slots an open-addressing table of ids: the number of a trace, or -1
@SuppressWarnings("ArrayRecordComponent") // shared, and never compared
record TraceIndex(
    PackedLongs first, long[] high, long[] low, PackedLongs starts, PackedLongs ends, int[] slots) {
  private static final String FIRST = "traces.first";
  private static final String HIGH = "traces.high";
  private static final String LOW = "traces.low";
  private static final String STARTS = "traces.starts";
  private static final String ENDS = "traces.ends";

  int traces() {
    return high.length;
  }

  /// @param high, low by row
  /// @param starts, durations by row
  static TraceIndex of(
      PackedLongs high, PackedLongs low, PackedLongs starts, PackedLongs durations) {
    int rows = high.rows();
    PackedLongs.Builder first = new PackedLongs.Builder(rows + 1);
    PackedLongs.Builder earliest = new PackedLongs.Builder(rows);
    PackedLongs.Builder latest = new PackedLongs.Builder(rows);
    long[] highs = new long[16];
    long[] lows = new long[16];
    int traces = 0;
    int row = 0;
    while (row < rows) {
      long itsHigh = high.get(row);
      long itsLow = low.get(row);
      if (traces == highs.length) {
        highs = Arrays.copyOf(highs, 2 * traces);
        lows = Arrays.copyOf(lows, 2 * traces);
      }
      highs[traces] = itsHigh;
      lows[traces] = itsLow;
      traces++;
      first.add(row);
      long start = Long.MAX_VALUE;
      long end = Long.MIN_VALUE;
      for (; row < rows && low.get(row) == itsLow && high.get(row) == itsHigh; row++) {
        start = Math.min(start, starts.get(row));
        end = Math.max(end, starts.get(row) + durations.get(row));
      }
      earliest.add(start);
      latest.add(end);
    }
    first.add(rows);
    highs = Arrays.copyOf(highs, traces);
    lows = Arrays.copyOf(lows, traces);
    return new TraceIndex(
        first.build(), highs, lows, earliest.build(), latest.build(), slots(highs, lows));
  }

  /// As [ColumnsFile] has it.
  ///
  /// @return null where it has none, or not one of this many rows
  static @Nullable TraceIndex stored(ColumnsFile file, int rows) {
    PackedLongs first = stored(file, FIRST);
    PackedLongs high = stored(file, HIGH);
    PackedLongs low = stored(file, LOW);
    PackedLongs starts = stored(file, STARTS);
    PackedLongs ends = stored(file, ENDS);
    if (first == null || high == null || low == null || starts == null || ends == null) {
      return null;
    }
    int traces = high.rows();
    if (low.rows() != traces
        || starts.rows() != traces
        || ends.rows() != traces
        || first.rows() != traces + 1
        || first.get(traces) != rows) {
      return null;
    }
    long[] highs = IntStream.range(0, traces).mapToLong(high::get).toArray();
    long[] lows = IntStream.range(0, traces).mapToLong(low::get).toArray();
    return new TraceIndex(first, highs, lows, starts, ends, slots(highs, lows));
  }

  private static @Nullable PackedLongs stored(ColumnsFile file, String name) {
    return file.column(name) instanceof Column.Longs(PackedLongs values, var _) ? values : null;
  }

  /// What [#stored] reads, by name.
  SortedMap<String, Column> columns() {
    return new TreeMap<>(
        Map.of(
            FIRST, new Column.Longs(first, null),
            HIGH, new Column.Longs(PackedLongs.of(high), null),
            LOW, new Column.Longs(PackedLongs.of(low), null),
            STARTS, new Column.Longs(starts, null),
            ENDS, new Column.Longs(ends, null)));
  }

  private static int[] slots(long[] high, long[] low) {
    int[] slots = new int[Math.max(2, Integer.highestOneBit(high.length) * 2)];
    Arrays.fill(slots, -1);
    for (int trace = 0; trace < high.length; trace++) {
      int slot = slot(high[trace], low[trace], slots.length);
      while (slots[slot] >= 0) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = trace;
    }
    return slots;
  }

  private static int slot(long high, long low, int slots) {
    return TraceHashes.hash(high, low) & (slots - 1);
  }

  /// -1 for one that is not here.
  int find(long high, long low) {
    int slot = slot(high, low, slots.length);
    while (slots[slot] >= 0) {
      int trace = slots[slot];
      if (this.high[trace] == high && this.low[trace] == low) {
        return trace;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return -1;
  }

  int first(int trace) {
    return (int) first.get(trace);
  }

  /// About.
  long bytes() {
    return 16L * traces() + 4L * slots.length + first.bytes() + starts.bytes() + ends.bytes();
  }
}
