package dev.prguard.review.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Proof of what was published: posted + updated + folded + failed = findings.
///
/// @param posted findings that got a new inline comment
/// @param updated findings whose comment of an earlier run was there and was kept or updated
/// @param folded findings told in the summary only (no line of the diff to hang them on, or over
///   the limit)
/// @param failed findings that could be told nowhere
/// @param resolved comments of earlier runs whose finding is gone
/// @param summaryUrl page of the summary comment, null when it could not be written
/// @param summaryLength characters of the summary comment
/// @param errors one line each, for the user
public record PublishReceipt(
    int posted,
    int updated,
    int folded,
    int failed,
    int resolved,
    @Nullable String summaryUrl,
    long summaryLength,
    List<String> errors) {

  public PublishReceipt {
    errors = List.copyOf(errors);
  }

  public int findings() {
    return posted + updated + folded + failed;
  }
}
