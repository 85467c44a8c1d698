package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanAggregate.Function;
import dev.prguard.trace.query.SpanField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Adds up a metrics stage over any number of [SpanColumns].
public final class ColumnAggregate {
  private static final int MAX_INTERVALS = 1 << 22;
  private static final int MAX_EXPONENTS = 128;
  private static final int SIDE = 128;
  private static final double[] NO_SAMPLES = {};

  private final SpanAggregate aggregate;

  /// By field of `by`.
  private final List<Labels> labels = new ArrayList<>();

  /// Groups: the numbers of their labels, folded two by two into one.
  private final List<LongIndex> folds = new ArrayList<>();

  /// The same of small numbers, plus one; 0 for what was not met yet.
  private final List<int[]> tables = new ArrayList<>();

  /// Cells: group, interval and, of buckets, the exponent.
  private final LongIndex cells = new LongIndex();

  private long[] counts = new long[64];
  private double[] numbers = new double[64];

  /// For QUANTILES, by cell; empty for what is settled.
  private double[][] samples = new double[64][];

  private final Map<Integer, List<Double>> settled = new HashMap<>();

  public ColumnAggregate(SpanAggregate aggregate) {
    this.aggregate = aggregate;
    for (SpanField _ : aggregate.by()) {
      labels.add(new Labels());
      folds.add(new LongIndex());
      tables.add(new int[SIDE * SIDE]);
    }
  }

  /// Whether an aggregate is one that columns can add up at all.
  public static boolean canAnswer(SpanAggregate aggregate) {
    return aggregate.by().stream().allMatch(FieldValues::isPlain)
        && (aggregate.value() == null || FieldValues.isPlain(aggregate.value()))
        && (aggregate.function() != Function.QUANTILES || !aggregate.quantiles().isEmpty());
  }

  /// Asks for each column that [#add] will.
  public static void read(SpanAggregate aggregate, SpanColumns columns) {
    BitSet _ = new ColumnFilter(columns).rows(aggregate.filter());
    PackedLongs _ = columns.starts();
    aggregate.by().forEach(columns::field);
    if (aggregate.value() != null) {
      List<Column> _ = columns.field(aggregate.value());
    }
  }

  /// Adds rows.
  ///
  /// @param without rows that do not count
  /// @return false where columns cannot tell exactly: then what was added so far is of no use
  public boolean add(SpanColumns columns, @Nullable BitSet without) {
    ColumnFilter filter = new ColumnFilter(columns);
    BitSet rows = filter.rows(aggregate.filter());
    if (!filter.exact()) {
      return false;
    }
    if (!aggregate.scalars().stream().allMatch(field -> isScalar(columns.field(field)))) {
      return false;
    }
    if (without != null) {
      rows.andNot(without);
    }
    Labels.Reader[] by = new Labels.Reader[aggregate.by().size()];
    for (int i = 0; i < by.length; i++) {
      List<Column> list = columns.field(aggregate.by().get(i));
      if (list == null) {
        return false;
      }
      by[i] = labels.get(i).new Reader(list);
    }
    Numbers operand = new Numbers(List.of());
    SpanField value = aggregate.value();
    if (value != null) {
      List<Column> list = columns.field(value);
      if (list == null) {
        return false;
      }
      operand = new Numbers(list);
    }
    return add(columns.starts(), rows, by, operand);
  }

  private static boolean isScalar(@Nullable List<Column> columns) {
    return columns != null
        && columns.stream()
            .noneMatch(column ->
                column instanceof Column.Coded coded
                    && coded.dictionary().stream().anyMatch(ArrayValue.class::isInstance));
  }

