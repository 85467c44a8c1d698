package dev.prguard.store;

/// What a compaction did.
///
/// @param spans that went from segments into blocks
/// @param blocks that were written of them
/// @param merged blocks that became fewer, larger ones
/// @param expired blocks that the retention dropped
/// @param segments that were removed
public record CompactionResult(long spans, int blocks, int merged, int expired, int segments) {}
