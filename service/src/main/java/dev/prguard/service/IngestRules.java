package dev.prguard.service;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.AttributeValue.ArrayValue;
import dev.prguard.trace.AttributeValue.StringValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What Tempo does to spans when they arrive: keys and texts are cut, and the spans of a trace are
/// put together by resource and, in it, by scope; of scopes with the same name and version the
/// attributes of the first hold.
final class IngestRules {
  /// Tempo's `distributor.max_attribute_bytes`.
  private static final int MAX_ATTRIBUTE_BYTES = 2048;

  private IngestRules() {}

  /// @param batches to be stored in this order, each in one piece
  /// @param rejected how many spans had no valid ids
  /// @param asSent OTLP of the only batch, where nothing had to be changed; else empty
  record Arrival(List<List<SpanRecord>> batches, int rejected, Optional<byte[]> asSent) {
    int spans() {
      return batches.stream().mapToInt(List::size).sum();
    }
  }

  /// @param bytes the same, as it was sent; empty where it was JSON
  static Arrival arrive(TracesData data, Optional<byte[]> bytes) {
    OtlpSpans.Decoded decoded = OtlpSpans.fromTracesData(data);
    List<SpanRecord> spans = new ArrayList<>(decoded.spans().size());
    boolean asSent = decoded.rejected() == 0;
    for (SpanRecord span : decoded.spans()) {
      boolean fits = fits(span);
      asSent &= fits;
      spans.add(fits ? span : cut(span));
    }
    if (spans.isEmpty()) {
      return new Arrival(List.of(), decoded.rejected(), Optional.empty());
    }
    return standTogether(data)
        ? new Arrival(List.of(spans), decoded.rejected(), asSent ? bytes : Optional.empty())
        : new Arrival(byTrace(spans), decoded.rejected(), Optional.empty());
  }

  /// Whether one resource has each scope once, as nearly every exporter sends it.
  private static boolean standTogether(TracesData data) {
    if (data.getResourceSpansCount() != 1) {
      return false;
    }
    ResourceSpans only = data.getResourceSpans(0);
    Set<List<String>> scopes = new HashSet<>();
    for (ScopeSpans in : only.getScopeSpansList()) {
      if (!scopes.add(List.of(in.getScope().getName(), in.getScope().getVersion()))) {
        return false;
      }
    }
    return true;
  }

  /// A batch for each trace: in a batch of several, one trace's order of resources would be
  /// another's.
  private static List<List<SpanRecord>> byTrace(List<SpanRecord> spans) {
    Map<String, Map<Map<String, AttributeValue>, Map<List<String>, List<SpanRecord>>>> traces =
        new LinkedHashMap<>();
    for (SpanRecord span : spans) {
      traces
          .computeIfAbsent(span.traceId(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(span.resource(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(
              List.of(span.scope().name(), span.scope().version()), _ -> new ArrayList<>())
          .add(span);
    }
    List<List<SpanRecord>> batches = new ArrayList<>(traces.size());
    traces
        .values()
        .forEach(resources -> {
          List<SpanRecord> batch = new ArrayList<>();
          for (Map<List<String>, List<SpanRecord>> scopes : resources.values()) {
            for (List<SpanRecord> of : scopes.values()) {
              SpanRecord.Scope first = of.getFirst().scope();
              of.forEach(span ->
                  batch.add(
                      span.withContent(
                          span.attributes(), span.events(), span.links(), span.resource(), first)));
            }
          }
          batches.add(batch);
        });
    return batches;
  }

  private static boolean fits(SpanRecord span) {
    boolean fits =
        fits(span.attributes()) && fits(span.resource()) && fits(span.scope().attributes());
    for (SpanRecord.Event event : span.events()) {
      fits = fits && fits(event.attributes());
    }
    for (SpanRecord.Link link : span.links()) {
      fits = fits && fits(link.attributes());
    }
    return fits;
  }

  private static SpanRecord cut(SpanRecord span) {
    return span.withContent(
        cut(span.attributes()),
        span.events().stream().map(of -> of.withAttributes(cut(of.attributes()))).toList(),
        span.links().stream().map(of -> of.withAttributes(cut(of.attributes()))).toList(),
        cut(span.resource()),
        span.scope().withAttributes(cut(span.scope().attributes())));
  }

  private static boolean fits(Map<String, AttributeValue> attributes) {
    for (Map.Entry<String, AttributeValue> entry : attributes.entrySet()) {
      if (!fits(entry.getKey()) || !fits(entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(AttributeValue value) {
    return switch (value) {
      case StringValue(String text) -> fits(text);
      case ArrayValue(List<AttributeValue> values) -> values.stream().allMatch(IngestRules::fits);
      default -> true;
    };
  }

  /// A character takes at most three bytes in UTF-8, or four in two.
  private static boolean fits(String text) {
    return text.length() <= MAX_ATTRIBUTE_BYTES / 3
        || text.getBytes(StandardCharsets.UTF_8).length <= MAX_ATTRIBUTE_BYTES;
  }

  private static Map<String, AttributeValue> cut(Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> cut = new LinkedHashMap<>();
    attributes.forEach((key, value) -> cut.put(cut(key), cut(value)));
    return cut;
  }

  private static AttributeValue cut(AttributeValue value) {
    return switch (value) {
      case StringValue(String text) -> AttributeValue.of(cut(text));
      case ArrayValue(List<AttributeValue> values) ->
          AttributeValue.of(values.stream().map(IngestRules::cut).toList());
      default -> value;
    };
  }

  private static String cut(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MAX_ATTRIBUTE_BYTES
        ? text
        : new String(bytes, 0, MAX_ATTRIBUTE_BYTES, StandardCharsets.UTF_8);
  }
}
