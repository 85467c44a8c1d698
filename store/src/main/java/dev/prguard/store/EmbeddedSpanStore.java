package dev.prguard.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.trace.LogSlice;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanStore;
import dev.prguard.trace.otlp.OtlpSpans;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanSource;
import dev.prguard.trace.query.TraceSpans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Spans on disk, without a server: append-only segments under the data folder, one for each
/// process that writes. Processes share a folder without locks, because each appends to a file of
/// its own. An appended span survives the end of the process; a forced one that of the machine.
public final class EmbeddedSpanStore implements SpanStore, SpanSource {
  /// Bounds the payload of a frame, where one span allows it.
  private static final int FRAME_BYTES = 4 << 20;

  @FunctionalInterface
  interface NewSegment {
    SegmentWriter create(Path file) throws IOException;
  }

  private final DataFolder folder;
  private final NewSegment newSegment;
  private final Object writing = new Object();

  /// Null until the first append, and after a failure that ended the segment.
  private @Nullable SegmentWriter writer;

  /// Where `writer` writes, or the next one will.
  private Path file;

  private boolean closed;

  /// What the latest reading of a segment met, by file. Guarded by itself.
  private final Map<Path, SegmentProblem> problems = new TreeMap<>();

  EmbeddedSpanStore(DataFolder folder, NewSegment newSegment) {
    this.folder = folder;
    this.newSegment = newSegment;
    this.file = folder.newSegmentFile();
  }

  /// Opens the data folder, creating it when it is missing, readable by its owner only.
  ///
  /// @throws StoreUnavailableException when the folder cannot be created or written
  /// @throws StoreFormatException when a newer version of this program wrote it
  public static EmbeddedSpanStore open(Path dataFolder) {
    DataFolder folder = DataFolder.open(dataFolder);
    return new EmbeddedSpanStore(folder, SegmentWriter::create);
  }

  /// Looks at a data folder, which need not exist, and changes nothing.
  ///
  /// @throws StoreUnavailableException when it cannot be read
  /// @throws StoreFormatException when a newer version of this program wrote it
  public static void requireKnownFormat(Path dataFolder) {
    DataFolder.requireKnownFormat(dataFolder);
  }

  @Override
  public void append(List<SpanRecord> spans) {
    if (spans.isEmpty()) {
      return;
    }
    byte[] payload = OtlpSpans.encode(spans);
    if (payload.length > FRAME_BYTES && spans.size() > 1) {
      int half = spans.size() / 2;
      append(spans.subList(0, half));
      append(spans.subList(half, spans.size()));
      return;
    }
    if (payload.length > Segment.MAX_PAYLOAD_BYTES) {
      throw failure(
          new IOException(
              "a span of " + payload.length + " bytes, at most " + Segment.MAX_PAYLOAD_BYTES));
    }
    synchronized (writing) {
      if (closed) {
        throw failure(new IOException("the store is closed"));
      }
      try {
        if (writer == null) {
          writer = newSegment.create(file);
        }
        writer.append(payload);
      } catch (IOException e) {
        if (writer == null || !writer.isOpen()) {
          writer = null;
          file = folder.newSegmentFile();
        }
        throw failure(e);
      }
    }
  }

  @Override
  public void force() {
    synchronized (writing) {
      if (writer != null) {
        try {
          writer.force();
        } catch (IOException e) {
          throw failure(e);
        }
      }
    }
  }

  @Override
  public String log() {
    synchronized (writing) {
      return file.getFileName().toString();
    }
  }

  @Override
  public LogSlice read(String log, long from, int maxBytes) {
    Path segment = folder.segmentFile(log);
    return Files.exists(segment)
        ? new Segment(segment).slice(from, maxBytes)
        : new LogSlice(List.of(), null, null);
  }

  @Override
  public boolean durable() {
    return true;
  }

  @Override
  public List<SpanRecord> trace(String traceId) {
    byte[] id = HexFormat.of().parseHex(traceId);
    Map<String, SpanRecord> spans = new LinkedHashMap<>();
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

  @Override
  public List<String> latestTraceIds(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
    }
    Map<String, Long> starts = new HashMap<>();
    scan(new byte[0], span -> starts.merge(span.traceId(), span.startNanos(), Math::min));
    Comparator<Map.Entry<String, Long>> latestFirst =
        Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry::getKey);
    return starts.entrySet().stream()
        .sorted(latestFirst)
        .limit(limit)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public void fetch(SpanFetch fetch, Predicate<TraceSpans> visitor) {
    new SegmentScan(consumer -> scan(new byte[0], consumer), fetch).run(visitor);
  }

  /// Left to the engine: segments have no columns to add up.
  @Override
  public Optional<List<AggregateRow>> aggregate(SpanAggregate aggregate) {
    return Optional.empty();
  }

  @Override
  public Set<SpanField.Attribute> attributes(SpanFetch fetch) {
    Set<SpanField.Attribute> attributes = new HashSet<>();
    fetch(
        new SpanFetch(
            fetch.window(),
            fetch.candidates(),
            fetch.companions(),
            fetch.grouping(),
            null,
            fetch.deadline()),
        trace -> {
          trace.spans().forEach(span -> attributes.addAll(SpanField.Attribute.of(span)));
          return true;
        });
    return attributes;
  }

  /// What the latest reading of each segment could not read, by file name. A torn tail is usual
  /// where a process was killed.
  public List<SegmentProblem> problems() {
    synchronized (problems) {
      return List.copyOf(problems.values());
    }
  }

  /// Closes the segment; later appends fail.
  @Override
  public void close() {
    synchronized (writing) {
      closed = true;
      if (writer != null) {
        try {
          writer.close();
        } catch (IOException e) {
          throw failure(e);
        } finally {
          writer = null;
        }
      }
    }
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
      SegmentProblem problem = reading.problem();
      synchronized (problems) {
        if (problem == null) {
          problems.remove(file);
        } else {
          problems.put(file, problem);
        }
      }
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

  private UncheckedIOException failure(IOException e) {
    return new UncheckedIOException("store " + folder.path() + ": " + Reasons.of(e), e);
  }
}
