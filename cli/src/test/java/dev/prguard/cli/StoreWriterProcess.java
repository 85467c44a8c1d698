package dev.prguard.cli;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.Retention;
import dev.prguard.testkit.Spans;
import dev.prguard.trace.SpanRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The process that [StoreKillIT] kills: appends a few spans, says so, compacts, and goes on.
/// Arguments: the store's folder, a seed, and how many rounds, without end where it is missing.
final class StoreWriterProcess {
  private StoreWriterProcess() {}

  public static void main(String[] args) throws IOException {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(Path.of(args[0]))) {
      Random random = new Random(Long.parseLong(args[1]));
      Spans spans = new Spans(Long.parseLong(args[1]));
      String traceId = spans.traceId();
      for (int left = args.length > 2 ? Integer.parseInt(args[2]) : -1; left != 0; left--) {
        List<SpanRecord> batch = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
          // Traces go on over several compactions.
          traceId = random.nextInt(3) == 0 ? spans.traceId() : traceId;
          batch.add(
              Spans.plain(traceId, spans.spanId(), 1_790_000_000_000_000_000L + random.nextInt()));
        }
        store.append(batch);
        for (SpanRecord span : batch) {
          System.out.println("kept " + span.traceId() + span.spanId());
        }
        System.out.flush();
        var _ = store.compact(new Retention(null, null, _ -> false, Duration.ZERO));
        System.out.println("compacted");
      }
    }
  }
}
