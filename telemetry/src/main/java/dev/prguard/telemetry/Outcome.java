package dev.prguard.telemetry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a receiver's answer to one batch means.
sealed interface Outcome {
  /// The receiver took the batch, but for `rejected` spans of it.
  record Acknowledged(long rejected, String message) implements Outcome {}

  /// The receiver will never take this batch.
  record Refused(String reason) implements Outcome {}

  /// The receiver takes smaller batches.
  record TooLarge() implements Outcome {}

  /// The receiver takes nothing as things are set up: wrong key, path or receiver.
  record Unwelcome(String reason) implements Outcome {}

  /// The receiver failed on this batch and says no more: its own fault, or something in the batch.
  /// OTLP forbids to try again at once.
  record Failed(String reason) implements Outcome {}

  /// May succeed later.
  ///
  /// @param retryAfter how long the receiver asked to wait; null when it did not say
  /// @param reached whether there was a receiver at all
  record Unavailable(String reason, @Nullable Duration retryAfter, boolean reached)
      implements Outcome {}
}
