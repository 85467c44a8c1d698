package dev.prguard.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.trace.LogSlice;
import dev.prguard.trace.otlp.OtlpSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.List;

/// Entries of one log that are sent together.
///
/// @param begin the offset of the first one
/// @param body OTLP `TracesData`, which on the wire is an `ExportTraceServiceRequest`
/// @param spans how many it has
@SuppressWarnings("ArrayRecordComponent") // sent, never compared
record Batch(Outbox from, long begin, List<LogSlice.Entry> entries, byte[] body, int spans) {

  Batch {
    entries = List.copyOf(entries);
  }

  /// @param entries one at least
  /// @throws InvalidProtocolBufferException when one of them is not OTLP
  static Batch of(Outbox from, long begin, List<LogSlice.Entry> entries)
      throws InvalidProtocolBufferException {
    TracesData data = OtlpSpans.join(entries.stream().map(LogSlice.Entry::tracesData).toList());
    return new Batch(from, begin, entries, data.toByteArray(), OtlpSpans.count(data));
  }

  /// The offset after the last entry.
  long end() {
    return entries.getLast().end();
  }

  /// Whether it can be sent in two parts.
  boolean divisible() {
    return entries.size() > 1;
  }

  Batch firstHalf() throws InvalidProtocolBufferException {
    return of(from, begin, entries.subList(0, entries.size() / 2));
  }

  Batch secondHalf() throws InvalidProtocolBufferException {
    int half = entries.size() / 2;
    return of(from, entries.get(half - 1).end(), entries.subList(half, entries.size()));
  }
}
