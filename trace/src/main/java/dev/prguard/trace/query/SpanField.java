package dev.prguard.trace.query;

import dev.prguard.trace.SpanRecord;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/// What of a span a query can name.
public sealed interface SpanField {

  /// An attribute. Keys are case-sensitive and may hold any character.
  record Attribute(Scope scope, String key) implements SpanField {
    public Attribute {
      Objects.requireNonNull(scope, "scope");
      Objects.requireNonNull(key, "key");
    }

    /// All attributes that a span brings along, with its resource, scope, events and links.
    public static Set<Attribute> of(SpanRecord span) {
      Set<Attribute> all = new LinkedHashSet<>();
      span.attributes().keySet().forEach(key -> all.add(new Attribute(Scope.SPAN, key)));
      span.resource().keySet().forEach(key -> all.add(new Attribute(Scope.RESOURCE, key)));
      for (String key : span.scope().attributes().keySet()) {
        all.add(new Attribute(Scope.INSTRUMENTATION, key));
      }
      for (SpanRecord.Event event : span.events()) {
        event.attributes().keySet().forEach(key -> all.add(new Attribute(Scope.EVENT, key)));
      }
      for (SpanRecord.Link link : span.links()) {
        link.attributes().keySet().forEach(key -> all.add(new Attribute(Scope.LINK, key)));
      }
      return all;
    }
  }

  /// Where an attribute sits. ANY is the span and, where the span has no such key, the resource.
  enum Scope {
    ANY,
    SPAN,
    RESOURCE,
    EVENT,
    LINK,
    INSTRUMENTATION
  }

  /// The fields that each span has without an attribute. A comparison with one uses these types:
  /// durations and times are longs in ns; status and kind are strings, the lower-case words of
  /// TraceQL; ids are strings of lower-case hexadecimal digits; the rest as they are.
  enum Intrinsic implements SpanField {
    DURATION,
    NAME,
    STATUS,
    STATUS_MESSAGE,
    KIND,
    CHILD_COUNT,
    SPAN_ID,
    PARENT_SPAN_ID,
    NESTED_SET_LEFT,
    NESTED_SET_RIGHT,
    NESTED_SET_PARENT,
    TRACE_ID,
    TRACE_DURATION,
    TRACE_ROOT_NAME,
    TRACE_ROOT_SERVICE,
    EVENT_NAME,
    EVENT_TIME_SINCE_START,
    LINK_TRACE_ID,
    LINK_SPAN_ID,
    INSTRUMENTATION_NAME,
    INSTRUMENTATION_VERSION
  }
}
