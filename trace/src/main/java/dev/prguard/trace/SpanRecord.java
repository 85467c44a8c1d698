package dev.prguard.trace;

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
/// @param carried what no query asks for
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
    Scope scope,
    Carried carried) {

  public SpanRecord {
    requireHex("traceId", traceId, 32);
    requireHex("spanId", spanId, 16);
    if (parentSpanId != null) {
      requireHex("parentSpanId", parentSpanId, 16);
    }
    Objects.requireNonNull(name, "name");
    attributes = Attributes.copy(attributes);
    events = List.copyOf(events);
    links = List.copyOf(links);
    resource = Attributes.copy(resource);
    Objects.requireNonNull(carried, "carried");
  }

  /// A span that carries nothing but what can be asked for.
  public SpanRecord(
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
    this(
        traceId,
        spanId,
        parentSpanId,
        name,
        kind,
        startNanos,
        endNanos,
        status,
        statusMessage,
        attributes,
        events,
        links,
        resource,
        scope,
        Carried.NONE);
  }

  /// What foreign spans bring along, to be handed on as it came: W3C's trace state, how much their
  /// sender left out over its limits, and of what version the names of the resource are.
  public record Carried(
      String traceState,
      int droppedAttributes,
      int droppedEvents,
      int droppedLinks,
      int resourceDroppedAttributes,
      String resourceSchemaUrl) {
    public static final Carried NONE = new Carried("", 0, 0, 0, 0, "");
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

  /// @param droppedAttributes how many its sender left out
  public record Event(
      long timeNanos, String name, Map<String, AttributeValue> attributes, int droppedAttributes) {
    public Event {
      attributes = Attributes.copy(attributes);
    }

    public Event(long timeNanos, String name, Map<String, AttributeValue> attributes) {
      this(timeNanos, name, attributes, 0);
    }

    public Event withAttributes(Map<String, AttributeValue> other) {
      return new Event(timeNanos, name, other, droppedAttributes);
    }
  }

  /// @param traceState W3C's, of the trace that it leads to
  /// @param droppedAttributes how many its sender left out
  public record Link(
      String traceId,
      String spanId,
      Map<String, AttributeValue> attributes,
      String traceState,
      int droppedAttributes) {
    public Link {
      attributes = Attributes.copy(attributes);
    }

    public Link(String traceId, String spanId, Map<String, AttributeValue> attributes) {
      this(traceId, spanId, attributes, "", 0);
    }

    public Link withAttributes(Map<String, AttributeValue> other) {
      return new Link(traceId, spanId, other, traceState, droppedAttributes);
    }
  }

  /// @param droppedAttributes how many its sender left out
  /// @param schemaUrl of what version the names of its spans are; empty for none
  public record Scope(
      String name,
      String version,
      Map<String, AttributeValue> attributes,
      int droppedAttributes,
      String schemaUrl) {
    public static final Scope EMPTY = new Scope("", "", Map.of());

    public Scope {
      attributes = Attributes.copy(attributes);
    }

    public Scope(String name, String version, Map<String, AttributeValue> attributes) {
      this(name, version, attributes, 0, "");
    }

    public Scope withAttributes(Map<String, AttributeValue> other) {
      return new Scope(name, version, other, droppedAttributes, schemaUrl);
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
        newScope,
        carried);
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
}
