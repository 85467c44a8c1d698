package dev.prguard.trace.query;

import dev.prguard.trace.SpanRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Spans for the TraceQL engine. Safe for use by many threads. Each method throws
/// [QueryTimeoutException] past the deadline and when its thread is interrupted.
public interface SpanSource {

  /// Hands out traces until the visitor says false or there are no more.
  void fetch(SpanFetch fetch, Predicate<TraceSpans> visitor);

  /// The answer to a whole metrics stage, where the source can give exactly what evaluating span by
  /// span would (sums of doubles within 1e-9 relative); empty where it cannot.
  Optional<List<AggregateRow>> aggregate(SpanAggregate aggregate);

  /// The keys of attributes of spans in the window, and of their resources, scopes, events and
  /// links, whatever their values. Intrinsics are not listed.
  Set<SpanField.Attribute> attributes(SpanFetch fetch);

  /// All spans of a trace; empty when there is none.
  ///
  /// @param traceId 32 lower-case hexadecimal digits
  List<SpanRecord> trace(String traceId);
}
