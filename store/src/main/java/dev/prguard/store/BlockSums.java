package dev.prguard.store;

import dev.prguard.store.column.ColumnAggregate;
import dev.prguard.store.column.PartialSums;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanPredicate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a metrics stage asks of a block that its window holds whole. A dashboard asks the same
/// again every few seconds with another window: the answer of such a block is the same, with its
/// intervals moved.
///
/// @param step ns; 0 where the block lies in one interval, whatever its length
/// @param remainder of the intervals' bounds by the step, ns
record BlockSums(
    SpanPredicate filter,
    Set<SpanField> scalars,
    SpanAggregate.Function function,
    @Nullable SpanField value,
    List<SpanField> by,
    long step,
    long remainder) {

  /// @return null where the block reaches out of the window
  static @Nullable BlockSums of(SpanAggregate aggregate, Block block) {
    if (block.minStart() <= aggregate.window().fromNanos()
        || block.maxStart() > aggregate.window().toNanos()) {
      return null;
    }
    boolean one = interval(aggregate, block.minStart()) == interval(aggregate, block.maxStart());
    return new BlockSums(
        aggregate.filter(),
        aggregate.scalars(),
        aggregate.function(),
        aggregate.value(),
        aggregate.by(),
        one ? 0 : aggregate.stepNanos(),
        one ? 0 : Math.floorMod(aggregate.originNanos(), aggregate.stepNanos()));
  }

  private static long interval(SpanAggregate aggregate, long start) {
    return Math.floorDiv(start - aggregate.originNanos() - 1, aggregate.stepNanos());
  }

  /// The interval of the aggregate that those of the sums are counted from: the block's only one,
  /// or the one whose bound is the remainder.
  long firstInterval(SpanAggregate aggregate, Block block) {
    return step == 0
        ? interval(aggregate, block.minStart())
        : -Math.floorDiv(aggregate.originNanos(), step);
  }

  /// @return null where columns cannot tell
  @Nullable PartialSums read(SpanAggregate aggregate, Block block, BlockColumns columns) {
    ColumnAggregate sums = new ColumnAggregate(aggregate);
    return sums.add(columns, null) ? sums.partial(firstInterval(aggregate, block)) : null;
  }
}
