package dev.prguard.review.model;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How long to wait before the next attempt: what the provider asks for, else exponential with full
/// jitter.
///
/// @param jitter safe for use by many threads
record RetryPolicy(RandomGenerator jitter) {
  private static final long FIRST_MS = 500;
  private static final long LONGEST_MS = 20_000;

  /// @param attempt the attempt that failed, from 1
  Duration delay(int attempt, @Nullable HttpHeaders headers, Instant now) {
    Optional<Duration> asked = retryAfter(headers, now);
    if (asked.isPresent()) {
      // Callers that were told the same time must not come back at the same moment.
      return asked.get().plusMillis(jitter.nextLong(250));
    }
    long most = Math.min(LONGEST_MS, FIRST_MS << Math.min(attempt - 1, 10));
    return Duration.ofMillis(jitter.nextLong(most + 1));
  }

  private static Optional<Duration> retryAfter(@Nullable HttpHeaders headers, Instant now) {
    if (headers == null) {
      return Optional.empty();
    }
    Optional<Duration> millis = headers.firstValue("retry-after-ms").flatMap(v -> number(v, 1));
    return millis.isPresent()
        ? millis
        : headers.firstValue("retry-after").flatMap(v -> number(v, 1000).or(() -> date(v, now)));
  }

  private static Optional<Duration> number(String text, double factor) {
    try {
      double millis = Double.parseDouble(text.strip()) * factor;
      return millis >= 0 && millis < 1e9
          ? Optional.of(Duration.ofMillis((long) Math.ceil(millis)))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> date(String text, Instant now) {
    try {
      Instant when =
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, when);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
