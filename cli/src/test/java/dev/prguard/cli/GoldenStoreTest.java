package dev.prguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.store.EmbeddedSpanStore;
import dev.prguard.store.Retention;
import dev.prguard.testkit.GoldenCorpus;
import dev.prguard.testkit.GoldenJudge;
import dev.prguard.trace.InMemorySpanStore;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanSource;
import dev.prguard.traceql.engine.QuantileMode;
import dev.prguard.traceql.engine.TraceQlEngine;
import dev.prguard.traceql.engine.TraceQlEngine.Options;
import dev.prguard.traceql.engine.TraceQlEngine.PushDown;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The golden queries on the embedded store: the same answers as in memory.
class GoldenStoreTest {
  private static TraceQlEngine engine(SpanSource source, PushDown pushDown) {
    return new TraceQlEngine(
        source,
        new Options(Duration.ofMinutes(1), QuantileMode.TEMPO_BUCKETS, pushDown),
        InstantSource.system());
  }

  /// How the spans lie on the disk: three runs, and after some of them a compaction.
  enum Layout {
    SEGMENTS,
    BLOCK,
    BLOCKS,
    BLOCKS_AND_SEGMENT
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void corpus_onDisk_isAnsweredAsInMemory(Layout layout, @TempDir Path folder) throws Exception {
    List<SpanRecord> spans = GoldenCorpus.spans();
    InMemorySpanStore memory = new InMemorySpanStore();
    memory.append(spans);
    int third = spans.size() / 3;
    for (int part = 0; part < 3; part++) {
      try (EmbeddedSpanStore writer = EmbeddedSpanStore.open(folder)) {
        int end = part == 2 ? spans.size() : (part + 1) * third;
        // One by one, as they end: a batch would be put together by resource.
        for (SpanRecord span : spans.subList(part * third, end)) {
          writer.append(List.of(span));
        }
        boolean compacts =
            switch (layout) {
              case SEGMENTS -> false;
              case BLOCK -> part == 2;
              case BLOCKS -> true;
              case BLOCKS_AND_SEGMENT -> part < 2;
            };
        if (compacts) {
          assertThat(writer.compact(Retention.everything(_ -> false)))
              .hasValueSatisfying(done -> assertThat(done.blocks()).isEqualTo(1));
        }
      }
    }
    TraceQlEngine inMemory = engine(memory, PushDown.ON);
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      for (PushDown pushDown : PushDown.values()) {
        TraceQlEngine embedded = engine(store, pushDown);
        for (GoldenCorpus.Query query : GoldenCorpus.queries()) {
          if (query.json().path("set").asText().equals("main")) {
            assertThat(GoldenJudge.differences(query, embedded))
                .as("%s, push-down %s", query, pushDown)
                .isEqualTo(GoldenJudge.differences(query, inMemory));
          }
        }
      }
    }
  }
}
