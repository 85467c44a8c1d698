package dev.prguard.trace;

/// Keys of cost, tokens and latency on operation spans. Types and units are those of DESIGN.md's
/// table.
public final class CostAttributes {
  /// string, on operation spans and the root: workflow, fetch, nitpicker, architect, patch,
  /// comment.
  public static final String OPERATION_TYPE = "operation.type";

  /// string, on operation spans and the root: the span's name.
  public static final String OPERATION_NAME = "operation.name";

  /// double, USD: the sum of the operation's calls; absent when a price is unknown.
  public static final String USD = "cost.usd";

  /// long, nano-dollars: the same amount. Tempo's quantile_over_time ignores doubles.
  public static final String NANO_USD = "cost.nano_usd";

  /// long, nano-dollars, where a price is known: how much more the prompts would have cost without
  /// the provider's cache; negative where writing to it cost more than reading saved.
  public static final String CACHE_SAVED_NANO_USD = "cost.cache.saved_nano_usd";

  /// boolean: false when what a call cost is unknown: then [#USD] is what is known of the sum, at
  /// least that much was spent, and absent when nothing is known.
  public static final String PRICED = "cost.priced";

  /// string: the dated price entry used, for example `gpt-4o-mini@2026-08-21`.
  public static final String PRICE_ID = "cost.price_id";

  /// string: `provider` or `price_book`.
  public static final String SOURCE = "cost.source";

  /// string: the model used, `none` where no model was used.
  public static final String MODEL = "cost.model";

  /// long, tokens; prompt includes cached tokens, completion includes reasoning tokens.
  public static final String TOKENS_PROMPT = "cost.tokens.prompt";

  public static final String TOKENS_COMPLETION = "cost.tokens.completion";
  public static final String TOKENS_TOTAL = "cost.tokens.total";
  public static final String TOKENS_CACHE_READ = "cost.tokens.cache_read";
  public static final String TOKENS_CACHE_WRITE = "cost.tokens.cache_write";
  public static final String TOKENS_REASONING = "cost.tokens.reasoning";

  /// long, ms: the whole operation.
  public static final String LATENCY_MS = "latency.ms";

  /// long, ms: time inside model calls, summed over parallel calls.
  public static final String LATENCY_API_MS = "latency.api_ms";

  /// double, 0..1: prompt tokens over all tokens; on operation spans with a model.
  public static final String TOKENS_PROMPT_RATIO = "tokens.prompt_ratio";

  /// double, tokens per ms of the operation; on operation spans with a model.
  public static final String TOKENS_PER_MS = "tokens.per_ms";

  /// double, USD, on the root only: the sum of the operations; absent when a price is unknown.
  public static final String TOTAL_USD = "cost.total_usd";

  /// long, nano-dollars, on the root only: the same amount, for quantiles.
  public static final String TOTAL_NANO_USD = "cost.total_nano_usd";

  /// long, tokens, on the root only.
  public static final String WORKFLOW_TOKENS_TOTAL = "workflow.tokens.total";

  /// long, ms, on the root only.
  public static final String LATENCY_TOTAL_MS = "latency.total_ms";

  private CostAttributes() {}
}
