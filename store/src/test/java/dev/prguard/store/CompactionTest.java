package dev.prguard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prguard.testkit.Spans;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanAggregate;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanPredicate;
import dev.prguard.trace.query.SpanWindow;
import dev.prguard.trace.query.TraceQueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {
  private final long now = Instant.now().getEpochSecond() * 1_000_000_000L;

  @TempDir Path folder;

  /// Removes at once what may be removed.
  private static Retention at(Predicate<String> owed) {
    return new Retention(null, null, owed, Duration.ZERO);
  }

  private static CompactionResult compact(EmbeddedSpanStore store) throws IOException {
    return store.compact(at(_ -> false)).orElseThrow();
  }

  private static SpanRecord span(int trace, int span, long startNanos) {
    return Spans.withAttributes(
        Spans.plain("%032x".formatted(trace), "%016x".formatted(span), startNanos),
        Map.of("n", AttributeValue.of((long) span)));
  }

  private static Set<String> ids(EmbeddedSpanStore store) {
    Set<String> ids = new HashSet<>();
    for (String trace : store.latestTraceIds(Integer.MAX_VALUE)) {
      for (SpanRecord span : store.trace(trace)) {
        assertThat(ids.add(trace + span.spanId())).as("twice: %s", span).isTrue();
      }
    }
    return ids;
  }

  private List<Path> files(String sub, String ending) throws IOException {
    try (Stream<Path> list = Files.list(folder.resolve(sub))) {
      return list.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  @Test
  void compact_again_mergesSmallBlocksAndKeepsEachSpanOnce() throws Exception {
    List<SpanRecord> spans = new Spans(11).next(30, 600);
    Set<SpanRecord> expected = new HashSet<>(spans);
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      int merged = 0;
      for (int part = 0; part < 10; part++) {
        store.append(spans.subList(part * 60, (part + 1) * 60));
        // Sent once more, and changed: the first of two counts.
        SpanRecord again = spans.get(part * 30);
        store.append(List.of(Spans.withAttributes(again, Map.of())));
        merged += compact(store).merged();
      }
      assertThat(merged).isGreaterThanOrEqualTo(8);
      assertThat(Manifest.read(folder.resolve("blocks/manifest")).blocks()).hasSizeLessThan(5);
      Set<SpanRecord> stored = new HashSet<>();
      store.latestTraceIds(100).forEach(trace -> stored.addAll(store.trace(trace)));
      assertThat(stored).isEqualTo(expected);
    }
  }

  @Test
  void compact_removesSegmentsThatNobodyIsOwed() throws Exception {
    String owed;
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      store.append(List.of(span(1, 1, now)));
      owed = store.log();
    }
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      store.append(List.of(span(2, 2, now)));
    }
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      assertThat(store.compact(at(owed::equals)).orElseThrow().segments()).isEqualTo(1);
      assertThat(files("segments", ".seg"))
          .extracting(Path::getFileName)
          .hasToString("[" + owed + "]");
      assertThat(store.read(owed, 0, 1 << 20).entries()).hasSize(1);
      assertThat(ids(store)).hasSize(2);
      assertThat(compact(store).segments()).isEqualTo(1);
      assertThat(ids(store)).hasSize(2);
    }
  }

  @Test
  void append_afterItsSegmentWasRemoved_isNotLost() throws Exception {
    try (EmbeddedSpanStore writer = EmbeddedSpanStore.open(folder);
        EmbeddedSpanStore other = EmbeddedSpanStore.open(folder)) {
      for (int i = 1; i < 6; i++) {
        writer.append(List.of(span(i, i, now + i)));
        assertThat(compact(other).segments()).isEqualTo(1);
      }
      writer.append(List.of(span(9, 9, now)));
      assertThat(ids(other)).hasSize(6);
    }
  }

  @Test
  void compact_whileOthersAppendAndRead_noSpanIsMissedForAMoment() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (EmbeddedSpanStore writer = EmbeddedSpanStore.open(folder);
        EmbeddedSpanStore reader = EmbeddedSpanStore.open(folder);
        EmbeddedSpanStore compactor = EmbeddedSpanStore.open(folder)) {
      Thread compacting =
          Thread.ofPlatform()
              .start(() -> {
                while (!done.get()) {
                  try {
                    var _ = compactor.compact(at(_ -> false));
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                }
              });
      List<String> acknowledged = new ArrayList<>();
      for (int i = 1; i <= 150; i++) {
        SpanRecord span = span(1 + i / 3, i, now + i);
        writer.append(List.of(span));
        acknowledged.add(span.traceId());
        if (i % 10 == 0) {
          assertThat(reader.latestTraceIds(1_000)).containsAll(acknowledged);
        }
      }
      done.set(true);
      compacting.join();
      assertThat(ids(reader)).hasSize(150);
    }
  }

  @Test
  void query_damagedBlock_isLeftOutAndReported() throws Exception {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      store.append(List.of(span(1, 1, now)));
      compact(store);
      Path block = files("blocks", ".parquet").getFirst();
      store.append(List.of(span(2, 2, now)));
      compact(store);
      byte[] bytes = Files.readAllBytes(block);
      bytes[bytes.length / 2] ^= 1;
      Files.write(block, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    }
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      assertThat(store.latestTraceIds(10)).containsExactly("%032x".formatted(2));
      assertThat(store.trace("%032x".formatted(1))).isEmpty();
      assertThat(store.damagedBlocks())
          .singleElement()
          .asString()
          .contains("damaged (its checksum differs); its 1 spans were left out");
    }
  }

  @Test
  void columnsFile_anyByteOfItWrong_isPassedOver() throws Exception {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      store.append(List.of(span(1, 1, now), span(1, 2, now + 1), span(2, 3, now + 2)));
      compact(store);
      assertThat(store.check().problems()).isEmpty();
    }
    Path columns = files("blocks", ".columns").getFirst();
    byte[] bytes = Files.readAllBytes(columns);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 60; i++) {
      // The directory and the footer, whose bytes are few, as often as the columns.
      int at = i % 2 == 0 ? random.nextInt(bytes.length) : bytes.length - 1 - random.nextInt(300);
      byte[] wrong = bytes.clone();
      wrong[at] ^= (byte) (1 << at % 8);
      Files.write(columns, i % 5 == 0 ? Arrays.copyOf(bytes, at) : wrong);
      try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
        assertThat(sumOfN(store)).as("byte %d of %d", at, bytes.length).isEqualTo(6);
        assertThat(store.check().problems())
            .singleElement()
            .asString()
            .contains(columns.toString(), "nothing is lost, it can be removed");
      }
    }
  }

  @Test
  void columnsFile_ofAnotherBlock_isPassedOver() throws Exception {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      store.append(List.of(span(1, 1, now)));
      compact(store);
      store.append(List.of(span(2, 2, now)));
      compact(store);
    }
    List<Path> columns = files("blocks", ".columns");
    Files.copy(columns.getFirst(), columns.getLast(), StandardCopyOption.REPLACE_EXISTING);
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      assertThat(sumOfN(store)).isEqualTo(3);
    }
  }

  private static double sumOfN(EmbeddedSpanStore store) {
    SpanField n = new SpanField.Attribute(SpanField.Scope.SPAN, "n");
    return store
        .aggregate(
            new SpanAggregate(
                new SpanWindow.Starts(0, Long.MAX_VALUE),
                0,
                Long.MAX_VALUE,
                new SpanPredicate.Any(),
                Set.of(),
                SpanAggregate.Function.SUM,
                n,
                List.of(),
                List.of(),
                Instant.now().plusSeconds(60)))
        .orElseThrow()
        .getFirst()
        .numbers()
        .getFirst();
  }

  @Test
  void manifest_damagedOrNewer_isRefusedInOneLine() throws Exception {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      store.append(List.of(span(1, 1, now)));
      compact(store);
      Path manifest = folder.resolve("blocks/manifest");
      String text = Files.readString(manifest);
      Files.writeString(manifest, text.replaceFirst("block ", "blick "));
      assertThatThrownBy(() -> store.latestTraceIds(1))
          .isInstanceOf(TraceQueryException.class)
          .hasMessageContaining("damaged (its checksum differs)");
      assertThatThrownBy(() -> compact(store)).isInstanceOf(IOException.class);
      Files.writeString(manifest, text.replaceFirst("manifest 1", "manifest 2"));
      assertThatThrownBy(() -> store.latestTraceIds(1))
          .isInstanceOf(StoreFormatException.class)
          .hasMessageContaining("use a newer version");
      Files.writeString(manifest, text);
      assertThat(ids(store)).hasSize(1);
    }
  }

  @Test
  void compact_withRetention_dropsWholeBlocksOldestFirst() throws Exception {
    long day = Duration.ofDays(1).toNanos();
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      for (int age = 3; age >= 1; age--) {
        store.append(List.of(span(age, age, now - age * day)));
        compact(store);
      }
      Retention young = new Retention(Duration.ofHours(60), null, _ -> false, Duration.ZERO);
      assertThat(store.compact(young).orElseThrow().expired()).isEqualTo(1);
      assertThat(store.latestTraceIds(10))
          .containsExactly("%032x".formatted(1), "%032x".formatted(2));
      long one =
          Files.size(files("blocks", ".parquet").getFirst())
              + Files.size(files("blocks", ".columns").getFirst());
      Retention small = new Retention(null, one + one / 2, _ -> false, Duration.ZERO);
      assertThat(store.compact(small).orElseThrow().expired()).isEqualTo(1);
      assertThat(store.latestTraceIds(10)).containsExactly("%032x".formatted(1));
    }
  }

  @Test
  void compact_afterAKill_removesWhatItLeftAndLosesNothing() throws Exception {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      store.append(List.of(span(1, 1, now)));
      assertThat(store.compact(at(_ -> true))).isPresent();
      // Killed between two renames, and while it wrote a block.
      Path segment = files("segments", ".seg").getFirst();
      Files.move(segment, segment.resolveSibling(segment.getFileName() + ".gone"));
      Path draft = Files.writeString(folder.resolve("blocks/draft-0"), "half a block");
      Path unnamed = Files.writeString(folder.resolve("blocks/unnamed.parquet"), "of no manifest");
      assertThat(ids(store)).hasSize(1);
      assertThat(store.compact(at(_ -> true))).isPresent();
      assertThat(unnamed).as("a moment later somebody may read it").exists();
      for (Path each : List.of(draft, unnamed)) {
        Files.setLastModifiedTime(each, FileTime.from(Instant.now().minusSeconds(61)));
      }
      assertThat(store.compact(at(_ -> true))).isPresent();
      assertThat(draft).doesNotExist();
      assertThat(unnamed).doesNotExist();
      assertThat(segment).exists();
      assertThat(ids(store)).hasSize(1);
    }
  }

  @Test
  void blocksThatWereMerged_areRemovedAMinuteLater_alsoWhereCompactionsNeverPause()
      throws Exception {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      for (int trace = 1; trace <= 7; trace++) {
        store.append(List.of(span(trace, 1, now)));
        compact(store);
        for (Path block : files("blocks", ".parquet")) {
          Files.setLastModifiedTime(block, FileTime.from(Instant.now().minusSeconds(3_600)));
        }
      }
      store.append(List.of(span(8, 1, now)));
      compact(store);
      assertThat(files("blocks", ".parquet")).as("merged, and just let go").hasSize(8 + 1);
      for (Path block : files("blocks", ".parquet")) {
        Files.setLastModifiedTime(block, FileTime.from(Instant.now().minusSeconds(61)));
      }
      store.append(List.of(span(9, 1, now)));
      compact(store);
      assertThat(files("blocks", ".parquet")).hasSize(2);
      assertThat(ids(store)).hasSize(9);
    }
  }

  @Test
  void compact_segmentWithATornTail_keepsItForWhatMayFollow() throws Exception {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      store.append(List.of(span(1, 1, now)));
    }
    Path segment = files("segments", ".seg").getFirst();
    Files.write(segment, new byte[] {0, 0, 1}, StandardOpenOption.APPEND);
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(folder)) {
      assertThat(compact(store).segments()).isZero();
      assertThat(segment).exists();
      assertThat(ids(store)).hasSize(1);
      assertThat(compact(store).blocks()).isZero();
    }
  }
}
