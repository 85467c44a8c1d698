package dev.prguard.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a store holds.
///
/// @param blocks how many
/// @param blockSpans spans in them
/// @param blockBytes of the blocks' files
/// @param segments how many files
/// @param segmentBytes of these files
/// @param waitingSegments how many of them are not in blocks whole
/// @param uncompactedBytes of segments that are in no block yet: every process reads them anew
/// @param splitTraces how many traces are spread over blocks
/// @param earliest start of a span in a block; null without blocks
/// @param latest start of a span in a block; null without blocks
/// @param compacted when a compaction last changed something; null where none did
public record StoreStatus(
    int blocks,
    long blockSpans,
    long blockBytes,
    int segments,
    long segmentBytes,
    int waitingSegments,
    long uncompactedBytes,
    int splitTraces,
    @Nullable Instant earliest,
    @Nullable Instant latest,
    @Nullable Instant compacted) {
  private static final long DUE_BYTES = 8 << 20;
  private static final int DUE_SEGMENTS = 400;

  /// Files that are in blocks whole are removed by a later compaction, when nobody can be at them.
  private static final Duration REMOVABLE_AFTER = Duration.ofMinutes(2);

  static StoreStatus of(DataFolder folder) throws IOException {
    Manifest manifest = Manifest.read(folder.manifest());
    List<Path> segments = folder.segmentFiles();
    long segmentBytes = 0;
    long uncompacted = 0;
    int waiting = 0;
    for (Path segment : segments) {
      long size = size(segment);
      long compacted = manifest.compacted(segment.getFileName().toString());
      long own = size <= Segment.HEADER_BYTES ? 0 : Math.max(0, size - compacted);
      segmentBytes += size;
      uncompacted += own;
      waiting += own > 0 ? 1 : 0;
    }
    List<Block> blocks = manifest.blocks();
    return new StoreStatus(
        blocks.size(),
        blocks.stream().mapToLong(Block::spans).sum(),
        blocks.stream().mapToLong(block -> ColumnsFile.bytes(folder.blocks(), block)).sum(),
        segments.size(),
        segmentBytes,
        waiting,
        uncompacted,
        manifest.split().size(),
        blocks.isEmpty() ? null : time(blocks.stream().mapToLong(Block::minStart).min().orElse(0)),
        blocks.isEmpty() ? null : time(blocks.stream().mapToLong(Block::maxStart).max().orElse(0)),
        Files.exists(folder.manifest())
            ? Files.getLastModifiedTime(folder.manifest()).toInstant()
            : null);
  }

  private static long size(Path segment) throws IOException {
    try {
      return Files.size(segment);
    } catch (NoSuchFileException _) {
      return 0; // removed meanwhile: it is in a block
    }
  }

  private static Instant time(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }

  /// Whether so much stands in segments, or in so many of them, that each query would spend its
  /// time on reading them.
  boolean isCompactionDue(Instant now) {
    return uncompactedBytes > DUE_BYTES
        || waitingSegments > DUE_SEGMENTS
        || (segments > DUE_SEGMENTS
            && compacted != null
            && compacted.isBefore(now.minus(REMOVABLE_AFTER)));
  }
}
