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

  private @Nullable String storeError;
  private @Nullable String deliveryError;
  private final Set<String> rejections = new LinkedHashSet<>();

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

  synchronized void acknowledged(Batch batch, long rejected, String message) {
    delivered += batch.size() - rejected;
    this.rejected += rejected;
    exposed -= batch.exposed();
    if (rejected > 0 && rejections.size() < 3) {
      rejections.add(message);
    }
  }

  /// Why spans wait. The latest reason stands.
  synchronized void waiting(String reason) {
    deliveryError = reason;
  }

  synchronized FlushResult result(@Nullable String host) {
    long kept = host == null ? 0 : ended - delivered - rejected - exposed;
    Set<String> reasons = new LinkedHashSet<>(rejections);
    if (deliveryError != null && ended > delivered + rejected) {
      reasons.add(deliveryError);
    }
    if (storeError != null && exposed > 0) {
      reasons.add(storeError);
    }
    String error = reasons.isEmpty() ? null : String.join("; ", reasons);
    return new FlushResult(recorded, delivered, rejected, kept, exposed, host, error);
  }
}
