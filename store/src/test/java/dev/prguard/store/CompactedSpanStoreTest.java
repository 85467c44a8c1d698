package dev.prguard.store;

import dev.prguard.testkit.SpanStoreContract;
import dev.prguard.trace.LogSlice;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// The contract of stores, with a compaction before whatever is read: nothing shows whether a span
/// stands in a segment or in a block.
class CompactedSpanStoreTest extends SpanStoreContract {
  @TempDir Path folder;

  @Override
  protected SpanStore open() {
    return new Compacted(EmbeddedSpanStore.open(folder));
  }

  private record Compacted(EmbeddedSpanStore store) implements SpanStore {
    private EmbeddedSpanStore compacted() {
      try {
        var _ = store.compact(new Retention(null, null, _ -> false, Duration.ZERO));
        return store;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void append(List<SpanRecord> spans) {
      store.append(spans);
    }

    @Override
    public void force() {
      store.force();
    }

    @Override
    public boolean durable() {
      return store.durable();
    }

    @Override
    public String log() {
      return store.log();
    }

    @Override
    public LogSlice read(String log, long from, int maxBytes) {
      return store.read(log, from, maxBytes);
    }

    @Override
    public List<SpanRecord> trace(String traceId) {
      return compacted().trace(traceId);
    }

    @Override
    public List<String> latestTraceIds(int limit) {
      return compacted().latestTraceIds(limit);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
