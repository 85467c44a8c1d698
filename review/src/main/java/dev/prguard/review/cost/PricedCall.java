package dev.prguard.review.cost;

import org.jspecify.annotations.Nullable;

/// What a call cost, and the entry of the price book that says so.
///
/// @param cost [Cost.Unknown] when the book does not list the model
/// @param priceId `model@yyyy-mm-dd`, null when the price is unknown
/// @param cacheSavedNanoUsd nano-dollars: how much more the prompt would have cost without the
///   provider's cache; negative where writing to it cost more than reading saved, 0 when unknown
public record PricedCall(Cost cost, @Nullable String priceId, long cacheSavedNanoUsd) {
  static final PricedCall UNKNOWN = new PricedCall(Cost.unknown(), null, 0);
}
