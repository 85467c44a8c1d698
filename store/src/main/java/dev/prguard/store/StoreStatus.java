package dev.prguard.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a store holds.
///
/// @param blocks how many
/// @param blockSpans spans in them
/// @param blockBytes of the blocks' files
/// @param segments how many files
/// @param segmentBytes of these files
/// @param uncompactedBytes of segments that are in no block yet
/// @param splitTraces how many traces are spread over blocks
/// @param earliest start of a span in a block; null without blocks
/// @param latest start of a span in a block; null without blocks
public record StoreStatus(
    int blocks,
    long blockSpans,
    long blockBytes,
    int segments,
    long segmentBytes,
    long uncompactedBytes,
    int splitTraces,
    @Nullable Instant earliest,
    @Nullable Instant latest) {}
