package dev.prguard.review.cost;

/// What a budget does with a model whose price is unknown.
public enum UnpricedModels {
  /// Nothing could hold its cost, so it is not asked.
  REFUSED,
  /// It is asked, and the budget counts nothing for it.
  ALLOWED
}
