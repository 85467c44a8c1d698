package dev.prguard.insight.costlog;

/// A row that is not what a cost log holds.
///
/// @param line where it begins, from 1
/// @param reason one line, for the user
public record BadRow(long line, String reason) {}
