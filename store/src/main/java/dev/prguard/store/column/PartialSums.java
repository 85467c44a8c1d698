package dev.prguard.store.column;

import dev.prguard.trace.AttributeValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a metrics stage comes to over one table, to be added to that of others. Immutable, but for
/// what its columns are.
///
/// @param cells in any order
public record PartialSums(List<Cell> cells) {
  public PartialSums {
    cells = List.copyOf(cells);
  }

  /// One group in one interval.
  ///
  /// @param exponent of buckets
  /// @param number of SUM, AVERAGE, MIN and MAX
  /// @param samples of QUANTILES, ascending; null for the others
  record Cell(
      List<@Nullable AttributeValue> labels,
      long interval,
      int exponent,
      long count,
      double number,
      @Nullable PackedDoubles samples) {}

  /// What it takes in memory, about, in bytes.
  public long bytes() {
    long bytes = 64;
    for (Cell cell : cells) {
      bytes += 120 + 16L * cell.labels().size();
      bytes += cell.samples() == null ? 0 : 300 + cell.samples().bytes();
    }
    return bytes;
  }
}
