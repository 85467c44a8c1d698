package dev.prguard.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What a compaction may remove. Blocks go as a whole, the oldest first; what stands in segments
/// alone is never dropped.
///
/// @param maxAge of a block's latest span; null for any
/// @param maxBytes of all blocks together; null for any
/// @param owed whether a segment, by its name, holds what some receiver has not acknowledged
/// @param quiet how long nobody must have written to a segment that is removed
public record Retention(
    @Nullable Duration maxAge, @Nullable Long maxBytes, Predicate<String> owed, Duration quiet) {

  /// Keeps all spans.
  public static Retention everything(Predicate<String> owed) {
    return new Retention(null, null, owed, Duration.ofMinutes(1));
  }

  Manifest keep(Manifest manifest, Instant now, ToLongFunction<Block> bytesOf) {
    List<Block> kept = new ArrayList<>(manifest.blocks());
    Duration age = maxAge;
    if (age != null) {
      Instant oldest = now.minus(age);
      kept.removeIf(block -> Instant.ofEpochSecond(0, block.maxStart()).isBefore(oldest));
    }
    Long limit = maxBytes;
    if (limit != null) {
      List<Block> oldestFirst = new ArrayList<>(kept);
      oldestFirst.sort(Comparator.comparingLong(Block::maxStart));
      long bytes = kept.stream().mapToLong(bytesOf).sum();
      for (Block block : oldestFirst) {
        if (bytes > limit) {
          kept.remove(block);
          bytes -= bytesOf.applyAsLong(block);
        }
      }
    }
    return new Manifest(kept, manifest.segments(), manifest.split());
  }
}
