package dev.prguard.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.otlp.OtlpSpans;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns what stands in segments into blocks, small blocks into larger ones, and removes what is
/// not needed any more. One compactor at a time; a kill at any moment loses nothing: what counts is
/// the manifest, which changes by a rename after its blocks are on the disk.
final class Compactor {
  /// About this much of segments becomes one block, or what is left of them. DuckDB has its own
  /// memory for it; what the heap holds is a frame at a time.
  private static final long CHUNK_BYTES =
      Math.clamp(Runtime.getRuntime().maxMemory() / 8, 8L << 20, 96L << 20);

  /// Blocks of fewer spans are put together, as soon as they come to so many or are [#MERGED_AT].
  /// No more than that: a merge that does not fit into DuckDB's memory costs twice as much a span.
  private static final int SMALL = 30_000;

  private static final int MERGED_AT = 8;

  /// A reader may still be at what a newer manifest does not name.
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final DataFolder folder;
  private final BlockWriter writer;
  private final BlockReader reader;

  Compactor(DataFolder folder, BlockWriter writer, BlockReader reader) {
    this.folder = folder;
    this.writer = writer;
    this.reader = reader;
  }

  /// A stretch of a segment, of whole frames.
  private record Stretch(Path file, long from, long to) {}

  /// @param policy what may be forgotten
  /// @return null where another process is at it
  /// @throws IOException when it failed; the store is as it was, or further
  @Nullable CompactionResult compact(Retention policy) throws IOException {
    folder.createBlocks();
    try (RandomAccessFile lockFile =
            new RandomAccessFile(folder.blocks().resolve("compactor.lock").toFile(), "rw");
        FileLock lock = tryLock(lockFile)) {
      return lock == null ? null : compactLocked(policy);
    }
  }

  private static @Nullable FileLock tryLock(RandomAccessFile file) throws IOException {
    try {
      return file.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another store of this process has it
    }
  }

  private CompactionResult compactLocked(Retention policy) throws IOException {
    Manifest manifest = Manifest.read(folder.manifest());
    removeUnnamed(manifest);
    long spans = 0;
    int written = 0;
    for (List<Stretch> chunk = nextChunk(manifest); !chunk.isEmpty(); chunk = nextChunk(manifest)) {
      int before = manifest.blocks().size();
      manifest = withChunk(manifest, chunk);
      manifest.write(folder.manifest());
      if (manifest.blocks().size() > before) {
        spans += manifest.blocks().getLast().spans();
        written++;
      }
    }
    int merged = 0;
    for (List<Block> inputs = nextMerge(manifest);
        !inputs.isEmpty();
        inputs = nextMerge(manifest)) {
      manifest = merge(manifest, inputs);
      letGo(inputs);
      manifest.write(folder.manifest());
      merged += inputs.size();
    }
    Manifest kept =
        policy.keep(manifest, Instant.now(), block -> ColumnsFile.bytes(folder.blocks(), block));
    if (kept.blocks().size() < manifest.blocks().size()) {
      letGo(manifest.blocks().stream().filter(block -> !kept.blocks().contains(block)).toList());
      kept.write(folder.manifest());
    }
    int removed = removeSegments(kept, policy);
    return new CompactionResult(
        spans, written, merged, manifest.blocks().size() - kept.blocks().size(), removed);
  }

  private Manifest withChunk(Manifest manifest, List<Stretch> chunk) throws IOException {
    Map<String, Long> segments = new HashMap<>(manifest.segments());
    for (Stretch stretch : chunk) {
      segments.put(stretch.file().getFileName().toString(), stretch.to());
    }
    Optional<Block> written = writer.write(consumer -> spans(chunk, consumer));
    if (written.isEmpty()) {
      return new Manifest(manifest.blocks(), segments, manifest.split());
    }
    Block block = written.get();
    Set<String> split = new TreeSet<>(manifest.split());
    split.addAll(new SharedTraces(reader).of(block, manifest.blocks()));
    List<Block> blocks = new ArrayList<>(manifest.blocks());
    blocks.add(block);
    return new Manifest(blocks, segments, split);
  }

