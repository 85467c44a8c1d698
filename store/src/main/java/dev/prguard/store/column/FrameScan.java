package dev.prguard.store.column;

import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanAggregate.Function;
import java.util.Arrays;
import java.util.BitSet;

/// Goes through the rows of one table for a [ColumnAggregate]. Frames whose rows are all of one
/// interval, which is the rule, go column by column in loops without calls; others row by row.
final class FrameScan {
  /// So many rows of a frame are read one by one.
  private static final int FEW = 48;

  /// Beyond this, to forget the cells of an interval would cost more than to find them.
  private static final int MAX_REMEMBERED = 1_024;

  private final ColumnAggregate sums;
  private final SpanAggregate aggregate;
  private final PackedLongs times;
  private final BitSet rows;
  private final Labels.Reader[] by;
  private final Numbers operand;
  private final PackedLongs.Cursor starts;
  private final boolean plain;

  private long interval = -1;

  /// The interval (after, until] of the row before: rows come by time, so mostly it is the same.
  private long after;

  private long until;

  /// Of the interval the cell of each group, for those that have one; -1 for none yet.
  private int[] cellOf = new int[16];

  // Of a frame: the places of its rows, their groups and then cells, labels, and numbers.
  private final int[] places = new int[PackedLongs.FRAME];
  private final int[] groups = new int[PackedLongs.FRAME];
  private final int[] labels = new int[PackedLongs.FRAME];
  private final double[] numbers = new double[PackedLongs.FRAME];

  FrameScan(
      ColumnAggregate sums,
      SpanAggregate aggregate,
      PackedLongs times,
      BitSet rows,
      Labels.Reader[] by,
      Numbers operand) {
    this.sums = sums;
    this.aggregate = aggregate;
    this.times = times;
    this.rows = rows;
    this.by = by;
    this.operand = operand;
    this.starts = new PackedLongs.Cursor(times);
    this.plain =
        aggregate.function() != Function.LOG2_BUCKETS
            && (aggregate.function() == Function.COUNT || operand.isPlain())
            && Arrays.stream(by).allMatch(Labels.Reader::isPlain);
  }

  /// @return false where columns cannot tell exactly
  boolean run() {
    for (int row = rows.nextSetBit(0); row >= 0; ) {
      int frame = row / PackedLongs.FRAME;
      int end = (frame + 1) * PackedLongs.FRAME;
      int count = count(row, end);
      boolean few = count < FEW;
      operand.enter(frame, few);
      for (Labels.Reader label : by) {
        label.enter(frame, few);
      }
      boolean exact =
          (!few && plain && isOfOneInterval(frame))
              ? addFrame(frame, count)
              : addRows(row, end, few);
      if (!exact) {
        return false;
      }
      row = rows.nextSetBit(end);
    }
    return true;
  }

  /// Notes the places of the rows from one on, and counts them.
  private int count(int from, int end) {
    int count = 0;
    for (int row = from; row >= 0 && row < end; row = rows.nextSetBit(row + 1)) {
      places[count++] = row & (PackedLongs.FRAME - 1);
    }
    return count;
  }

  /// Whether all rows of a frame are, and then that becomes the present one.
  private boolean isOfOneInterval(int frame) {
    long least = times.least(frame);
    long most = times.most(frame);
    if (least <= aggregate.window().fromNanos()
        || most > aggregate.window().toNanos()
        || most < least) {
      return false;
    }
    if (interval < 0 || least <= after || least > until) {
      return enter(least) && most <= until;
    }
    return most <= until;
  }

  /// @return false for an interval that is none
  private boolean enter(long start) {
    long step = aggregate.stepNanos();
    long next = (start - aggregate.originNanos() - 1) / step;
    if (next < 0 || next >= ColumnAggregate.MAX_INTERVALS) {
      return false;
    }
    interval = next;
    after = aggregate.originNanos() + next * step;
    until = after + step;
    Arrays.fill(cellOf, -1);
    return true;
  }

  private boolean addFrame(int frame, int count) {
    int length = count;
    if (aggregate.function() != Function.COUNT) {
      length = operand.read(frame, places, count, numbers);
      if (length < 0) {
        return false;
      }
    }
    if (by.length == 0) {
      Arrays.fill(groups, 0, length, 0);
    } else {
      by[0].read(places, length, groups);
    }
    for (int i = 1; i < by.length; i++) {
      by[i].read(places, length, labels);
      for (int at = 0; at < length; at++) {
        groups[at] = sums.fold(i, groups[at], labels[at]);
      }
    }
    for (int at = 0; at < length; at++) {
      int group = groups[at];
      int cell = group < cellOf.length ? cellOf[group] : -1;
      groups[at] = cell >= 0 ? cell : newCell(group);
    }
    sums.count(groups, numbers, length);
    return true;
  }

  private int newCell(int group) {
    int cell = sums.cell(group, interval, 0);
    if (group < MAX_REMEMBERED) {
      if (group >= cellOf.length) {
        int known = cellOf.length;
        cellOf = Arrays.copyOf(cellOf, 2 * group);
        Arrays.fill(cellOf, known, cellOf.length, -1);
      }
      cellOf[group] = cell;
    }
    return cell;
  }

  private boolean addRows(int first, int end, boolean few) {
    starts.enter(first / PackedLongs.FRAME, few);
    Function function = aggregate.function();
    for (int row = first; row >= 0 && row < end; row = rows.nextSetBit(row + 1)) {
      long start = starts.get(row);
      if (start <= aggregate.window().fromNanos() || start > aggregate.window().toNanos()) {
        continue;
      }
      int exponent = 0;
      double number = 0;
      if (function != Function.COUNT) {
        if (!operand.read(row)) {
          continue;
        }
        if (function == Function.LOG2_BUCKETS) {
          if (!operand.isLong || operand.asLong < 2) {
            continue;
          }
          exponent = 64 - Long.numberOfLeadingZeros(operand.asLong - 1);
        } else {
          number = operand.asDouble;
          if (Double.isNaN(number)) {
            return false;
          }
        }
      }
      if ((interval < 0 || start <= after || start > until) && !enter(start)) {
        return false;
      }
      int group = by.length == 0 ? 0 : by[0].read(row);
      for (int i = 1; i < by.length; i++) {
        group = sums.fold(i, group, by[i].read(row));
      }
      int cell = exponent == 0 && group < cellOf.length ? cellOf[group] : -1;
      if (cell < 0) {
        cell = exponent == 0 ? newCell(group) : sums.cell(group, interval, exponent);
      }
      sums.count(cell, number);
    }
    return true;
  }
}