  private boolean add(PackedLongs times, BitSet rows, Labels.Reader[] by, Numbers operand) {
    long from = aggregate.window().fromNanos();
    long to = aggregate.window().toNanos();
    long step = aggregate.stepNanos();
    long interval = -1;
    // The interval (after, until] of the row before: rows come by time, so mostly it is the same.
    long after = 0;
    long until = 0;
    // Of the interval the cell of each group, for those that have one; -1 for none yet.
    int[] cellOf = new int[16];
    Function function = aggregate.function();
    PackedLongs.Cursor starts = new PackedLongs.Cursor(times);
    int endOfFrame = 0;
    for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
      if (row >= endOfFrame) {
        int frame = row / PackedLongs.FRAME;
        endOfFrame = (frame + 1) * PackedLongs.FRAME;
        boolean few = rows.get(row, endOfFrame).cardinality() < FEW;
        starts.enter(frame, few);
        operand.enter(frame, few);
        for (Labels.Reader label : by) {
          label.enter(frame, few);
        }
      }
      long start = starts.get(row);
      if (start <= from || start > to) {
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
      if (interval < 0 || start <= after || start > until) {
        interval = (start - aggregate.originNanos() - 1) / step;
        if (interval < 0 || interval >= MAX_INTERVALS) {
          return false;
        }
        after = aggregate.originNanos() + interval * step;
        until = after + step;
        Arrays.fill(cellOf, -1);
      }
      int group = by.length == 0 ? 0 : by[0].read(row);
      for (int i = 1; i < by.length; i++) {
        group = fold(i, group, by[i].read(row));
      }
      if (exponent == 0 && group < cellOf.length && cellOf[group] >= 0) {
        count(cellOf[group], number);
        continue;
      }
      int cell = cells.number((group * (long) MAX_INTERVALS + interval) * MAX_EXPONENTS + exponent);
      if (exponent == 0 && group < MAX_REMEMBERED) {
        if (group >= cellOf.length) {
          int known = cellOf.length;
          cellOf = Arrays.copyOf(cellOf, 2 * group);
          Arrays.fill(cellOf, known, cellOf.length, -1);
        }
        cellOf[group] = cell;
      }
      count(cell, number);
    }
    return true;
  }

  /// So many rows of a frame are read one by one.
  private static final int FEW = 48;

  /// The number of a group and a further label. Few of each is the rule: a table finds them.
  private int fold(int by, int group, int label) {
    if (group >= SIDE || label >= SIDE) {
      return folds.get(by).number(((long) group << 32) | label);
    }
    int[] table = tables.get(by);
    int known = table[group * SIDE + label];
    if (known == 0) {
      known = folds.get(by).number(((long) group << 32) | label) + 1;
      table[group * SIDE + label] = known;
    }
    return known - 1;
  }

  /// Beyond this, to forget the cells of an interval would cost more than to find them.
  private static final int MAX_REMEMBERED = 1_024;

  private void count(int cell, double number) {
    if (cell >= counts.length) {
      counts = Arrays.copyOf(counts, 2 * cell);
      numbers = Arrays.copyOf(numbers, 2 * cell);
      samples = Arrays.copyOf(samples, 2 * cell);
    }
    long count = counts[cell]++;
    switch (aggregate.function()) {
      case COUNT, LOG2_BUCKETS -> {}
      case SUM, AVERAGE -> numbers[cell] += number;
      case MIN -> numbers[cell] = count == 0 ? number : Math.min(numbers[cell], number);
      case MAX -> numbers[cell] = count == 0 ? number : Math.max(numbers[cell], number);
      case QUANTILES -> {
        double[] list = samples[cell];
        if (list == null) {
          list = new double[16];
          samples[cell] = list;
        } else if (count == list.length) {
          list = Arrays.copyOf(list, 2 * list.length);
          samples[cell] = list;
        }
        list[(int) count] = number;
      }
    }
  }

  /// Reads the number of a row.
  private static final class Numbers {
    private final Column[] columns;

    /// Of each column one of these, by its type.
    private final PackedLongs.@Nullable Cursor[] longs;

    private final PackedDoubles.@Nullable Cursor[] doubles;
    private boolean isLong;
    private long asLong;
    private double asDouble;

