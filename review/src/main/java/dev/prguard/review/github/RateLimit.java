package dev.prguard.review.github;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// GitHub's two rate limits as it tells them: 403 or 429, with a time to wait or a time of reset;
/// the secondary limit may come with neither and then wants a minute.
final class RateLimit {
  private static final Duration WITHOUT_TIME = Duration.ofMinutes(1);
  private static final long MAX_SECONDS = Duration.ofDays(7).toSeconds();

  private RateLimit() {}

  /// When the next request may be sent, or null when the answer is not about a limit.
  static @Nullable Instant until(HttpResponse<byte[]> response, Instant now) {
    int status = response.statusCode();
    if (status != 403 && status != 429) {
      return null;
    }
    long retryAfter = number(response, "Retry-After");
    if (retryAfter >= 0) {
      return now.plusSeconds(Math.min(retryAfter, MAX_SECONDS));
    }
    long reset = number(response, "X-RateLimit-Reset");
    if (number(response, "X-RateLimit-Remaining") == 0 && reset >= 0) {
      Instant latest = now.plusSeconds(MAX_SECONDS);
      Instant told =
          reset > latest.getEpochSecond() ? latest : Instant.ofEpochSecond(reset).plusSeconds(1);
      // A clock that is ahead of GitHub's must not ask again at once.
      return told.isAfter(now) ? told : now.plusSeconds(1);
    }
    byte[] body = response.body();
    String text =
        new String(body, 0, Math.min(body.length, 2_000), StandardCharsets.UTF_8)
            .toLowerCase(Locale.ROOT);
    boolean told = text.contains("rate limit") || text.contains("abuse detection");
    return status == 429 || told ? now.plus(WITHOUT_TIME) : null;
  }

  private static long number(HttpResponse<byte[]> response, String header) {
    String value = response.headers().firstValue(header).orElse("");
    boolean digits =
        !value.isEmpty() && value.length() <= 15 && value.chars().allMatch(Character::isDigit);
    return digits ? Long.parseLong(value) : -1;
  }
}
