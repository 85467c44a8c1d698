package dev.prguard.review.model;

import dev.prguard.review.cost.Cost;
import java.util.List;

/// What a review by one model would send and cost.
///
/// @param files paths of the files with lines to send, the riskiest first
/// @param groups calls that would be made
/// @param unsentHunks hunks that would go to no model, over the limit of calls
/// @param promptTokens tokens of all prompts
/// @param exactTokens whether the tokens were counted with the model's own vocabulary; else they
///   are an estimate with OpenAI's o200k
/// @param maxOutputTokens most tokens of all answers
/// @param promptCost what the prompts alone cost; Unknown when the model has no known price
/// @param maxCost what it can cost at most, without retries
public record DryRunEstimate(
    ModelId model,
    List<String> files,
    int groups,
    int unsentHunks,
    long promptTokens,
    boolean exactTokens,
    long maxOutputTokens,
    Cost promptCost,
    Cost maxCost) {
  public DryRunEstimate {
    files = List.copyOf(files);
  }
}
