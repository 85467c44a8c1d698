package dev.prguard.review.workflow;

import dev.prguard.review.cost.Budget;
import dev.prguard.review.cost.PriceBook;
import dev.prguard.review.github.GitHubPatchPublisher;
import dev.prguard.review.github.GitHubReviewPublisher;
import dev.prguard.review.model.ModelClient;
import dev.prguard.review.patch.PatchPolicy;
import dev.prguard.review.rules.RuleScanner;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How a change is to be reviewed, decided after it was fetched, because the base branch's
/// configuration has a say.
///
/// @param scanner with the rules that the change is held against
/// @param models the model and its fall-backs, in order; empty for rules only
/// @param deadline when model calls must be over
/// @param publisher where the review is posted; empty when nothing is to be written
/// @param patchPublisher where proven fixes are offered as a draft pull request
public record ReviewPlan(
    RuleScanner scanner,
    List<ModelClient> models,
    PriceBook prices,
    Budget budget,
    PatchPolicy patchPolicy,
    Instant deadline,
    Optional<GitHubReviewPublisher> publisher,
    Optional<GitHubPatchPublisher> patchPublisher) {

  public ReviewPlan {
    models = List.copyOf(models);
  }
}
