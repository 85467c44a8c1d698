package dev.prguard.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.testkit.SpanSourceContract;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// The contract of sources on every layout that spans can have on the disk.
class StoredSpansTest {
  abstract static class Layout extends SpanSourceContract {
    @TempDir Path folder;
    private @Nullable EmbeddedSpanStore store;

    /// @return after which quarters of the spans to compact
    abstract List<Integer> compactions();

    @Override
    protected SpanSource source(List<SpanRecord> spans) throws Exception {
      EmbeddedSpanStore store = EmbeddedSpanStore.open(folder);
      this.store = store;
      int quarter = spans.size() / 4;
      for (int part = 0; part < 4; part++) {
        int end = part == 3 ? spans.size() : (part + 1) * quarter;
        for (SpanRecord span : spans.subList(part * quarter, end)) {
          store.append(List.of(span));
        }
        if (compactions().contains(part)) {
          assertThat(store.compact(new Retention(null, null, _ -> false, Duration.ZERO)))
              .hasValueSatisfying(result -> assertThat(result.blocks()).isEqualTo(1));
        }
      }
      return store;
    }

    @AfterEach
    void close() {
      if (store != null) {
        store.close();
      }
    }
  }

  @Nested
  class InSegments extends Layout {
    @Override
    List<Integer> compactions() {
      return List.of();
    }
  }

  @Nested
  class InOneBlock extends Layout {
    @Override
    List<Integer> compactions() {
      return List.of(3);
    }
  }

  /// As an older version left them, or a full disk.
  @Nested
  class InOneBlockWithoutColumns extends InOneBlock {
    @Override
    protected SpanSource source(List<SpanRecord> spans) throws Exception {
      SpanSource source = super.source(spans);
      try (Stream<Path> files = Files.list(folder.resolve("blocks"))) {
        List<Path> columns = files.filter(file -> file.toString().endsWith(".columns")).toList();
        assertThat(columns).hasSize(1);
        Files.delete(columns.getFirst());
      }
      return source;
    }
  }

  /// Many a trace is spread over them.
  @Nested
  class InBlocks extends Layout {
    @Override
    List<Integer> compactions() {
      return List.of(0, 1, 2, 3);
    }
  }

  @Nested
  class InBlocksAndSegments extends Layout {
    @Override
    List<Integer> compactions() {
      return List.of(0, 2);
    }
  }
}
