package dev.prguard.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stretch of what one process appended to a store, in that order.
///
/// @param problem why what follows the entries cannot be read, one line; null where there is
///   nothing, or nothing yet
/// @param tail what stands after the entries and is no whole one, one line; null where nothing
///   does. The process that appends is at it, or was killed at it
public record LogSlice(List<Entry> entries, @Nullable String problem, @Nullable String tail) {

  public LogSlice {
    entries = List.copyOf(entries);
  }

  /// Spans that were appended together.
  ///
  /// @param end the offset that the next entry begins at
  /// @param tracesData OTLP `TracesData`
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Entry(long end, byte[] tracesData) {}
}
