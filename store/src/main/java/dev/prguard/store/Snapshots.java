package dev.prguard.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import dev.prguard.trace.query.TraceQueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The store as it is at the moment of each query. What was read of segments is kept until it is in
/// a block. Safe for use by many threads.
final class Snapshots {
  /// How often a compaction may come between.
  private static final int TRIES = 20;

  private final DataFolder folder;
  private final BlockReader reader;

  /// By file. Guarded by this, as all that follows.
  private final Map<Path, Tail> tails = new HashMap<>();

  private final Map<Path, SegmentProblem> problems = new TreeMap<>();

  /// Blocks whose checksum was compared, and why it differs; null where it does not.
  private final Map<Block, @Nullable String> checked = new LinkedHashMap<>();

  private @Nullable Latest latest;

  Snapshots(DataFolder folder, BlockReader reader) {
    this.folder = folder;
    this.reader = reader;
  }

  /// What of a segment is in no block.
  private record Tail(long from, long end, long size, List<SpanRecord> spans) {}

  private record Latest(Manifest manifest, Map<Path, Long> ends, StoredSpans spans) {}

  /// @throws TraceQueryException when the store cannot be read
  synchronized StoredSpans take(Instant deadline) {
    try {
      for (int i = 0; i < TRIES; i++) {
        Manifest manifest = Manifest.read(folder.manifest());
        Map<Path, Long> ends = readTails(manifest);
        // A compaction in between may have removed a segment before it was read.
        if (Manifest.read(folder.manifest()).equals(manifest)) {
          return spans(manifest, ends, deadline);
        }
      }
      throw new IOException("compactions come too often");
    } catch (IOException e) {
      throw new TraceQueryException(
          TraceQueryException.Reason.UNAVAILABLE, "store " + folder.path() + ": " + Reasons.of(e));
    } catch (SQLException e) {
      throw new TraceQueryException(
          TraceQueryException.Reason.UNAVAILABLE, "store " + folder.path() + ": " + e.getMessage());
    }
  }

  /// @return how far each segment was read
  private Map<Path, Long> readTails(Manifest manifest) {
    // Side by side: a thousand runs leave a thousand small files.
    List<Step> steps =
        folder.segmentFiles().parallelStream()
            .map(file -> {
              long compacted = manifest.compacted(file.getFileName().toString());
              Tail known = tails.get(file);
              if (known == null || known.from() < compacted) {
                known = new Tail(compacted, compacted, compacted, List.of());
              }
              long size = size(file);
              return size > known.size() ? read(file, known, size) : new Step(file, known, null);
            })
            .toList();
    Map<Path, Long> ends = new LinkedHashMap<>();
    for (Step step : steps) {
      if (step.reading() != null) {
        met(step.file(), step.reading().problem());
      }
      tails.put(step.file(), step.tail());
      ends.put(step.file(), step.tail().end());
    }
    tails.keySet().retainAll(ends.keySet());
    problems.keySet().retainAll(ends.keySet());
    return ends;
  }

  /// @param reading null where there was nothing new
  private record Step(Path file, Tail tail, Segment.@Nullable Reading reading) {}

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private static Step read(Path file, Tail known, long size) {
    List<SpanRecord> spans = new ArrayList<>(known.spans());
    Segment.Reading reading =
        new Segment(file)
            .read(
                known.end(),
                (_, payload) -> {
                  try {
                    spans.addAll(OtlpSpans.decodeToKeep(payload).spans());
                    return null;
                  } catch (InvalidProtocolBufferException e) {
                    return "not OTLP: " + e.getMessage();
                  }
                });
    SegmentProblem problem = reading.problem();
    // What could not be read, because the thread was interrupted for example, is read again.
    boolean again = problem != null && problem.kind() == SegmentProblem.Kind.UNREADABLE;
    Tail tail =
        new Tail(
            known.from(), Math.max(known.end(), reading.end()), again ? known.size() : size, spans);
    return new Step(file, tail, reading);
  }

