package dev.prguard.review.result;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One thing worth telling the author.
///
/// @param path file after the change (before it, for a deleted file)
/// @param side the side that `line` counts on: NEW, or OLD for a removed line
/// @param line first line, 1-based; 0 when the finding is about the whole file
/// @param endLine last line, at least `line`
/// @param rule the rule's id (`python.sql-injection`), or `model.<slug>` of a model finding
/// @param title one line
/// @param message why it matters and what to do, plain text; for a model finding hostile text
/// @param cwe `CWE-89`, or null
/// @param quote text of the first line, as in the file (see DiffLine.text), with secrets already
///   redacted
/// @param fingerprint rule + normalised code, stable under moves; see [Fingerprint]
/// @param suggestion the whole replacement of lines `line`..`endLine`, or null when there is no
///   safe mechanical fix
public record Finding(
    String path,
    Side side,
    int line,
    int endLine,
    String rule,
    String title,
    String message,
    Severity severity,
    Category category,
    @Nullable String cwe,
    Source source,
    String quote,
    String fingerprint,
    @Nullable String suggestion) {

  public enum Side {
    NEW,
    OLD
  }

  public enum Source {
    RULE,
    MODEL
  }

  public enum Category {
    SECURITY,
    STYLE
  }

  public Finding {
    Objects.requireNonNull(path, "path");
    if (line < 0 || endLine < line) {
      throw new IllegalArgumentException(
          "line: " + line + ".." + endLine + " (expected: 0 <= line <= endLine)");
    }
  }

  public Finding withMessage(String other) {
    return new Finding(
        path,
        side,
        line,
        endLine,
        rule,
        title,
        other,
        severity,
        category,
        cwe,
        source,
        quote,
        fingerprint,
        suggestion);
  }
}
