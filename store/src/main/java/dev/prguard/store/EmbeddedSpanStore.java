package dev.prguard.store;

import dev.prguard.trace.LogSlice;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanStore;
import dev.prguard.trace.otlp.OtlpSpans;
import dev.prguard.trace.query.AggregateRow;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanFetch;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanSource;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceQueryException;
import dev.prguard.trace.query.TraceSpans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Spans on disk, without a server: append-only segments under the data folder, one for each
/// process that writes, and blocks that a compactor makes of them. Processes share a folder without
/// locks, because each appends to a file of its own. An appended span survives the end of the
/// process; a forced one that of the machine. Either is seen by the next query of any process.
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

  private final DuckDb duckDb;
  private final BlockReader reader;
  private final Snapshots snapshots;

  EmbeddedSpanStore(DataFolder folder, NewSegment newSegment, long columnBytes) {
    this.folder = folder;
    this.newSegment = newSegment;
    this.file = folder.newSegmentFile();
    this.duckDb = new DuckDb(folder.path().resolve("spill"));
    ColumnCache cache = new ColumnCache(columnBytes);
    this.reader = new BlockReader(duckDb, folder.blocks(), cache);
    this.snapshots = new Snapshots(folder, reader);
  }

  /// Opens the data folder, creating it when it is missing, readable by its owner only.
  ///
  /// @throws StoreUnavailableException when the folder cannot be created or written
  /// @throws StoreFormatException when a newer version of this program wrote it
  public static EmbeddedSpanStore open(Path dataFolder) {
    return open(dataFolder, Runtime.getRuntime().maxMemory() / 2);
  }

  /// As [#open(Path)], for who needs most of the heap for something else.
  ///
  /// @param columnBytes what columns of blocks may take in memory, about, in bytes
  public static EmbeddedSpanStore open(Path dataFolder, long columnBytes) {
    return new EmbeddedSpanStore(DataFolder.open(dataFolder), SegmentWriter::create, columnBytes);
  }

  /// Loads what queries of a data folder will need, if they will: for another thread, while the
  /// command is read.
  public static void prepare(Path dataFolder) {
    if (Files.exists(new DataFolder(dataFolder, Clock.systemUTC()).manifest())) {
      DuckDb.load();
    }
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
    append(payload);
  }

  /// As [#append(List)] of spans that are at hand as OTLP.
  ///
  /// @param tracesData `TracesData` of just these spans, in their order
  public void append(List<SpanRecord> spans, byte[] tracesData) {
    if (tracesData.length > FRAME_BYTES) {
      append(spans);
    } else {
      append(tracesData);
    }
  }

  private void append(byte[] payload) {
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
        if (!writer.isFound()) {
          writer.close();
          file = folder.newSegmentFile();
          writer = newSegment.create(file);
          writer.append(payload);
        }
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

  /// Lets the next append begin a new segment, for a process that lives so long that one file would
  /// grow without end: a compactor removes a segment only when nobody writes to it any more. What
  /// was appended is forced first.
  public void beginSegment() {
    synchronized (writing) {
      if (writer == null) {
        return;
      }
      force();
      try {
        writer.close();
      } catch (IOException e) {
        throw failure(e);
      } finally {
        writer = null;
        file = folder.newSegmentFile();
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
    try {
      return new OneTrace(folder, reader, snapshots).spans(traceId);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public List<String> latestTraceIds(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
    }
    List<String> ids = new ArrayList<>();
    List<String> sameStart = new ArrayList<>();
    long[] start = new long[1];
    snapshots
        .take(DuckDb.NO_DEADLINE)
        .fetch(
            new SpanFetch(
                new SpanWindow.Overlaps(Long.MIN_VALUE, Long.MAX_VALUE),
                new SpanPredicate.Any(),
                List.of(),
                SpanFetch.Grouping.WHOLE_TRACES,
                Set.of(),
                DuckDb.NO_DEADLINE),
            trace -> {
              long own =
                  trace.spans().stream().mapToLong(SpanRecord::startNanos).min().orElseThrow();
              if (own != start[0]) {
                sameStart.sort(null);
                ids.addAll(sameStart);
                sameStart.clear();
                start[0] = own;
              }
              sameStart.add(trace.traceId());
              return ids.size() < limit;
            });
    sameStart.sort(null);
    ids.addAll(sameStart);
    return List.copyOf(ids.subList(0, Math.min(limit, ids.size())));
  }

  @Override
  public void fetch(SpanFetch fetch, Predicate<TraceSpans> visitor) {
    query(() -> {
      snapshots.take(fetch.deadline()).fetch(fetch, visitor);
      return true;
    });
  }

  @Override
  public Optional<List<AggregateRow>> aggregate(SpanAggregate aggregate) {
    return query(() -> snapshots.take(aggregate.deadline()).aggregate(aggregate));
  }

  @Override
  public Set<SpanField.Attribute> attributes(SpanFetch fetch) {
    return query(() -> snapshots.take(fetch.deadline()).attributes(fetch));
  }

  private <T> T query(Supplier<T> answer) {
    try {
      return answer.get();
    } catch (BlockUnreadableException e) {
      throw new TraceQueryException(
          TraceQueryException.Reason.UNAVAILABLE,
          "store %s: block %s: %s".formatted(folder.path(), e.block().file(), e.getMessage()));
    }
  }

  /// Puts what stands in segments into blocks, if no other process is at it, and removes what the
  /// policy lets go.
  ///
  /// @return empty where another process is at it
  /// @throws IOException when it failed: nothing is lost
  public Optional<CompactionResult> compact(Retention retention) throws IOException {
    return Optional.ofNullable(
        new Compactor(folder, new BlockWriter(duckDb, folder.blocks()), reader).compact(retention));
  }

  /// Compacts where so much stands in segments, or in so many of them, that each query would spend
  /// its time on reading them.
  ///
  /// @param owed as in [Retention]
  /// @return empty where it was not due, or another process is at it
  /// @throws IOException when it failed: nothing is lost
  public Optional<CompactionResult> compactIfDue(Predicate<String> owed) throws IOException {
    return status().isCompactionDue(Instant.now())
        ? compact(Retention.everything(owed))
        : Optional.empty();
  }

  /// @throws IOException when the manifest is damaged
  public StoreStatus status() throws IOException {
    return StoreStatus.of(folder);
  }

  /// Reads all there is.
  ///
  /// @throws IOException when the manifest is damaged
  public StoreCheck check() throws IOException {
    return StoreCheck.of(folder, reader);
  }

  /// What the latest reading of each segment could not read, by file name. A torn tail is usual
  /// where a process was killed.
  public List<SegmentProblem> problems() {
    return snapshots.problems();
  }

  /// Blocks that are left out of every answer because they are damaged, a line each.
  public List<String> damagedBlocks() {
    return snapshots.damagedBlocks();
  }

  /// Closes the segment; later appends fail.
  @Override
  public void close() {
    duckDb.close();
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

  private UncheckedIOException failure(IOException e) {
    return new UncheckedIOException("store " + folder.path() + ": " + Reasons.of(e), e);
  }
}
