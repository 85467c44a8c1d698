package dev.prguard.review.cost;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Which process made a reservation. It is asked only whether waiting for a settlement makes sense:
/// seen from another container or machine a living process looks dead, and that costs a wait, never
/// money.
final class LedgerProcess {
  private static final AtomicLong COUNTER = new AtomicLong();
  private static final String SELF =
      ProcessHandle.current().pid()
          + "."
          + started(ProcessHandle.current())
          + "."
          + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

  private LedgerProcess() {}

  /// `pid.start.random.number`.
  static String newId() {
    return SELF + '.' + COUNTER.incrementAndGet();
  }

  /// Whether the process of this reservation still runs here.
  static boolean isAlive(String id) {
    if (id.startsWith(SELF + '.')) {
      return true;
    }
    String[] words = id.split("\\.", -1);
    try {
      Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(words[0]));
      return words.length == 4
          && process.isPresent()
          && process.get().isAlive()
          && started(process.get()) == Long.parseLong(words[1]);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /// Milliseconds since 1970, 0 when the system does not say.
  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
