package dev.prguard.review.patch;

import dev.prguard.review.result.Finding;
import java.util.List;

/// One fix that is wanted. The lines are hostile text and may hold secrets: redact before they
/// leave the process.
///
/// @param firstLine number of the first of `lines` in the head, 1-based
/// @param lines the finding's lines and some around them, as in the head
public record FixRequest(Finding finding, String path, int firstLine, List<String> lines) {

  public FixRequest {
    lines = List.copyOf(lines);
  }

  /// The lines as `12: code`, one below the other.
  public String numberedLines() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(firstLine + i).append(": ").append(lines.get(i)).append('\n');
    }
    return text.toString();
  }
}
