package dev.prguard.service;

import dev.prguard.trace.otlp.AnyValues;
import dev.prguard.trace.query.TraceQueries.Exemplar;
import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.MetricsAnswer;
import dev.prguard.trace.query.TraceQueries.Sample;
import dev.prguard.trace.query.TraceQueries.SearchAnswer;
import dev.prguard.trace.query.TraceQueries.Series;
import dev.prguard.trace.query.TraceQueries.SpanSet;
import dev.prguard.trace.query.TraceQueries.TagValue;
import dev.prguard.traceql.answer.TempoJson;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;

/// Answers as the messages of Tempo's package `tempopb` (3.0), field for field what [TempoJson]
/// writes.
///
/// An answer may take several messages: clients of gRPC refuse one over 4 MiB, and those of Tempo
/// add the parts up.
final class TempoMessages {
  private static final int PART_BYTES = 1 << 20;

  /// What all of these answers have as their second field, which is empty here.
  private static final int METRICS = 2;

  private TempoMessages() {}

  /// `SearchResponse`.
  static List<byte[]> search(SearchAnswer answer) {
    return parts(answer.traces(), trace -> trace(trace).toBytes());
  }

  /// `QueryRangeResponse`.
  static List<byte[]> range(MetricsAnswer answer) {
    return parts(answer.series(), series -> range(series).toBytes());
  }

  /// `QueryInstantResponse`.
  static List<byte[]> instant(MetricsAnswer answer) {
    return parts(
        answer.series(),
        series ->
            labels(new ProtoMessage(), 1, series.labels())
                .real(2, series.samples().isEmpty() ? 0 : series.samples().getLast().value())
                .toBytes());
  }

  /// `SearchTagsResponse` and `SearchTagValuesResponse`, which look alike.
  static List<byte[]> texts(SortedSet<String> texts) {
    ProtoMessage message = new ProtoMessage();
    texts.forEach(text -> message.element(1, text));
    return List.of(message.message(METRICS, new ProtoMessage()).toBytes());
  }

  /// `SearchTagsV2Response`.
  static List<byte[]> tags(SortedMap<String, SortedSet<String>> scopes) {
    ProtoMessage message = new ProtoMessage();
    scopes.forEach((name, tags) -> {
      ProtoMessage scope = new ProtoMessage().text(1, name);
      tags.forEach(tag -> scope.element(2, tag));
      message.message(1, scope);
    });
    return List.of(message.message(METRICS, new ProtoMessage()).toBytes());
  }

  /// `SearchTagValuesV2Response`.
  static List<byte[]> tagValues(List<TagValue> values) {
    ProtoMessage message = new ProtoMessage();
    values.forEach(value ->
        message.message(1, new ProtoMessage().text(1, value.type()).text(2, value.value())));
    return List.of(message.message(METRICS, new ProtoMessage()).toBytes());
  }

  private static <T> List<byte[]> parts(List<T> elements, Function<T, byte[]> encoded) {
    List<byte[]> parts = new ArrayList<>();
    ProtoMessage part = new ProtoMessage();
    int bytes = 0;
    for (T element : elements) {
      byte[] message = encoded.apply(element);
      if (bytes > 0 && bytes + message.length > PART_BYTES) {
        parts.add(part.message(METRICS, new ProtoMessage()).toBytes());
        part = new ProtoMessage();
        bytes = 0;
      }
      part.message(1, message);
      bytes += message.length;
    }
    parts.add(part.message(METRICS, new ProtoMessage()).toBytes());
    return parts;
  }

  /// `TraceSearchMetadata`; its sixth field is the older name of the first of the seventh.
  private static ProtoMessage trace(FoundTrace trace) {
    ProtoMessage message =
        new ProtoMessage()
            .text(1, TempoJson.withoutLeadingZeros(trace.traceId()))
            .text(2, trace.rootServiceName())
            .text(3, trace.rootTraceName())
            .number(4, trace.startNanos())
            .number(5, trace.durationMillis());
    if (!trace.spanSets().isEmpty()) {
      message.message(6, spanSet(trace.spanSets().getFirst()));
    }
    trace.spanSets().forEach(set -> message.message(7, spanSet(set)));
    trace
        .serviceStats()
        .forEach((service, stats) ->
            message.message(
                8,
                new ProtoMessage()
                    .text(1, service)
                    .message(
                        2,
                        new ProtoMessage()
                            .number(1, stats.spanCount())
                            .number(2, stats.errorCount()))));
    return message;
  }

  private static ProtoMessage spanSet(SpanSet set) {
    ProtoMessage message = new ProtoMessage();
    for (FoundSpan span : set.spans()) {
      message.message(
          1,
          labels(
              new ProtoMessage()
                  .text(1, span.spanId())
                  .text(2, span.name())
                  .number(3, span.startNanos())
                  .number(4, span.durationNanos()),
              5,
              span.attributes()));
    }
    return labels(message.number(2, set.matched()), 3, set.attributes());
  }

  /// `TimeSeries`.
  private static ProtoMessage range(Series series) {
    ProtoMessage message = labels(new ProtoMessage(), 1, series.labels());
    for (Sample sample : series.samples()) {
      message.message(
          2, new ProtoMessage().real(1, sample.value()).number(2, sample.timestampMillis()));
    }
    for (Exemplar exemplar : series.exemplars()) {
      message.message(
          4,
          labels(new ProtoMessage(), 1, exemplar.labels())
              .real(2, exemplar.value())
              .number(3, exemplar.timestampMillis()));
    }
    return message;
  }

  private static ProtoMessage labels(ProtoMessage message, int field, List<Label> labels) {
    labels.forEach(label ->
        message.message(field, AnyValues.keyValue(label.key(), label.value()).toByteArray()));
    return message;
  }
}
