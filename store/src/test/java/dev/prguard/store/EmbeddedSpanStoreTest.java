package dev.prguard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.prguard.testkit.SpanStoreContract;
import dev.prguard.testkit.Spans;
import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.SpanStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedSpanStoreTest extends SpanStoreContract {
  @TempDir Path temp;

  private final Spans spans = new Spans(77);
  private final SpanRecord span = spans.next(spans.traceId());

  @Override
  protected SpanStore open() {
    return EmbeddedSpanStore.open(temp.resolve("contract"));
  }

  private Path data() {
    return temp.resolve("home/data");
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(data().resolve("segments"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void open_newFolder_isOwnersOnlyAndWithoutSegment() throws Exception {
    EmbeddedSpanStore.open(data()).close();

    for (Path created : List.of(temp.resolve("home"), data(), data().resolve("segments"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(created)))
          .isEqualTo("rwx------");
    }
    assertThat(segments()).isEmpty();
    assertThat(data().resolve("format")).hasContent("pr-guard-store 1");
  }

  @Test
  void append_clockJumpsBack_everyRunHasASegmentOfItsOwn_andIsRead() throws Exception {
    EmbeddedSpanStore.open(data()).close();
    SpanRecord later = spans.next(span.traceId());
    for (SpanRecord each : List.of(span, later)) {
      Instant at =
          Instant.parse(each.equals(span) ? "2026-11-26T12:00:00Z" : "2001-01-01T00:00:00Z");
      DataFolder folder = new DataFolder(data(), Clock.fixed(at, ZoneOffset.UTC));
      try (EmbeddedSpanStore store =
          new EmbeddedSpanStore(folder, SegmentWriter::create, 1 << 20)) {
        store.append(List.of(each));
        assertThat(store.read(store.log(), 0, 1 << 20).entries()).hasSize(1);
      }
    }
    assertThat(segments()).hasSize(2);
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data())) {
      assertThat(store.trace(span.traceId())).containsExactlyInAnyOrder(span, later);
    }
  }

  @Test
  void append_afterReopening_readsAllAndWritesASegmentOfItsOwn() throws Exception {
    SpanRecord later = spans.next(span.traceId());
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data())) {
      store.append(List.of(span));
      store.force();
    }
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data())) {
      assertThat(store.trace(span.traceId())).containsExactly(span);
      store.append(List.of(later));
      assertThat(store.trace(span.traceId())).containsExactlyInAnyOrder(span, later);
      assertThat(store.problems()).isEmpty();
    }
    assertThat(segments()).hasSize(2);
    assertThat(segments().getFirst().getFileName().toString())
        .matches("\\d{8}T\\d{6}\\.\\d{3}-" + ProcessHandle.current().pid() + "-[0-9a-f]{8}\\.seg");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(segments().getFirst())))
        .isEqualTo("rw-------");
  }

  @Test
  void append_twoStoresOnOneFolder_eachSeesTheOther() {
    SpanRecord other = spans.next(spans.traceId());
    try (EmbeddedSpanStore one = EmbeddedSpanStore.open(data());
        EmbeddedSpanStore two = EmbeddedSpanStore.open(data())) {
      one.append(List.of(span));
      two.append(List.of(other));

      assertThat(two.trace(span.traceId())).containsExactly(span);
      assertThat(one.trace(other.traceId())).containsExactly(other);
    }
  }

  @Test
  void trace_damagedSegment_readsTheRestAndReports() throws Exception {
    SpanRecord other = spans.next(span.traceId());
    try (EmbeddedSpanStore one = EmbeddedSpanStore.open(data())) {
      one.append(List.of(span));
      one.append(List.of(other));
    }
    Path damaged = segments().getFirst();
    long size = Files.size(damaged);
    try (var file = Files.newByteChannel(damaged, StandardOpenOption.WRITE)) {
      file.truncate(size - 1);
    }
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data())) {
      assertThat(store.trace(span.traceId())).containsExactly(span);
      assertThat(store.problems())
          .singleElement()
          .satisfies(problem -> {
            assertThat(problem.file()).isEqualTo(damaged);
            assertThat(problem.kind()).isEqualTo(SegmentProblem.Kind.TORN_TAIL);
          });
      store.append(List.of(other));
      assertThat(store.trace(span.traceId())).containsExactlyInAnyOrder(span, other);
    }
  }

  @Test
  void trace_foreignFileAmongTheSegments_isReportedNotRead() throws Exception {
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data())) {
      Files.writeString(data().resolve("segments/aaa.seg"), "not a segment");
      Files.write(data().resolve("segments/bbb.seg"), Segment.header());
      Files.write(
          data().resolve("segments/bbb.seg"),
          Segment.frame(new byte[] {(byte) 0xff, 1, 2}),
          StandardOpenOption.APPEND);
      store.append(List.of(span));

      assertThat(store.latestTraceIds(5)).containsExactly(span.traceId());
      assertThat(store.problems())
          .extracting(SegmentProblem::kind)
          .containsExactly(SegmentProblem.Kind.NOT_A_SEGMENT, SegmentProblem.Kind.CORRUPT_FRAME);
    }
  }

  @Test
  void open_newerFormat_isRefusedUntouched() throws Exception {
    Files.createDirectories(data());
    Files.writeString(data().resolve("format"), "pr-guard-store 7\n");

    assertThatThrownBy(() -> EmbeddedSpanStore.open(data()))
        .isInstanceOf(StoreFormatException.class)
        .hasMessage(
            "data folder %s: its format is 7, this program knows up to 1; use a newer version of it",
            data());
    try (Stream<Path> files = Files.list(data())) {
      assertThat(files).containsExactly(data().resolve("format"));
    }
    assertThat(data().resolve("format")).hasContent("pr-guard-store 7");
  }

  @Test
  void open_placeThatCannotBeAFolder_isOneClearLine() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "mine");

    assertThatThrownBy(() -> EmbeddedSpanStore.open(file))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageStartingWith("data folder " + file + ": ")
        .hasMessageNotContaining("Exception");
    assertThatThrownBy(() -> EmbeddedSpanStore.open(file.resolve("below")))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(file).hasContent("mine");
  }

  @Test
  void open_unwritableFolder_saysSo() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc here");

    assertThatThrownBy(() -> EmbeddedSpanStore.open(Path.of("/proc/pr-guard")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageStartingWith("data folder /proc/pr-guard: ");
  }

  @Test
  void append_diskFull_throwsAndTheStoreStaysUsable() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full here");
    DataFolder folder = DataFolder.open(data());
    AtomicInteger segments = new AtomicInteger();
    EmbeddedSpanStore.NewSegment next =
        file ->
            segments.getAndIncrement() == 0 ? SegmentWriter.open(full) : SegmentWriter.create(file);
    try (EmbeddedSpanStore store = new EmbeddedSpanStore(folder, next, 1 << 20)) {
      String failing = store.log();
      assertThatThrownBy(() -> store.append(List.of(span)))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("No space left");
      assertThat(store.trace(span.traceId())).isEmpty();
      assertThat(store.log()).isNotEqualTo(failing);

      store.append(List.of(span));
      assertThat(store.trace(span.traceId())).containsExactly(span);
      assertThat(store.read(store.log(), 0, 1 << 20).entries()).hasSize(1);
    }
  }

  @Test
  void append_moreThanAFrameHolds_isSplitAndReadsBack() {
    List<SpanRecord> large =
        Stream.generate(() ->
                Spans.withAttributes(
                    spans.next(span.traceId()),
                    Map.of("text", AttributeValue.of("x".repeat(3_000_000)))))
            .limit(4)
            .toList();
    try (EmbeddedSpanStore store = EmbeddedSpanStore.open(data())) {
      store.append(large);
      assertThat(store.trace(span.traceId())).containsExactlyInAnyOrderElementsOf(large);
      assertThat(store.problems()).isEmpty();
    }
  }

  @Test
  void append_closed_throws() {
    EmbeddedSpanStore store = EmbeddedSpanStore.open(data());
    store.close();
    store.close();

    assertThatThrownBy(() -> store.append(List.of(span)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("closed");
  }
}
