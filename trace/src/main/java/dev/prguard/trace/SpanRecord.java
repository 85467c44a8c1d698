package dev.prguard.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One ended span, with the resource and scope that it came from. Immutable.
///
/// @param traceId 32 lower-case hexadecimal digits
/// @param spanId 16 lower-case hexadecimal digits
/// @param parentSpanId 16 digits, or null for a root
/// @param startNanos ns since the epoch
/// @param endNanos ns since the epoch
public record SpanRecord(
    String traceId,
    String spanId,
    @Nullable String parentSpanId,
    String name,
    Kind kind,
    long startNanos,
    long endNanos,
    Status status,
    String statusMessage,
    Map<String, AttributeValue> attributes,
    List<Event> events,
    List<Link> links,
    Map<String, AttributeValue> resource,
    Scope scope) {

  public SpanRecord {
    requireHex("traceId", traceId, 32);
    requireHex("spanId", spanId, 16);
    if (parentSpanId != null) {
      requireHex("parentSpanId", parentSpanId, 16);
    }
    Objects.requireNonNull(name, "name");
    attributes = copy(attributes);
    events = List.copyOf(events);
    links = List.copyOf(links);
    resource = copy(resource);
  }

  /// The kinds of OTLP, in its order (UNSPECIFIED = 0).
  public enum Kind {
    UNSPECIFIED,
    INTERNAL,
    SERVER,
    CLIENT,
    PRODUCER,
    CONSUMER
  }

  /// The status codes of OTLP, in its order.
  public enum Status {
    UNSET,
    OK,
    ERROR
  }

  public record Event(long timeNanos, String name, Map<String, AttributeValue> attributes) {
    public Event {
      attributes = copy(attributes);
    }
  }

  public record Link(String traceId, String spanId, Map<String, AttributeValue> attributes) {
    public Link {
      attributes = copy(attributes);
    }
  }

  public record Scope(String name, String version, Map<String, AttributeValue> attributes) {
    public static final Scope EMPTY = new Scope("", "", Map.of());

    public Scope {
      attributes = copy(attributes);
    }
  }

  public long durationNanos() {
    return endNanos - startNanos;
  }

  /// The same span, with other content.
  public SpanRecord withContent(
      Map<String, AttributeValue> newAttributes,
      List<Event> newEvents,
      List<Link> newLinks,
      Map<String, AttributeValue> newResource,
      Scope newScope) {
    return new SpanRecord(
        traceId,
        spanId,
        parentSpanId,
        name,
        kind,
        startNanos,
        endNanos,
        status,
        statusMessage,
        newAttributes,
        newEvents,
        newLinks,
        newResource,
        newScope);
  }

  private static void requireHex(String name, String value, int length) {
    boolean hex = value.length() == length;
    for (int i = 0; hex && i < length; i++) {
      char c = value.charAt(i);
      hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
    if (!hex) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + length + " lower-case hexadecimal digits)");
    }
  }

  /// Keeps the order of the sender, which Map.copyOf would not.
  private static Map<String, AttributeValue> copy(Map<String, AttributeValue> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
