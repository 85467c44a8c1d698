package dev.prguard.review.github;

import dev.prguard.review.change.ChangeSourceException;

/// GitHub refused, failed, or could not be understood. The message is for the user and never holds
/// the token.
final class GitHubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  enum Kind {
    /// 401: the token is wrong.
    UNAUTHORIZED,
    /// 403: the token may not do this.
    FORBIDDEN,
    /// 404 or 410: missing, or private and the token may not see it.
    NOT_FOUND,
    /// A primary or secondary rate limit that does not end within the time given.
    RATE_LIMITED,
    /// 409 or 422: understood and refused.
    UNPROCESSABLE,
    /// The answer is larger than what was asked to be read.
    TOO_LARGE,
    /// 5xx, after retries where they are safe. A write may have happened.
    SERVER,
    /// No answer, or half of one. A write may have happened.
    TRANSPORT,
    /// An answer that is not what GitHub's documentation says (HTML, empty, cut off JSON). A write
    /// may have happened.
    MALFORMED,
    /// Moved; not followed.
    REDIRECTED
  }

  private final Kind kind;

  GitHubException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /// Whether a write that failed so may have been done all the same.
  boolean mayHaveHappened() {
    return switch (kind) {
      case SERVER, TRANSPORT, MALFORMED, TOO_LARGE -> true;
      case UNAUTHORIZED, FORBIDDEN, NOT_FOUND, RATE_LIMITED, UNPROCESSABLE, REDIRECTED -> false;
    };
  }

  ChangeSourceException asSourceFailure() {
    ChangeSourceException.Category category =
        switch (kind) {
          case NOT_FOUND -> ChangeSourceException.Category.INPUT;
          case UNAUTHORIZED,
              FORBIDDEN,
              RATE_LIMITED,
              UNPROCESSABLE,
              TOO_LARGE,
              SERVER,
              TRANSPORT,
              MALFORMED,
              REDIRECTED ->
              ChangeSourceException.Category.OUTSIDE;
        };
    return new ChangeSourceException(category, getMessage(), this);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
