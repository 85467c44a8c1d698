package dev.prguard.review.rules;

/// Whether `pr-guard: ignore` comments count that the reviewed change itself adds.
public enum NewIgnores {
  REFUSED,
  ALLOWED
}
