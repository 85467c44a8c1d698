package dev.prguard.review.change;

/// The change could not be read. The message says what was wrong and what to do, in one or two
/// lines.
public final class ChangeSourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Whose fault it is; decides the exit code.
  public enum Category {
    /// Wrong usage or input: exit code 2.
    INPUT,
    /// An outside service failed: exit code 3.
    OUTSIDE
  }

  private final Category category;

  public ChangeSourceException(Category category, String message) {
    super(message);
    this.category = category;
  }

  public ChangeSourceException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  public Category category() {
    return category;
  }
}