    Numbers(List<Column> list) {
      columns = list.toArray(Column[]::new);
      longs = new PackedLongs.Cursor[columns.length];
      doubles = new PackedDoubles.Cursor[columns.length];
      for (int i = 0; i < columns.length; i++) {
        switch (columns[i]) {
          case Column.Longs(PackedLongs values, _) -> longs[i] = new PackedLongs.Cursor(values);
          case Column.Doubles(PackedDoubles values, _) ->
              doubles[i] = new PackedDoubles.Cursor(values);
          case Column.Coded _ -> {}
        }
      }
    }

    void enter(int frame, boolean few) {
      for (PackedLongs.Cursor cursor : longs) {
        if (cursor != null) {
          cursor.enter(frame, few);
        }
      }
      for (PackedDoubles.Cursor cursor : doubles) {
        if (cursor != null) {
          cursor.enter(frame, few);
        }
      }
    }

    /// @return false where the row has no number
    boolean read(int row) {
      for (int i = 0; i < columns.length; i++) {
        switch (columns[i]) {
          case Column.Longs(_, BitSet missing) -> {
            PackedLongs.Cursor cursor = longs[i];
            if (cursor != null && (missing == null || !missing.get(row))) {
              return isLong(cursor.get(row));
            }
          }
          case Column.Doubles(_, BitSet missing) -> {
            PackedDoubles.Cursor cursor = doubles[i];
            if (cursor != null && (missing == null || !missing.get(row))) {
              isLong = false;
              asDouble = cursor.get(row);
              return true;
            }
          }
          case Column.Coded coded -> {
            AttributeValue value = coded.value(row);
            if (value instanceof LongValue(long number)) {
              return isLong(number);
            }
            if (value instanceof DoubleValue(double number)) {
              isLong = false;
              asDouble = number;
              return true;
            }
            if (value != null) {
              return false;
            }
          }
        }
      }
      return false;
    }

    private boolean isLong(long number) {
      isLong = true;
      asLong = number;
      asDouble = number;
      return true;
    }
  }

  /// Says that no row before a time comes any more: what only such rows are in is counted up, and
  /// the samples of its quantiles are let go.
  ///
  /// @param before ns since the epoch
  public void settle(long before) {
    if (aggregate.function() != Function.QUANTILES) {
      return;
    }
    for (int cell = 0; cell < cells.size(); cell++) {
      long interval = cells.key(cell) / MAX_EXPONENTS % MAX_INTERVALS;
      boolean over = aggregate.originNanos() + (interval + 1) * aggregate.stepNanos() < before;
      if (over && !settled.containsKey(cell)) {
        settled.put(cell, answer(cell, 0));
        samples[cell] = NO_SAMPLES;
      }
    }
  }

  @SuppressWarnings("NullAway") // javac does not write @Nullable of a compact constructor's types
  public List<AggregateRow> rows() {
    List<AggregateRow> rows = new ArrayList<>();
    for (int cell = 0; cell < cells.size(); cell++) {
      long key = cells.key(cell);
      int exponent = (int) (key % MAX_EXPONENTS);
      long place = key / MAX_EXPONENTS;
      rows.add(
          new AggregateRow(
              (int) (place % MAX_INTERVALS),
              labels((int) (place / MAX_INTERVALS)),
              counts[cell],
              answer(cell, exponent)));
    }
    return rows;
  }

  private List<@Nullable AttributeValue> labels(int group) {
    List<@Nullable AttributeValue> of = new ArrayList<>();
    int number = group;
    for (int i = folds.size() - 1; i > 0; i--) {
      long key = folds.get(i).key(number);
      of.addFirst(labels.get(i).value((int) key));
      number = (int) (key >>> 32);
    }
    if (!labels.isEmpty()) {
      of.addFirst(labels.getFirst().value(number));
    }
    return of;
  }

  private List<Double> answer(int cell, int exponent) {
    return switch (aggregate.function()) {
      case COUNT -> List.of();
      case SUM, AVERAGE, MIN, MAX -> List.of(numbers[cell]);
      case LOG2_BUCKETS -> List.of(Math.scalb(1.0, exponent));
      case QUANTILES -> {
        List<Double> known = settled.get(cell);
        yield known != null
            ? known
            : Quantiles.of(samples[cell], (int) counts[cell], aggregate.quantiles());
      }
    };
  }
}
