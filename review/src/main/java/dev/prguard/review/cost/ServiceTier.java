package dev.prguard.review.cost;

/// How fast an answer was bought.
public enum ServiceTier {
  STANDARD,
  /// Hours later, for less; OpenAI's `flex` costs the same.
  BATCH,
  /// At a price that no price file tells, such as OpenAI's `priority`.
  OTHER
}
