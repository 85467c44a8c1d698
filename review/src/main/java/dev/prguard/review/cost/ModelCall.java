package dev.prguard.review.cost;

import org.jspecify.annotations.Nullable;

/// One attempt at a model that the provider answered or failed, as the books keep it. A failed
/// attempt that was billed counts.
///
/// @param provider OpenTelemetry's provider name (`openai`, `anthropic`, `azure.ai.openai`,
///   `gcp.gemini`, `ollama`)
/// @param model the model that answered; the requested one when none answered
/// @param usage tokens that the provider billed; ZERO when it billed nothing
/// @param priceId the dated price entry used, null when nothing was billed or the price is unknown
/// @param cacheSavedNanoUsd as in [PricedCall]
/// @param latencyMs ms from the request to the whole answer
public record ModelCall(
    String provider,
    String model,
    TokenUsage usage,
    Cost cost,
    @Nullable String priceId,
    long cacheSavedNanoUsd,
    long latencyMs) {}
