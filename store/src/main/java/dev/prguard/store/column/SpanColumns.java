package dev.prguard.store.column;

import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanPredicate;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Spans that can be asked column by column.
public interface SpanColumns {
  int rows();

  /// ns since the epoch, by row.
  PackedLongs starts();

  /// The columns that together hold a field: of each row the first that has a value counts; none
  /// has: the span lacks the field. Values are visible ones: an array of one element is its
  /// element, and what queries cannot see is missing.
  ///
  /// @return null where columns cannot tell
  @Nullable List<Column> field(SpanField field);

  /// The rows whose field is a text, where that is known without reading the whole column.
  ///
  /// @return null where [#field] has to tell; else a set of the caller's own
  default @Nullable BitSet equalTo(SpanField field, String text) {
    return null;
  }

  /// The rows that a comparison takes, as they were found before, or as they are found now.
  ///
  /// @return a set of the caller's own
  default BitSet rows(SpanPredicate leaf, Supplier<BitSet> found) {
    return found.get();
  }
}
