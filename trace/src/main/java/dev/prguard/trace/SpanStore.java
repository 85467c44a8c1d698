package dev.prguard.trace;

import java.util.List;

/// Where ended spans live. Safe for use by many threads. `append` returns when the spans are
/// durable to the store's own standard (in memory: visible; embedded: in the segment file, forced
/// to disk when asked).
public interface SpanStore extends AutoCloseable {

  /// Adds ended spans. A span with the trace and span id of a stored one is the same span: the
  /// first is kept.
  ///
  /// @throws java.io.UncheckedIOException when they could not be kept
  void append(List<SpanRecord> spans);

  /// Forces what was appended to the disk.
  ///
  /// @throws java.io.UncheckedIOException when that failed
  void force();

  /// Whether appended spans outlive the process.
  boolean durable();

  /// The log that the next append goes to: a name without `/`, unique among the processes that
  /// share a store, and the same until an append fails or the owner begins another.
  String log();

  /// What a log holds from an offset on; no entries where it holds no more, or does not exist.
  ///
  /// @param from 0, or the end of an entry
  /// @param maxBytes about how much at most; a first entry is given whatever its size
  LogSlice read(String log, long from, int maxBytes);

  /// All stored spans of a trace, by start time, then span id; empty when there is none.
  ///
  /// @param traceId 32 lower-case hexadecimal digits
  List<SpanRecord> trace(String traceId);

  /// The ids of the stored traces, the one that started last first; those of one start in the order
  /// of their ids. A trace starts with its earliest span.
  ///
  /// @param limit how many at most, 1 or more
  List<String> latestTraceIds(int limit);

  @Override
  void close();
}
