package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
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
  private final SpanAggregate aggregate;

  /// The labels met so far, by field of `by`: null is one of them.
  private final List<Map<@Nullable AttributeValue, Integer>> labels = new ArrayList<>();

  private final List<List<@Nullable AttributeValue>> labelValues = new ArrayList<>();

  /// Groups: the numbers of their labels, folded two by two into one.
  private final List<LongIndex> folds = new ArrayList<>();

  /// Cells: group, interval and, of buckets, the exponent.
  private final LongIndex cells = new LongIndex();

  private long[] counts = new long[64];
  private double[] numbers = new double[64];

  /// For QUANTILES, by cell.
  private double[][] samples = new double[64][];

  private static final int MAX_INTERVALS = 1 << 22;
  private static final int MAX_EXPONENTS = 128;

  public ColumnAggregate(SpanAggregate aggregate) {
    this.aggregate = aggregate;
    for (int i = 0; i < aggregate.by().size(); i++) {
      labels.add(new HashMap<>());
      labelValues.add(new ArrayList<>());
      folds.add(new LongIndex());
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
    if (without != null) {
      rows.andNot(without);
    }
    List<int[]> codes = new ArrayList<>();
    for (int i = 0; i < aggregate.by().size(); i++) {
      int[] of = labelCodes(columns, i, rows);
      if (of == null) {
        return false;
      }
      codes.add(of);
    }
    Numbers operand = Numbers.NONE;
    SpanField value = aggregate.value();
    if (value != null) {
      List<Column> list = columns.field(value);
      if (list == null) {
        return false;
      }
      operand = new Numbers(list);
    }
    return add(columns.starts(), rows, codes, operand);
  }

  private boolean add(long[] starts, BitSet rows, List<int[]> codes, Numbers operand) {
    long from = aggregate.window().fromNanos();
    long to = aggregate.window().toNanos();
    long origin = aggregate.originNanos();
    long step = aggregate.stepNanos();
    for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
      long start = starts[row];
      if (start <= from || start > to) {
        continue;
      }
      int exponent = 0;
      double number = 0;
      switch (aggregate.function()) {
        case COUNT -> {}
        case LOG2_BUCKETS -> {
          if (!operand.read(row) || !operand.isLong || operand.asLong < 2) {
            continue;
          }
          exponent = 64 - Long.numberOfLeadingZeros(operand.asLong - 1);
        }
        case SUM, MIN, MAX, AVERAGE, QUANTILES -> {
          if (!operand.read(row)) {
            continue;
          }
          number = operand.asDouble;
          if (Double.isNaN(number)) {
            return false;
          }
        }
      }
      long group = 0;
      for (int i = 0; i < codes.size(); i++) {
        group = folds.get(i).number((group << 32) | codes.get(i)[row]);
      }
      long interval = (start - origin - 1) / step;
      if (interval < 0 || interval >= MAX_INTERVALS) {
        return false;
      }
      count(cells.number((group * MAX_INTERVALS + interval) * MAX_EXPONENTS + exponent), number);
    }
    return true;
  }

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
          list = new double[8];
          samples[cell] = list;
        } else if (count == list.length) {
          list = Arrays.copyOf(list, 2 * list.length);
          samples[cell] = list;
        }
        list[(int) count] = number;
      }
    }
  }

  /// The label of each wanted row, by its number in [#labels]; null where columns cannot tell.
  private int @Nullable [] labelCodes(SpanColumns columns, int by, BitSet rows) {
    List<Column> list = columns.field(aggregate.by().get(by));
    if (list == null) {
      return null;
    }
    int[] codes = new int[columns.rows()];
    Arrays.fill(codes, -1);
    for (Column column : list) {
      switch (column) {
        case Column.Coded(int[] own, List<@Nullable AttributeValue> dictionary) -> {
          int[] translated = new int[dictionary.size()];
          Arrays.fill(translated, -1);
          for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            int code = own[row];
            if (codes[row] < 0 && code >= 0) {
              // Only labels that are met are kept.
              if (translated[code] < 0) {
                AttributeValue value = dictionary.get(code);
                if (value == null) {
                  continue;
                }
                translated[code] = label(by, value);
              }
              codes[row] = translated[code];
            }
          }
        }
        case Column.Longs _, Column.Doubles _ -> {
          for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
            AttributeValue value = codes[row] < 0 ? column.value(row) : null;
            if (value != null) {
              codes[row] = label(by, value);
            }
          }
        }
      }
    }
    int missing = label(by, null);
    for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
      if (codes[row] < 0) {
        codes[row] = missing;
      }
    }
    return codes;
  }

  private int label(int by, @Nullable AttributeValue value) {
    Map<@Nullable AttributeValue, Integer> known = labels.get(by);
    Integer code = known.get(value);
    if (code == null) {
      code = known.size();
      known.put(value, code);
      labelValues.get(by).add(value);
    }
    return code;
  }

  /// Reads the number of a row.
  private static final class Numbers {
    static final Numbers NONE = new Numbers(List.of());

    private final List<Column> columns;
    private boolean isLong;
    private long asLong;
    private double asDouble;

    Numbers(List<Column> columns) {
      this.columns = columns;
    }

    /// @return false where the row has no number
    boolean read(int row) {
      for (Column column : columns) {
        switch (column) {
          case Column.Longs(long[] values, BitSet missing) -> {
            if (missing == null || !missing.get(row)) {
              return isLong(values[row]);
            }
          }
          case Column.Doubles(double[] values, BitSet missing) -> {
            if (missing == null || !missing.get(row)) {
              isLong = false;
              asDouble = values[row];
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
              labels(place / MAX_INTERVALS),
              counts[cell],
              answer(cell, exponent)));
    }
    return rows;
  }

  private List<@Nullable AttributeValue> labels(long group) {
    List<@Nullable AttributeValue> of = new ArrayList<>();
    long number = group;
    for (int i = folds.size() - 1; i >= 0; i--) {
      long key = folds.get(i).key((int) number);
      of.addFirst(labelValues.get(i).get((int) key));
      number = key >>> 32;
    }
    return of;
  }

  private List<Double> answer(int cell, int exponent) {
    return switch (aggregate.function()) {
      case COUNT -> List.of();
      case SUM, AVERAGE, MIN, MAX -> List.of(numbers[cell]);
      case LOG2_BUCKETS -> List.of(Math.scalb(1.0, exponent));
      case QUANTILES -> {
        int count = (int) counts[cell];
        double[] sorted = samples[cell];
        Arrays.sort(sorted, 0, count);
        List<Double> list = new ArrayList<>();
        for (double q : aggregate.quantiles()) {
          list.add(sorted[Math.clamp((int) Math.ceil(q * count), 1, count) - 1]);
        }
        yield list;
      }
    };
  }

  /// Whether an aggregate is one that columns can add up at all.
  public static boolean canAnswer(SpanAggregate aggregate) {
    return aggregate.by().stream().allMatch(FieldValues::isPlain)
        && (aggregate.value() == null || FieldValues.isPlain(aggregate.value()))
        && (aggregate.function() != Function.QUANTILES || !aggregate.quantiles().isEmpty());
  }
}
