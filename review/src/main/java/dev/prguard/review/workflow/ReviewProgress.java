package dev.prguard.review.workflow;

import dev.prguard.review.cost.Cost;

/// A sign of life on long work.
///
/// @param agent fetch, nitpicker, architect, patch or comment
/// @param step what it does now, for people
/// @param cost what the review has cost so far
public record ReviewProgress(String agent, String step, Cost cost) {}
