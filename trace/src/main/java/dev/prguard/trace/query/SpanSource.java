package dev.prguard.trace.query;

import dev.prguard.trace.AttributeValue;
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

  /// The keys of attributes of matching spans, and of their resources, scopes, events and links.
  /// Intrinsics are not listed.
  Set<SpanField.Attribute> attributes(SpanFetch fetch);

  /// The values of a field among matching spans, arrays by their elements; the most frequent are
  /// not preferred, and which are left out beyond the limit is not defined.
  ///
  /// @param limit how many at most, 1 or more
  Set<AttributeValue> values(SpanField field, SpanFetch fetch, int limit);
}
