package dev.prguard.store.column;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanAggregate.Function;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanPredicate.Comparison;
import dev.prguard.trace.query.SpanWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Thousands of rows, so that whole frames are added up at once, beside sums of a plain loop.
class ColumnAggregateTest {
  private static final int ROWS = 5_000;
  private static final SpanField MODEL = new Attribute(Scope.SPAN, "model");
  private static final SpanField OPERATION = new Attribute(Scope.SPAN, "operation");
  private static final SpanField TOKENS = new Attribute(Scope.SPAN, "tokens");
  private static final SpanField COST = new Attribute(Scope.SPAN, "cost");
  private static final SpanField ABSENT = new Attribute(Scope.SPAN, "absent");

  /// Values by row; null for none.
  private record Table(List<Long> times, Map<SpanField, List<@Nullable AttributeValue>> values)
      implements SpanColumns {
    static Table of(SplittableRandom random) {
      List<Long> times = new ArrayList<>();
      Map<SpanField, List<@Nullable AttributeValue>> values = new HashMap<>();
      long time = 1_000_000;
      for (int row = 0; row < ROWS; row++) {
        time += random.nextLong(1_000);
        // By trace: a span may begin after one of the next trace.
        times.add(time + random.nextLong(2_000));
        int model = random.nextInt(260);
        add(values, OPERATION, AttributeValue.of("operation-" + random.nextInt(5)));
        add(values, MODEL, model < 60 ? null : AttributeValue.of("model-" + model));
        add(values, TOKENS, model % 3 == 0 ? null : AttributeValue.of(random.nextLong(5_000)));
        add(values, COST, AttributeValue.of(random.nextInt(1_000) / 1e6));
      }
      return new Table(times, values);
    }

    private static void add(
        Map<SpanField, List<@Nullable AttributeValue>> values,
        SpanField field,
        @Nullable AttributeValue value) {
      values.computeIfAbsent(field, _ -> new ArrayList<>()).add(value);
    }

    @Override
    public int rows() {
      return ROWS;
    }

    @Override
    public PackedLongs starts() {
      return PackedLongs.of(times.stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    public List<Column> field(SpanField field) {
      List<@Nullable AttributeValue> own = values.get(field);
      if (own == null) {
        return List.of();
      }
      if (field.equals(TOKENS)) {
        PackedLongs.Builder longs = new PackedLongs.Builder(ROWS);
        for (AttributeValue value : own) {
          if (value == null) {
            longs.addMissing();
          } else {
            longs.add((long) number(value));
          }
        }
        return List.of(new Column.Longs(longs.build(), longs.missing()));
      }
      if (field.equals(COST)) {
        PackedDoubles.Builder doubles = new PackedDoubles.Builder(ROWS);
        own.forEach(value -> doubles.add(number(value)));
        return List.of(new Column.Doubles(doubles.build(), null));
      }
      List<@Nullable AttributeValue> dictionary = new ArrayList<>();
      own.stream().filter(Objects::nonNull).distinct().forEach(dictionary::add);
      return List.of(
          new Column.Coded(
              PackedLongs.of(own.stream().mapToLong(dictionary::indexOf).toArray()), dictionary));
    }

    @Nullable AttributeValue value(SpanField field, int row) {
      List<@Nullable AttributeValue> own = values.get(field);
      return own == null ? null : own.get(row);
    }

    boolean matches(SpanPredicate filter, int row) {
      return switch (filter) {
        case SpanPredicate.Compare(SpanField field, Comparison comparison, AttributeValue than) ->
            comparison == Comparison.EQUAL
                ? than.equals(value(field, row))
                : number(value(field, row)) > number(than);
        default -> true;
      };
    }
  }

  private static double number(@Nullable AttributeValue value) {
    return switch (value) {
      case LongValue(long number) -> number;
      case DoubleValue(double number) -> number;
      case null, default -> Double.NaN;
    };
  }

  @ParameterizedTest
  @EnumSource(Function.class)
  void add_manyRows_addsUpWhatALoopDoes(Function function) {
    SplittableRandom random = new SplittableRandom(function.name().hashCode());
    Table table = Table.of(random);
    long end = table.times().get(ROWS - 1);
    for (int i = 0; i < 60; i++) {
      long from = random.nextBoolean() ? 0 : random.nextLong(end);
      long to = random.nextBoolean() ? Long.MAX_VALUE / 4 : from + random.nextLong(end);
      // One interval for all, one for many frames, one for a part of a frame.
      long step = List.of(1L << 50, 3_000_000L, 100_000L, 777L).get(random.nextInt(4));
      SpanPredicate filter =
          switch (random.nextInt(3)) {
            case 0 -> new SpanPredicate.Any();
            case 1 ->
                new SpanPredicate.Compare(TOKENS, Comparison.GREATER, AttributeValue.of(2_500L));
            default ->
                new SpanPredicate.Compare(
                    OPERATION,
                    Comparison.EQUAL,
                    AttributeValue.of("operation-" + random.nextInt(6)));
          };
      List<SpanField> by =
          List.of(
                  List.<SpanField>of(),
                  List.of(MODEL),
                  List.of(OPERATION, MODEL),
                  List.of(ABSENT, OPERATION))
              .get(random.nextInt(4));
      SpanField value = function == Function.COUNT ? null : random.nextBoolean() ? TOKENS : COST;
      SpanAggregate aggregate = aggregate(function, value, from, to, step, filter, by);
      ColumnAggregate sums = new ColumnAggregate(aggregate);
      assertThat(sums.add(table, null)).isTrue();
      assertThat(Set.copyOf(sums.rows())).as("%s", aggregate).isEqualTo(plain(table, aggregate));
    }
  }

  @ParameterizedTest
  @EnumSource(Function.class)
  void add_sumsOfOthers_isAsIfTheirRowsWereAdded(Function function) {
    SplittableRandom random = new SplittableRandom(1 + function.name().hashCode());
    List<Table> tables = List.of(Table.of(random), Table.of(random), Table.of(random));
    for (int i = 0; i < 20; i++) {
      long step = List.of(1L << 50, 1_000_000L).get(random.nextInt(2));
      // Whole numbers: sums of doubles would depend on their order.
      SpanField value = function == Function.COUNT ? null : TOKENS;
      SpanAggregate aggregate =
          aggregate(function, value, 0, 1L << 50, step, new SpanPredicate.Any(), List.of(MODEL));
      ColumnAggregate right = new ColumnAggregate(aggregate);
      ColumnAggregate sums = new ColumnAggregate(aggregate);
      for (Table table : tables) {
        assertThat(right.add(table, null)).isTrue();
        if (random.nextBoolean()) {
          assertThat(sums.add(table, null)).isTrue();
        } else {
          ColumnAggregate own = new ColumnAggregate(aggregate);
          assertThat(own.add(table, null)).isTrue();
          sums.add(own.partial(7), 7);
        }
      }
      assertThat(Set.copyOf(sums.rows())).isEqualTo(Set.copyOf(right.rows()));
    }
  }

  @Test
  void quantilesOfManySamples_thatWerePackedOnTheWay_areExact() {
    SplittableRandom random = new SplittableRandom(7);
    for (SpanField value : List.of(TOKENS, COST)) {
      for (long step : new long[] {1L << 50, 1_000_000}) {
        SpanAggregate aggregate =
            aggregate(
                Function.QUANTILES,
                value,
                0,
                1L << 50,
                step,
                new SpanPredicate.Any(),
                List.of(OPERATION));
        ColumnAggregate right = new ColumnAggregate(aggregate);
        ColumnAggregate packed = new ColumnAggregate(aggregate, 4_000);
        for (int i = 0; i < 5; i++) {
          Table table = Table.of(random);
          packed.settle(0);
          assertThat(right.add(table, null)).isTrue();
          assertThat(packed.add(table, null)).isTrue();
        }
        assertThat(Set.copyOf(packed.rows())).isEqualTo(Set.copyOf(right.rows()));
      }
    }
  }

  private static SpanAggregate aggregate(
      Function function,
      @Nullable SpanField value,
      long from,
      long to,
      long step,
      SpanPredicate filter,
      List<SpanField> by) {
    return new SpanAggregate(
        new SpanWindow.Starts(from, to),
        from,
        step,
        filter,
        Set.of(),
        function,
        value,
        by,
        List.of(.5, .95),
        Instant.MAX);
  }

  private record Cell(int interval, List<@Nullable AttributeValue> labels, List<Double> bucket) {}

  @SuppressWarnings("NullAway") // it does not see that labels of an AggregateRow may be null
  private static Set<AggregateRow> plain(Table table, SpanAggregate aggregate) {
    Map<Cell, List<Double>> cells = new HashMap<>();
    for (int row = 0; row < ROWS; row++) {
      long start = table.times().get(row);
      if (start <= aggregate.window().fromNanos()
          || start > aggregate.window().toNanos()
          || !table.matches(aggregate.filter(), row)) {
        continue;
      }
      SpanField value = aggregate.value();
      AttributeValue operand = value == null ? null : table.value(value, row);
      if (value != null && operand == null) {
        continue;
      }
      List<Double> bucket = List.of();
      if (aggregate.function() == Function.LOG2_BUCKETS) {
        if (!(operand instanceof LongValue(long number)) || number < 2) {
          continue;
        }
        double bound = 2;
        while (bound < number) {
          bound *= 2;
        }
        bucket = List.of(bound);
      }
      List<@Nullable AttributeValue> labels = new ArrayList<>();
      for (SpanField by : aggregate.by()) {
        labels.add(table.value(by, row));
      }
      int interval = (int) ((start - aggregate.originNanos() - 1) / aggregate.stepNanos());
      cells
          .computeIfAbsent(new Cell(interval, labels, bucket), _ -> new ArrayList<>())
          .add(number(operand));
    }
    Set<AggregateRow> rows = new HashSet<>();
    cells.forEach((cell, values) ->
        rows.add(
            new AggregateRow(
                cell.interval(),
                cell.labels(),
                values.size(),
                switch (aggregate.function()) {
                  case COUNT, LOG2_BUCKETS -> cell.bucket();
                  case SUM, AVERAGE -> List.of(sum(values));
                  case MIN -> List.of(Collections.min(values));
                  case MAX -> List.of(Collections.max(values));
                  case QUANTILES ->
                      aggregate.quantiles().stream().map(q -> quantile(values, q)).toList();
                })));
    return rows;
  }

  /// In the order of the rows.
  private static double sum(List<Double> values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  private static double quantile(List<Double> values, double q) {
    int rank = Math.max(1, (int) Math.ceil(q * values.size()));
    return values.stream().sorted().skip(rank - 1L).findFirst().orElseThrow();
  }
}
