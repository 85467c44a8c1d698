package dev.prguard.telemetry;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Counts what became of each span that ended. Thread-safe.
final class Tally {
  private long ended;
  private long recorded;
  private long delivered;
  private long rejected;

  /// Spans that the store does not have and the receiver has not settled.
  private long exposed;

  private long earlierOwed;
  private long earlierDelivered;
  private long earlierRejected;

  private @Nullable String storeError;
  private @Nullable String deliveryError;
  private final Set<String> rejections = new LinkedHashSet<>();
  private final Set<String> damages = new LinkedHashSet<>();

  /// @param storeError why the span is not on disk; null when it is
  synchronized void ended(@Nullable String storeError) {
    ended++;
    if (storeError == null) {
      recorded++;
    } else {
      exposed++;
      this.storeError = storeError;
    }
  }

  synchronized void acknowledged(Batch batch, long refused, String message) {
    switch (batch.from().origin()) {
      case RECORDED -> {
        delivered += batch.spans() - refused;
        rejected += refused;
      }
      case EXPOSED -> {
        delivered += batch.spans() - refused;
        rejected += refused;
        exposed -= batch.spans();
      }
      case EARLIER -> {
        earlierDelivered += batch.spans() - refused;
        earlierRejected += refused;
      }
    }
    if (refused > 0 && rejections.size() < 3) {
      rejections.add(message);
    }
  }

  /// Spans of earlier runs that wait for this one.
  synchronized void owed(long spans) {
    earlierOwed += spans;
  }

  /// Spans of earlier runs that are not sent any more.
  synchronized void givenUp(long spans, String reason) {
    earlierRejected += spans;
    if (rejections.size() < 3) {
      rejections.add(reason);
    }
  }

  /// A log of an earlier run that could not be read to its end.
  synchronized void damaged(String what) {
    if (damages.size() < 3) {
      damages.add(what);
    }
  }

  /// Why spans wait. The latest reason stands.
  synchronized void waiting(String reason) {
    deliveryError = reason;
  }

  /// Why spans wait, null when none do.
  synchronized @Nullable String waitingReason() {
    return result("").kept() + result("").earlier().kept() > 0 ? deliveryError : null;
  }

  synchronized FlushResult result(@Nullable String host) {
    long kept = host == null ? 0 : ended - delivered - rejected - exposed;
    Set<String> reasons = new LinkedHashSet<>(rejections);
    long earlierKept = earlierOwed - earlierDelivered - earlierRejected;
    if (deliveryError != null && (ended > delivered + rejected || earlierKept > 0)) {
      reasons.add(deliveryError);
    }
    if (storeError != null && exposed > 0) {
      reasons.add(storeError);
    }
    String error = reasons.isEmpty() ? null : String.join("; ", reasons);
    FlushResult.Earlier earlier =
        new FlushResult.Earlier(earlierDelivered, earlierRejected, earlierKept);
    String damage = damages.isEmpty() ? null : String.join("; ", damages);
    return new FlushResult(
        recorded, delivered, rejected, kept, exposed, earlier, host, error, damage);
  }
}