  private StoredSpans spans(Manifest manifest, Map<Path, Long> ends, Instant deadline)
      throws SQLException {
    Latest known = latest;
    if (known != null && known.manifest().equals(manifest) && known.ends().equals(ends)) {
      return known.spans();
    }
    List<Block> whole = whole(manifest);
    List<SpanRecord> newest = new ArrayList<>();
    for (Path file : ends.keySet()) {
      Tail tail = tails.get(file);
      if (tail != null) {
        newest.addAll(tail.spans());
      }
    }
    Map<String, Integer> loose = new TreeMap<>();
    manifest.split().forEach(id -> loose.put(id, hash(id)));
    newest.forEach(span -> loose.computeIfAbsent(span.traceId(), Snapshots::hash));
    List<SpanRecord> spans = new ArrayList<>();
    if (!loose.isEmpty()) {
      for (Block block : whole) {
        spans.addAll(pieces(block, loose, deadline));
      }
    }
    spans.addAll(newest);
    StoredSpans taken = new StoredSpans(reader, List.copyOf(whole), new LooseSpans(spans));
    latest = new Latest(manifest, ends, taken);
    return taken;
  }

  /// The blocks that are not damaged.
  ///
  /// @throws IOException when the manifest is damaged
  synchronized List<Block> wholeBlocks() throws IOException {
    return whole(Manifest.read(folder.manifest()));
  }

  private List<Block> whole(Manifest manifest) {
    checked.keySet().retainAll(manifest.blocks());
    Set<String> files = new HashSet<>();
    manifest.blocks().forEach(block -> files.add(block.file()));
    reader.retain(files);
    List<Block> whole = new ArrayList<>();
    for (Block block : manifest.blocks()) {
      if (!checked.containsKey(block)) {
        checked.put(block, reader.damage(block));
      }
      if (checked.get(block) == null) {
        whole.add(block);
      }
    }
    return whole;
  }

  private static int hash(String traceId) {
    return TraceHashes.hash(TraceTable.OfBlock.high(traceId), TraceTable.OfBlock.low(traceId));
  }

  /// What a block has of some traces.
  ///
  /// @param traceIds with their [TraceHashes]
  private List<SpanRecord> pieces(Block block, Map<String, Integer> traceIds, Instant deadline)
      throws SQLException {
    TraceHashes hashes = reader.traceHashes(block, deadline);
    List<String> maybe =
        traceIds.entrySet().stream()
            .filter(id -> hashes.mayHave(id.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (maybe.isEmpty()) {
      return List.of();
    }
    TraceIndex index = reader.traces(block, deadline);
    List<String> here =
        maybe.stream()
            .filter(id -> index.find(TraceTable.OfBlock.high(id), TraceTable.OfBlock.low(id)) >= 0)
            .toList();
    List<SpanRecord> spans = new ArrayList<>();
    for (int from = 0; from < here.size(); from += 500) {
      List<String> some = here.subList(from, Math.min(here.size(), from + 500));
      TraceTable.OfBlock.wholeTraces(reader, block, some, deadline).values().forEach(spans::addAll);
    }
    return spans;
  }

  /// Notes what the latest reading of a segment met; null for nothing.
  synchronized void met(Path file, @Nullable SegmentProblem problem) {
    if (problem == null) {
      problems.remove(file);
    } else {
      problems.put(file, problem);
    }
  }

  synchronized List<SegmentProblem> problems() {
    return List.copyOf(problems.values());
  }

  /// Blocks that are left out of every answer, a line each.
  synchronized List<String> damagedBlocks() {
    List<String> lines = new ArrayList<>();
    checked.forEach((block, reason) -> {
      if (reason != null) {
        lines.add(
            "%s: damaged (%s); its %d spans were left out"
                .formatted(folder.blocks().resolve(block.file()), reason, block.spans()));
      }
    });
    return lines;
  }
}
