package dev.prguard.trace.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// [SpanRecord] to OTLP protobuf and back. The bytes are those of `TracesData`, which on the wire
/// are those of `ExportTraceServiceRequest` too.
///
/// Numbers are 64-bit exact, and what this program writes comes back equal. Of foreign spans, flags
/// and unknown fields are left out, as Tempo leaves them out.
public final class OtlpSpans {

  /// @param spans in the order of the message
  /// @param rejected how many spans had no valid trace, span or parent id, and are not among them
  public record Decoded(List<SpanRecord> spans, int rejected) {
    public Decoded {
      spans = List.copyOf(spans);
    }
  }

  private OtlpSpans() {}

  /// Spans of one resource and scope stand together, else in the order given.
  public static byte[] encode(Collection<SpanRecord> spans) {
    return toTracesData(spans).toByteArray();
  }

  /// @throws InvalidProtocolBufferException when the bytes are not a `TracesData` message
  public static Decoded decode(byte[] tracesData) throws InvalidProtocolBufferException {
    return fromTracesData(TracesData.parseFrom(tracesData));
  }

  /// As [#decode], of spans that stay in memory: what many have in common is there once.
  ///
  /// @throws InvalidProtocolBufferException when the bytes are not a `TracesData` message
  public static Decoded decodeToKeep(byte[] tracesData) throws InvalidProtocolBufferException {
    return fromTracesData(TracesData.parseFrom(tracesData), Shared.TEXTS_AND_VALUES);
  }

  /// One message of several; neighbours of one resource and scope share them. What SpanRecord has
  /// no place for stays.
  ///
  /// @throws InvalidProtocolBufferException when one of them is not a `TracesData` message
  public static TracesData join(List<byte[]> tracesData) throws InvalidProtocolBufferException {
    TracesData.Builder joined = TracesData.newBuilder();
    for (byte[] data : tracesData) {
      for (ResourceSpans of : TracesData.parseFrom(data).getResourceSpansList()) {
        int last = joined.getResourceSpansCount() - 1;
        if (last < 0 || !sameResource(joined.getResourceSpansBuilder(last), of)) {
          joined.addResourceSpans(of);
          continue;
        }
        ResourceSpans.Builder into = joined.getResourceSpansBuilder(last);
        for (ScopeSpans in : of.getScopeSpansList()) {
          int scope = into.getScopeSpansCount() - 1;
          if (scope >= 0 && sameScope(into.getScopeSpansBuilder(scope), in)) {
            into.getScopeSpansBuilder(scope).addAllSpans(in.getSpansList());
          } else {
            into.addScopeSpans(in);
          }
        }
      }
    }
    return joined.build();
  }

  private static boolean sameResource(ResourceSpans.Builder one, ResourceSpans other) {
    return one.getResource().equals(other.getResource())
        && one.getSchemaUrl().equals(other.getSchemaUrl());
  }

  private static boolean sameScope(ScopeSpans.Builder one, ScopeSpans other) {
    return one.getScope().equals(other.getScope())
        && one.getSchemaUrl().equals(other.getSchemaUrl());
  }

  /// How many spans a message has.
  public static int count(TracesData data) {
    int spans = 0;
    for (ResourceSpans of : data.getResourceSpansList()) {
      for (ScopeSpans in : of.getScopeSpansList()) {
        spans += in.getSpansCount();
      }
    }
    return spans;
  }

  private record Origin(
      Map<String, AttributeValue> resource, int droppedAttributes, String schemaUrl) {
    static Origin of(SpanRecord span) {
      return new Origin(
          span.resource(),
          span.carried().resourceDroppedAttributes(),
          span.carried().resourceSchemaUrl());
    }
  }

  public static TracesData toTracesData(Collection<SpanRecord> spans) {
    Map<Origin, Map<SpanRecord.Scope, ScopeSpans.Builder>> resources = new LinkedHashMap<>();
    for (SpanRecord span : spans) {
      resources
          .computeIfAbsent(Origin.of(span), _ -> new LinkedHashMap<>())
          .computeIfAbsent(
              span.scope(),
              scope ->
                  ScopeSpans.newBuilder().setScope(toScope(scope)).setSchemaUrl(scope.schemaUrl()))
          .addSpans(toSpan(span));
    }
    TracesData.Builder data = TracesData.newBuilder();
    resources.forEach((origin, scopes) -> {
      ResourceSpans.Builder of = ResourceSpans.newBuilder().setSchemaUrl(origin.schemaUrl());
      of.setResource(
          Resource.newBuilder()
              .addAllAttributes(AnyValues.toKeyValues(origin.resource()))
              .setDroppedAttributesCount(origin.droppedAttributes()));
      scopes.values().forEach(of::addScopeSpans);
      data.addResourceSpans(of);
    });
    return data.build();
  }

