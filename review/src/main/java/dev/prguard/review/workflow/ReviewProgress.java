package dev.prguard.review.workflow;

import dev.prguard.review.cost.Cost;

/// A sign of life on long work.
///
/// @param agent fetch, nitpicker, architect, patch or comment
/// @param step what it does now, for people
/// @param filesDone how many files it is done with
/// @param files how many it has to do; 0 for a step that does not go file by file
/// @param cost what the review has cost so far
public record ReviewProgress(String agent, String step, int filesDone, int files, Cost cost) {}
