package dev.prguard.insight.report;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a person can look at a trace.
@FunctionalInterface
public interface TraceLinks {
  TraceLinks NONE = (traceId, start) -> null;

  /// An address, or null where there is none.
  @Nullable String of(String traceId, Instant start);
}
