package dev.prguard.review.workflow;

import dev.prguard.review.change.ChangeSourceException;
import dev.prguard.review.result.ReviewResult;
import org.jspecify.annotations.Nullable;

/// How a run ended.
///
/// @param outsideFailed a service that the review needed failed (the model, GitHub): the exit code
///   says so, even when the rules found nothing
/// @param notFetched why there was nothing to review, null when the change was read
public record ReviewOutcome(
    ReviewResult result, boolean outsideFailed, @Nullable ChangeSourceException notFetched) {}
