package dev.prguard.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Reads one trace by its id, wherever its spans stand, without reading the other traces.
record OneTrace(DataFolder folder, BlockReader reader, Snapshots snapshots) {

  /// By start, then id. Of two spans with the same id the first counts.
  ///
  /// @throws IOException when blocks cannot be read
  List<SpanRecord> spans(String traceId) throws IOException {
    Map<String, SpanRecord> spans = new LinkedHashMap<>();
    try {
      for (Block block : snapshots.wholeBlocks()) {
        TraceTable.OfBlock.wholeTraces(reader, block, List.of(traceId), DuckDb.NO_DEADLINE)
            .getOrDefault(traceId, List.of())
            .forEach(span -> spans.putIfAbsent(span.spanId(), span));
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
    byte[] id = HexFormat.of().parseHex(traceId);
    scan(
        id,
        span -> {
          if (span.traceId().equals(traceId)) {
            spans.putIfAbsent(span.spanId(), span);
          }
        });
    List<SpanRecord> sorted = new ArrayList<>(spans.values());
    sorted.sort(Comparator.comparingLong(SpanRecord::startNanos).thenComparing(SpanRecord::spanId));
    return List.copyOf(sorted);
  }

  /// Hands over the spans of all segments, oldest segment first, so that the first of two equal
  /// spans is met first. One frame at a time is in memory.
  ///
  /// @param mark frames without these bytes are passed over unparsed
  private void scan(byte[] mark, Consumer<SpanRecord> consumer) {
    for (Path file : folder.segmentFiles()) {
      Segment.Reading reading =
          new Segment(file)
              .read(
                  0,
                  (offset, payload) -> {
                    if (contains(payload, mark)) {
                      try {
                        OtlpSpans.decode(payload).spans().forEach(consumer);
                      } catch (InvalidProtocolBufferException e) {
                        return "not OTLP: " + e.getMessage();
                      }
                    }
                    return null;
                  });
      snapshots.met(file, reading.problem());
    }
  }

  private static boolean contains(byte[] payload, byte[] mark) {
    search:
    for (int i = 0; i <= payload.length - mark.length; i++) {
      for (int j = 0; j < mark.length; j++) {
        if (payload[i + j] != mark[j]) {
          continue search;
        }
      }
      return true;
    }
    return false;
  }
}