  public static Decoded fromTracesData(TracesData data) {
    return fromTracesData(data, Shared.KEYS);
  }

  private static Decoded fromTracesData(TracesData data, Shared shared) {
    List<SpanRecord> spans = new ArrayList<>();
    int rejected = 0;
    for (ResourceSpans of : data.getResourceSpansList()) {
      Map<String, AttributeValue> resource =
          shared.value(AnyValues.fromKeyValues(of.getResource().getAttributesList(), shared));
      for (ScopeSpans in : of.getScopeSpansList()) {
        SpanRecord.Scope scope = fromScope(in.getScope(), in.getSchemaUrl(), shared);
        for (Span span : in.getSpansList()) {
          if (hasIds(span)) {
            spans.add(fromSpan(span, resource, scope, carried(span, of), shared));
          } else {
            rejected++;
          }
        }
      }
    }
    return new Decoded(spans, rejected);
  }

  private static SpanRecord.Carried carried(Span span, ResourceSpans of) {
    SpanRecord.Carried carried =
        new SpanRecord.Carried(
            span.getTraceState(),
            span.getDroppedAttributesCount(),
            span.getDroppedEventsCount(),
            span.getDroppedLinksCount(),
            of.getResource().getDroppedAttributesCount(),
            of.getSchemaUrl());
    // Nearly all of them: one for all takes no memory.
    return carried.equals(SpanRecord.Carried.NONE) ? SpanRecord.Carried.NONE : carried;
  }

  private static Span toSpan(SpanRecord span) {
    SpanRecord.Carried carried = span.carried();
    Span.Builder of =
        Span.newBuilder()
            .setTraceId(Hex.bytes(span.traceId()))
            .setSpanId(Hex.bytes(span.spanId()))
            .setName(span.name())
            .setKind(toKind(span.kind()))
            .setStartTimeUnixNano(span.startNanos())
            .setEndTimeUnixNano(span.endNanos())
            .setTraceState(carried.traceState())
            .setDroppedAttributesCount(carried.droppedAttributes())
            .setDroppedEventsCount(carried.droppedEvents())
            .setDroppedLinksCount(carried.droppedLinks())
            .addAllAttributes(AnyValues.toKeyValues(span.attributes()))
            .setStatus(
                Status.newBuilder()
                    .setCode(toStatus(span.status()))
                    .setMessage(span.statusMessage()));
    String parent = span.parentSpanId();
    if (parent != null) {
      of.setParentSpanId(Hex.bytes(parent));
    }
    for (SpanRecord.Event event : span.events()) {
      of.addEvents(
          Span.Event.newBuilder()
              .setTimeUnixNano(event.timeNanos())
              .setName(event.name())
              .setDroppedAttributesCount(event.droppedAttributes())
              .addAllAttributes(AnyValues.toKeyValues(event.attributes())));
    }
    for (SpanRecord.Link link : span.links()) {
      of.addLinks(
          Span.Link.newBuilder()
              .setTraceId(Hex.bytes(link.traceId()))
              .setSpanId(Hex.bytes(link.spanId()))
              .setTraceState(link.traceState())
              .setDroppedAttributesCount(link.droppedAttributes())
              .addAllAttributes(AnyValues.toKeyValues(link.attributes())));
    }
    return of.build();
  }

