package dev.prguard.review.model;

/// The shape that an answer must have.
///
/// @param name letters, digits and underscores
/// @param json a JSON Schema; for OpenAI's strict mode every property is required and
///   `additionalProperties` is false
public record AnswerSchema(String name, String json) {}
