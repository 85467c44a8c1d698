package dev.prguard.review.model;

import org.jspecify.annotations.Nullable;

/// A finding as the model wrote it: hostile text, nothing checked yet.
///
/// @param line first line, 0 when the model gave none
/// @param endLine last line, 0 when the model gave none
/// @param quote the code that it is about, empty when the model gave none
/// @param rule the kind of weakness, a slug
public record ModelFinding(
    String path,
    int line,
    int endLine,
    String quote,
    String rule,
    String severity,
    @Nullable String cwe,
    String title,
    String message) {}
