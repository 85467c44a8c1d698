package dev.prguard.service;

import dev.prguard.testkit.ReviewTrace;
import dev.prguard.trace.SpanRecord;
import java.time.Instant;
import java.util.List;

/// Reviews of a few minutes ago.
final class Reviews {
  private Reviews() {}

  static List<SpanRecord> one(int number) {
    return new ReviewTrace(number, "acme/payments", Instant.now().minusSeconds(300))
        .operation("fetch", 120)
        .modelOperation("nitpicker", 1500, "gpt-4o-mini", 4000, 600, 0, 960_000L)
        .modelOperation("architect", 4100, "gpt-4o", 3000, 500, 1000, 11_500_000L)
        .spans();
  }
}
