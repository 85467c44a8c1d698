package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.DoubleValue;
import dev.prguard.trace.AttributeValue.LongValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanPredicate.Comparison;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows that a predicate takes. Where columns cannot tell, a row is taken: then the answer is
/// not exact.
public final class ColumnFilter {
  private final SpanColumns columns;
  private boolean exact = true;

  public ColumnFilter(SpanColumns columns) {
    this.columns = columns;
  }

  /// Whether the rows so far were those that match, and no others.
  public boolean exact() {
    return exact;
  }

  /// The rows that start in (from, to]. A set of the caller's own.
  public static BitSet starts(SpanColumns columns, long from, long to) {
    return from == Long.MAX_VALUE
        ? new BitSet()
        : Rows.ofLongs(columns.starts(), from + 1, to, true);
  }

  /// A set of the caller's own.
  public BitSet rows(SpanPredicate predicate) {
    return switch (predicate) {
      case SpanPredicate.Any() -> Rows.all(columns.rows());
      case SpanPredicate.And(List<SpanPredicate> parts) -> {
        BitSet rows = Rows.all(columns.rows());
        for (SpanPredicate part : parts) {
          if (rows.isEmpty()) {
            break;
          }
          rows.and(rows(part));
        }
        yield rows;
      }
      case SpanPredicate.Or(List<SpanPredicate> parts) -> {
        BitSet rows = new BitSet(columns.rows());
        parts.forEach(part -> rows.or(rows(part)));
        yield rows;
      }
      case SpanPredicate.Present(SpanField field) -> leaf(predicate, field, Column::present);
      case SpanPredicate.Compare(
              SpanField field,
              Comparison comparison,
              AttributeValue operand) -> {
        BitSet found =
            comparison == Comparison.EQUAL && operand instanceof StringValue(String text)
                ? columns.equalTo(field, text)
                : null;
        yield found != null
            ? found
            : leaf(predicate, field, column -> compare(column, comparison, operand));
      }
      case SpanPredicate.Matches(SpanField field, String pattern, boolean negated) -> {
        ValueTest test = ValueTest.matches(pattern, negated);
        yield leaf(predicate, field, column -> test(column, test));
      }
    };
  }

  /// Rows by the first column that has a value.
  private BitSet leaf(SpanPredicate leaf, SpanField field, Hits hits) {
    List<Column> list = columns.field(field);
    if (list == null) {
      exact = false;
      return Rows.all(columns.rows());
    }
    return columns.rows(leaf, () -> rows(list, hits));
  }

  private BitSet rows(List<Column> list, Hits hits) {
    if (list.size() == 1) {
      return hits.of(list.getFirst());
    }
    BitSet rows = new BitSet(columns.rows());
    BitSet open = Rows.all(columns.rows());
    for (Column column : list) {
      BitSet of = hits.of(column);
      of.and(open);
      rows.or(of);
      open.andNot(column.present());
    }
    return rows;
  }

  @FunctionalInterface
  private interface Hits {
    BitSet of(Column column);
  }

  private static BitSet compare(Column column, Comparison comparison, AttributeValue operand) {
    return switch (column) {
      case Column.Coded _ -> test(column, ValueTest.compare(comparison, operand));
      case Column.Longs(PackedLongs values, BitSet missing) ->
          operand instanceof LongValue(long right)
              ? without(missing, longs(values, comparison, right))
              : new BitSet();
      case Column.Doubles(PackedDoubles values, BitSet missing) ->
          operand instanceof DoubleValue(double right)
              ? without(missing, Rows.ofDoubles(values, comparison, right))
              : new BitSet();
    };
  }

  /// Each comparison with a long is a range, or all but one.
  private static BitSet longs(PackedLongs values, Comparison comparison, long right) {
    boolean none =
        (comparison == Comparison.LESS && right == Long.MIN_VALUE)
            || (comparison == Comparison.GREATER && right == Long.MAX_VALUE);
    if (none) {
      return new BitSet();
    }
    long from =
        switch (comparison) {
          case LESS, LESS_OR_EQUAL -> Long.MIN_VALUE;
          case EQUAL, NOT_EQUAL, GREATER_OR_EQUAL -> right;
          case GREATER -> right + 1;
        };
    long to =
        switch (comparison) {
          case GREATER, GREATER_OR_EQUAL -> Long.MAX_VALUE;
          case EQUAL, NOT_EQUAL, LESS_OR_EQUAL -> right;
          case LESS -> right - 1;
        };
    boolean inside = comparison != Comparison.NOT_EQUAL;
    return Rows.ofLongs(values, from, to, inside);
  }

  private static BitSet test(Column column, ValueTest test) {
    if (!(column instanceof Column.Coded coded)) {
      BitSet rows = column.present();
      for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
        AttributeValue value = column.value(row);
        if (value == null || !test.test(value)) {
          rows.clear(row);
        }
      }
      return rows;
    }
    boolean[] wanted = new boolean[coded.dictionary().size()];
    for (int code = 0; code < wanted.length; code++) {
      AttributeValue value = coded.dictionary().get(code);
      wanted[code] = value != null && test.test(value);
    }
    return coded.rows(wanted);
  }

  private static BitSet without(@Nullable BitSet missing, BitSet rows) {
    if (missing != null) {
      rows.andNot(missing);
    }
    return rows;
  }
}