  /// Of the oldest segments what is in no block yet.
  private List<Stretch> nextChunk(Manifest manifest) {
    List<Stretch> chunk = new ArrayList<>();
    long bytes = 0;
    for (Path file : folder.segmentFiles()) {
      long from = manifest.compacted(file.getFileName().toString());
      if (bytes >= CHUNK_BYTES) {
        break;
      }
      if (size(file) <= Math.max(from, Segment.HEADER_BYTES)) {
        continue;
      }
      long to = new Segment(file).read(from, CHUNK_BYTES - bytes, (_, _) -> null).end();
      if (to > Math.max(from, Segment.HEADER_BYTES)) {
        chunk.add(new Stretch(file, from, to));
        bytes += to - from;
      }
    }
    return chunk;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private static void spans(List<Stretch> chunk, Consumer<SpanRecord> consumer) {
    for (Stretch stretch : chunk) {
      Segment.Reading _ =
          new Segment(stretch.file())
              .read(
                  stretch.from(),
                  stretch.to() - Math.max(stretch.from(), Segment.HEADER_BYTES),
                  (_, payload) -> {
                    try {
                      OtlpSpans.decode(payload).spans().forEach(consumer);
                    } catch (InvalidProtocolBufferException _) {
                      // Its checksum is right, so it was written so; [StoreCheck] tells of it.
                    }
                    return null;
                  });
    }
  }

  /// Enough small blocks, or none.
  private static List<Block> nextMerge(Manifest manifest) {
    List<Block> small =
        manifest.blocks().stream()
            .filter(block -> block.spans() < SMALL)
            .sorted(Comparator.comparingLong(Block::minStart))
            .toList();
    List<Block> inputs = new ArrayList<>();
    int spans = 0;
    for (Block block : small) {
      inputs.add(block);
      spans += block.spans();
      if (spans >= SMALL) {
        return inputs.size() > 1 ? inputs : List.of();
      }
    }
    return inputs.size() < MERGED_AT ? List.of() : inputs;
  }

  private Manifest merge(Manifest manifest, List<Block> inputs) throws IOException {
    // In the manifest's order, which is that of arrival: of two equal spans the first counts.
    List<Block> ordered = manifest.blocks().stream().filter(inputs::contains).toList();
    List<BlockSchema> schemas = new ArrayList<>();
    for (Block input : ordered) {
      String damage = reader.damage(input);
      if (damage != null) {
        throw new IOException("block " + input.file() + ": " + damage);
      }
      try {
        schemas.add(reader.schema(input, DuckDb.NO_DEADLINE));
      } catch (java.sql.SQLException e) {
        throw new IOException("block " + input.file() + ": " + e.getMessage(), e);
      }
    }
    Block merged = writer.merge(ordered, schemas);
    List<Block> blocks = new ArrayList<>();
    for (Block block : manifest.blocks()) {
      if (block.equals(ordered.getFirst())) {
        blocks.add(merged);
      } else if (!ordered.contains(block)) {
        blocks.add(block);
      }
    }
    return new Manifest(
        blocks, manifest.segments(), new SharedTraces(reader).of(manifest.split(), blocks));
  }

  /// Removes files that the manifest does not name, and that it did not name a minute ago. Of a
  /// file that it named, the time of the last change is when it was let go ([#letGo]).
  private void removeUnnamed(Manifest manifest) throws IOException {
    Set<String> named = new TreeSet<>();
    for (Block block : manifest.blocks()) {
      named.add(block.file());
      named.add(block.file() + ColumnsFile.SUFFIX);
    }
    List<Path> files;
    try (Stream<Path> list = Files.list(folder.blocks())) {
      files = list.toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      boolean ours =
          name.endsWith(".parquet")
              || name.endsWith(".parquet" + ColumnsFile.SUFFIX)
              || name.startsWith("draft-");
      if (ours && !named.contains(name) && isQuiet(file, GRACE)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /// Before a manifest that does not name them any more.
  private void letGo(List<Block> blocks) throws IOException {
    FileTime now = FileTime.from(Instant.now());
    for (Block block : blocks) {
      Path file = folder.blocks().resolve(block.file());
      for (Path each : List.of(file, ColumnsFile.path(folder.blocks(), block))) {
        if (Files.exists(each)) {
          Files.setLastModifiedTime(each, now);
        }
      }
    }
  }

  /// Removes segments that are in blocks whole, owed to nobody, and that nobody writes to. A writer
  /// looks after each append whether its file is still there ([SegmentWriter]); here it is looked
  /// after the renaming whether something was appended before.
  private int removeSegments(Manifest manifest, Retention policy) throws IOException {
    int removed = 0;
    Map<String, Long> segments = new LinkedHashMap<>(manifest.segments());
    for (Map.Entry<String, Long> entry : manifest.segments().entrySet()) {
      Path file = folder.segments().resolve(entry.getKey());
      Path doomed = file.resolveSibling(entry.getKey() + ".gone");
      if (Files.exists(doomed)) {
        // Left by a kill: undone, and looked at again.
        Files.move(doomed, file, StandardCopyOption.ATOMIC_MOVE);
      }
      if (Files.notExists(file)) {
        segments.remove(entry.getKey());
        continue;
      }
      if (Files.size(file) == entry.getValue()
          && !policy.owed().test(entry.getKey())
          && isQuiet(file, policy.quiet())) {
        Files.move(file, doomed, StandardCopyOption.ATOMIC_MOVE);
        if (Files.size(doomed) == entry.getValue()) {
          Files.delete(doomed);
          segments.remove(entry.getKey());
          removed++;
        } else {
          Files.move(doomed, file, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    if (segments.size() < manifest.segments().size()) {
      new Manifest(manifest.blocks(), segments, manifest.split()).write(folder.manifest());
    }
    return removed;
  }

  private static boolean isQuiet(Path file, Duration quiet) throws IOException {
    return !Files.getLastModifiedTime(file).toInstant().isAfter(Instant.now().minus(quiet));
  }
}
