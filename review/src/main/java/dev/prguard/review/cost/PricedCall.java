package dev.prguard.review.cost;

import org.jspecify.annotations.Nullable;

/// What a call cost, and the entry of the price book that says so.
///
/// @param cost [Cost.Unknown] when the book does not list the model
/// @param priceId `model@yyyy-mm-dd`, null when the price is unknown
public record PricedCall(Cost cost, @Nullable String priceId) {}
