package dev.prguard.review.diff;

/// The text is not a diff that can be trusted whole: not a diff, cut off, or at odds with itself.
public final class DiffSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int QUOTED_CHARS = 80;

  private final int line;
  private final String reason;

  /// @param line line of the diff, 1-based
  /// @param reason what was wrong and what to do, in one line
  public DiffSyntaxException(int line, String reason) {
    super("line " + line + ": " + reason);
    this.line = line;
    this.reason = reason;
  }

  /// Line of the diff, 1-based.
  public int line() {
    return line;
  }

  /// The message without the line number.
  public String reason() {
    return reason;
  }

  /// Hostile text made fit for a message: one short line without control characters.
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < Math.min(text.length(), QUOTED_CHARS); i++) {
      char c = text.charAt(i);
      quoted.append(c < ' ' || c > '~' ? '?' : c);
    }
    return quoted.append(text.length() > QUOTED_CHARS ? "...\"" : "\"").toString();
  }
}
