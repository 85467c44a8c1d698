package dev.prguard.review.syntax;

/// A stretch that the grammar does not explain, or a token that it misses there.
///
/// @param start offset of the first byte
/// @param end offset after the last byte; equal to `start` for a missing token
public record SyntaxError(int start, int end, String kind) {}