  private static SpanRecord fromSpan(
      Span span,
      Map<String, AttributeValue> resource,
      SpanRecord.Scope scope,
      SpanRecord.Carried carried,
      Shared shared) {
    List<SpanRecord.Event> events = new ArrayList<>(span.getEventsCount());
    for (Span.Event event : span.getEventsList()) {
      events.add(
          new SpanRecord.Event(
              event.getTimeUnixNano(),
              event.getName(),
              AnyValues.fromKeyValues(event.getAttributesList(), shared),
              event.getDroppedAttributesCount()));
    }
    List<SpanRecord.Link> links = new ArrayList<>(span.getLinksCount());
    for (Span.Link link : span.getLinksList()) {
      links.add(
          new SpanRecord.Link(
              Hex.text(link.getTraceId()),
              Hex.text(link.getSpanId()),
              AnyValues.fromKeyValues(link.getAttributesList(), shared),
              link.getTraceState(),
              link.getDroppedAttributesCount()));
    }
    ByteString parent = span.getParentSpanId();
    return new SpanRecord(
        shared.text(Hex.text(span.getTraceId())),
        shared.text(Hex.text(span.getSpanId())),
        allZero(parent) ? null : shared.text(Hex.text(parent)),
        shared.text(span.getName()),
        fromKind(span.getKind()),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        fromStatus(span.getStatus().getCode()),
        span.getStatus().getMessage(),
        AnyValues.fromKeyValues(span.getAttributesList(), shared),
        events,
        links,
        resource,
        scope,
        carried);
  }

  /// Of the right length, and not all zero, which OTLP calls invalid. An all-zero parent is none.
  private static boolean hasIds(Span span) {
    int parent = span.getParentSpanId().size();
    return isId(span.getTraceId(), 16) && isId(span.getSpanId(), 8) && (parent == 0 || parent == 8);
  }

  private static boolean isId(ByteString id, int size) {
    return id.size() == size && !allZero(id);
  }

  /// True of no bytes, too.
  private static boolean allZero(ByteString id) {
    for (int i = 0; i < id.size(); i++) {
      if (id.byteAt(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static InstrumentationScope toScope(SpanRecord.Scope scope) {
    return InstrumentationScope.newBuilder()
        .setName(scope.name())
        .setVersion(scope.version())
        .addAllAttributes(AnyValues.toKeyValues(scope.attributes()))
        .setDroppedAttributesCount(scope.droppedAttributes())
        .build();
  }

  private static SpanRecord.Scope fromScope(
      InstrumentationScope scope, String schemaUrl, Shared shared) {
    SpanRecord.Scope of =
        new SpanRecord.Scope(
            scope.getName(),
            scope.getVersion(),
            AnyValues.fromKeyValues(scope.getAttributesList(), shared),
            scope.getDroppedAttributesCount(),
            schemaUrl);
    return of.equals(SpanRecord.Scope.EMPTY) ? SpanRecord.Scope.EMPTY : shared.value(of);
  }

  private static Span.SpanKind toKind(SpanRecord.Kind kind) {
    return switch (kind) {
      case UNSPECIFIED -> Span.SpanKind.SPAN_KIND_UNSPECIFIED;
      case INTERNAL -> Span.SpanKind.SPAN_KIND_INTERNAL;
      case SERVER -> Span.SpanKind.SPAN_KIND_SERVER;
      case CLIENT -> Span.SpanKind.SPAN_KIND_CLIENT;
      case PRODUCER -> Span.SpanKind.SPAN_KIND_PRODUCER;
      case CONSUMER -> Span.SpanKind.SPAN_KIND_CONSUMER;
    };
  }

  /// A kind of a later OTLP is unspecified to us.
  private static SpanRecord.Kind fromKind(Span.SpanKind kind) {
    return switch (kind) {
      case SPAN_KIND_UNSPECIFIED, UNRECOGNIZED -> SpanRecord.Kind.UNSPECIFIED;
      case SPAN_KIND_INTERNAL -> SpanRecord.Kind.INTERNAL;
      case SPAN_KIND_SERVER -> SpanRecord.Kind.SERVER;
      case SPAN_KIND_CLIENT -> SpanRecord.Kind.CLIENT;
      case SPAN_KIND_PRODUCER -> SpanRecord.Kind.PRODUCER;
      case SPAN_KIND_CONSUMER -> SpanRecord.Kind.CONSUMER;
    };
  }

  private static Status.StatusCode toStatus(SpanRecord.Status status) {
    return switch (status) {
      case UNSET -> Status.StatusCode.STATUS_CODE_UNSET;
      case OK -> Status.StatusCode.STATUS_CODE_OK;
      case ERROR -> Status.StatusCode.STATUS_CODE_ERROR;
    };
  }

  private static SpanRecord.Status fromStatus(Status.StatusCode code) {
    return switch (code) {
      case STATUS_CODE_UNSET, UNRECOGNIZED -> SpanRecord.Status.UNSET;
      case STATUS_CODE_OK -> SpanRecord.Status.OK;
      case STATUS_CODE_ERROR -> SpanRecord.Status.ERROR;
    };
  }
}
