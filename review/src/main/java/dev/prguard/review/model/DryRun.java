package dev.prguard.review.model;

import dev.prguard.review.change.Change;
import dev.prguard.review.cost.Cost;
import dev.prguard.review.cost.PriceBook;
import dev.prguard.review.cost.TokenUsage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Says what a review would send and cost. Builds the very prompts and sends nothing.
public final class DryRun {
  private final ModelSettings settings;
  private final UnaryOperator<String> redactor;
  private final InstantSource clock;

  /// @param redactor as for [ModelReviewer]
  /// @param clock the day whose prices count
  public DryRun(ModelSettings settings, UnaryOperator<String> redactor, InstantSource clock) {
    this.settings = settings;
    this.redactor = redactor;
    this.clock = clock;
  }

  /// One estimate a model, in their order.
  public List<DryRunEstimate> estimate(Change change, List<ModelId> models, PriceBook prices) {
    FileGroups groups = FileGroups.of(change, settings);
    PromptBuilder prompts = new PromptBuilder(redactor, settings.maxOutputTokens());
    Set<String> files = new LinkedHashSet<>();
    List<Long> tokens = new ArrayList<>();
    for (FileGroup group : groups.groups()) {
      group.pieces().forEach(piece -> files.add(piece.file().path()));
      tokens.add(TokenCounter.of(prompts.review(change.pullRequest(), group)));
    }
    return models.stream()
        .map(model ->
            new DryRunEstimate(
                model,
                List.copyOf(files),
                tokens.size(),
                groups.unsent().size(),
                tokens.stream().mapToLong(Long::longValue).sum(),
                TokenCounter.exact(model),
                (long) tokens.size() * settings.maxOutputTokens(),
                cost(model, tokens, 0, prices),
                cost(model, tokens, settings.maxOutputTokens(), prices)))
        .toList();
  }

  /// Call by call: a price's tier goes by the length of each prompt.
  private Cost cost(ModelId model, List<Long> tokens, long output, PriceBook prices) {
    Cost sum = Cost.zero();
    for (long prompt : tokens) {
      TokenUsage usage = TokenUsage.of(prompt, output);
      sum =
          sum.plus(
              prices.price(model.provider().word(), model.model(), usage, clock.instant()).cost());
    }
    return sum;
  }
}
