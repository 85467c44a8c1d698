package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
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
  static final int MAX_INTERVALS = 1 << 22;
  private static final int MAX_EXPONENTS = 128;
  private static final int SIDE = 128;
  private static final double[] NO_SAMPLES = {};

  private final SpanAggregate aggregate;
  private final int maxUnsorted;

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

  /// Beyond so many, samples are sorted and packed, which takes a third of the memory or less.
  private static final int MAX_UNSORTED = 1 << 21;

  /// Samples that are not in runs.
  private int unsorted;

  /// For QUANTILES, by cell, what of them was packed, here or elsewhere: ascending.
  private final Map<Integer, List<PackedDoubles>> runs = new HashMap<>();

  private final Map<Integer, List<Double>> settled = new HashMap<>();

  public ColumnAggregate(SpanAggregate aggregate) {
    this(aggregate, MAX_UNSORTED);
  }

  ColumnAggregate(SpanAggregate aggregate, int maxUnsorted) {
    this.aggregate = aggregate;
    this.maxUnsorted = maxUnsorted;
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
    return new FrameScan(this, aggregate, columns.starts(), rows, by, operand).run();
  }

  private static boolean isScalar(@Nullable List<Column> columns) {
    return columns != null
        && columns.stream()
            .noneMatch(column ->
                column instanceof Column.Coded coded
                    && coded.dictionary().stream().anyMatch(ArrayValue.class::isInstance));
  }

  /// The number of a group and a further label. Few of each is the rule: a table finds them.
  int fold(int by, int group, int label) {
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

  /// The cell of a group, an interval and, of buckets, the exponent.
  int cell(int group, long interval, int exponent) {
    int cell = cells.number((group * (long) MAX_INTERVALS + interval) * MAX_EXPONENTS + exponent);
    if (cell >= counts.length) {
      counts = Arrays.copyOf(counts, 2 * cell);
      numbers = Arrays.copyOf(numbers, 2 * cell);
      samples = Arrays.copyOf(samples, 2 * cell);
    }
    return cell;
  }

  /// Counts rows, each in its cell.
  ///
  /// @param of cells
  /// @param values by the same places; of no meaning where rows are only counted
  void count(int[] of, double[] values, int length) {
    switch (aggregate.function()) {
      case COUNT -> {
        for (int i = 0; i < length; i++) {
          counts[of[i]]++;
        }
      }
      case SUM, AVERAGE -> {
        for (int i = 0; i < length; i++) {
          counts[of[i]]++;
          numbers[of[i]] += values[i];
        }
      }
      default -> {
        for (int i = 0; i < length; i++) {
          count(of[i], values[i]);
        }
      }
    }
  }

  void count(int cell, double number) {
    long count = counts[cell]++;
    switch (aggregate.function()) {
      case COUNT, LOG2_BUCKETS -> {}
      case SUM, AVERAGE -> numbers[cell] += number;
      case MIN -> numbers[cell] = count == 0 ? number : Math.min(numbers[cell], number);
      case MAX -> numbers[cell] = count == 0 ? number : Math.max(numbers[cell], number);
      case QUANTILES -> {
        double[] list = samples[cell];
        if (list == null || list.length == 0) {
          list = new double[16];
          samples[cell] = list;
        } else if (count == list.length) {
          list = Arrays.copyOf(list, 2 * list.length);
          samples[cell] = list;
        }
        list[(int) count] = number;
        unsorted++;
      }
    }
  }

  /// What was added so far, with intervals counted from another one. Before [#settle].
  public PartialSums partial(long firstInterval) {
    List<PartialSums.Cell> parts = new ArrayList<>();
    for (int cell = 0; cell < cells.size(); cell++) {
      long key = cells.key(cell);
      long place = key / MAX_EXPONENTS;
      parts.add(
          new PartialSums.Cell(
              labels((int) (place / MAX_INTERVALS)),
              place % MAX_INTERVALS - firstInterval,
              (int) (key % MAX_EXPONENTS),
              counts[cell],
              numbers[cell],
              aggregate.function() == Function.QUANTILES ? ascending(cell) : null));
    }
    return new PartialSums(parts);
  }

  /// The samples of a cell that are in no run. Their order changes.
  private PackedDoubles ascending(int cell) {
    int count = (int) counts[cell];
    Arrays.sort(samples[cell], 0, count);
    PackedDoubles.Builder packed = new PackedDoubles.Builder(count);
    for (int i = 0; i < count; i++) {
      packed.add(samples[cell][i]);
    }
    return packed.build();
  }

  /// Adds what was counted elsewhere.
  ///
  /// @param firstInterval the interval that the other's intervals are counted from
  public void add(PartialSums partial, long firstInterval) {
    for (PartialSums.Cell part : partial.cells()) {
      int group = 0;
      for (int i = 0; i < labels.size(); i++) {
        int label = labels.get(i).number(part.labels().get(i));
        group = i == 0 ? label : fold(i, group, label);
      }
      int cell = cell(group, part.interval() + firstInterval, part.exponent());
      if (part.samples() != null) {
        runs.computeIfAbsent(cell, _ -> new ArrayList<>()).add(part.samples());
        continue;
      }
      boolean first = counts[cell] == 0;
      counts[cell] += part.count();
      switch (aggregate.function()) {
        case COUNT, LOG2_BUCKETS, QUANTILES -> {}
        case SUM, AVERAGE -> numbers[cell] += part.number();
        case MIN -> numbers[cell] = first ? part.number() : Math.min(numbers[cell], part.number());
        case MAX -> numbers[cell] = first ? part.number() : Math.max(numbers[cell], part.number());
      }
    }
  }

  private long countOfRuns(int cell) {
    long count = 0;
    for (PackedDoubles run : runs.getOrDefault(cell, List.of())) {
      count += run.rows();
    }
    return count;
  }

  /// Says that no row before a time comes any more: what only such rows are in is counted up, and
  /// the samples of its quantiles are let go.
  ///
  /// @param before ns since the epoch
  public void settle(long before) {
    if (aggregate.function() != Function.QUANTILES) {
      return;
    }
    boolean packs = unsorted > maxUnsorted;
    unsorted = packs ? 0 : unsorted;
    for (int cell = 0; cell < cells.size(); cell++) {
      long interval = cells.key(cell) / MAX_EXPONENTS % MAX_INTERVALS;
      boolean over = aggregate.originNanos() + (interval + 1) * aggregate.stepNanos() < before;
      if (over && !settled.containsKey(cell)) {
        settled.put(cell, answer(cell, 0));
        samples[cell] = NO_SAMPLES;
        counts[cell] += countOfRuns(cell);
        runs.remove(cell);
      } else if (packs && counts[cell] > 0 && !settled.containsKey(cell)) {
        runs.computeIfAbsent(cell, _ -> new ArrayList<>()).add(ascending(cell));
        samples[cell] = NO_SAMPLES;
        counts[cell] = 0;
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
              counts[cell] + countOfRuns(cell),
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
            : Quantiles.of(
                runs.getOrDefault(cell, List.of()),
                samples[cell] == null ? NO_SAMPLES : samples[cell],
                (int) counts[cell],
                aggregate.quantiles());
      }
    };
  }
}
