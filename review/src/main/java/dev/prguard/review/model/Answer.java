package dev.prguard.review.model;

/// What came of a question to a model, after all attempts.
public sealed interface Answer {

  /// The model said all that it had to say.
  ///
  /// @param finish the provider's word for why it ended (`stop`, `end_turn`)
  record Complete(String text, String finish) implements Answer {}

  /// The answer was cut off; `text` is its beginning and must not be taken for the whole.
  ///
  /// @param finish the provider's word for why (`length`, `max_tokens`, `content_filter`)
  record Truncated(String text, String finish) implements Answer {}

  /// The model, or a filter in front of it, would not answer.
  ///
  /// @param reason one line
  record Refused(String reason) implements Answer {}

  /// No answer could be had.
  ///
  /// @param message one line for the user, redacted
  record Failed(FailureReason reason, String message) implements Answer {}

  /// Why no answer could be had.
  enum FailureReason {
    /// The provider refused the key or the account (401, 403).
    AUTHENTICATION,
    /// The request was refused (400, 404, 413, 422): wrong model name, too long a prompt.
    REQUEST,
    /// Too many requests (429) until patience ended.
    RATE_LIMIT,
    /// The provider failed (5xx).
    SERVER,
    /// No whole answer in time.
    TIMEOUT,
    /// The connection broke or was never made.
    CONNECTION,
    /// An answer that is not the provider's protocol, or has no text.
    BAD_ANSWER,
    /// The call could go over the budget, or its price is unknown while a budget is set.
    OVER_BUDGET,
    /// The deadline of the whole review has passed.
    DEADLINE,
    /// The review was stopped.
    CANCELLED
  }
}
