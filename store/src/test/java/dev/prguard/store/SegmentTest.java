package dev.prguard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("one.seg");
  }

  private void write(String... payloads) throws IOException {
    try (SegmentWriter writer = SegmentWriter.create(file())) {
      for (String payload : payloads) {
        writer.append(payload.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private record Read(List<String> payloads, Segment.Reading reading) {
    SegmentProblem problem() {
      return Objects.requireNonNull(reading.problem(), "a problem was expected");
    }
  }

  private Read read(long from) {
    List<String> payloads = new ArrayList<>();
    Segment.Reading reading =
        new Segment(file())
            .read(
                from,
                (offset, payload) -> {
                  payloads.add(new String(payload, StandardCharsets.UTF_8));
                  return null;
                });
    return new Read(payloads, reading);
  }

  @Test
  void read_framesWritten_comeBackInOrder() throws Exception {
    write("one", "two", "x".repeat(1_000_000));

    Read read = read(0);

    assertThat(read.payloads()).containsExactly("one", "two", "x".repeat(1_000_000));
    assertThat(read.reading()).isEqualTo(new Segment.Reading(Files.size(file()), null));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void read_fromAnEarlierEnd_goesOnThere() throws Exception {
    try (SegmentWriter writer = SegmentWriter.create(file())) {
      writer.append(new byte[] {'a'});
      long end = read(0).reading().end();
      writer.append(new byte[] {'b'});
      assertThat(read(end).payloads()).containsExactly("b");
      assertThat(read(read(end).reading().end()).payloads()).isEmpty();
    }
  }

  @Test
  void read_cutOffAnywhere_givesTheWholeFramesBefore() throws Exception {
    write("first frame", "second frame");
    byte[] whole = Files.readAllBytes(file());
    int secondFrame = Segment.HEADER_BYTES + Segment.FRAME_HEADER_BYTES + "first frame".length();
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));

      Read read = read(0);

      List<String> expected = length < secondFrame ? List.of() : List.of("first frame");
      assertThat(read.payloads()).as("cut to %d bytes", length).isEqualTo(expected);
      if (length == secondFrame || length == Segment.HEADER_BYTES) {
        assertThat(read.reading().problem()).as("cut to %d bytes", length).isNull();
      } else {
        assertThat(read.problem().kind()).isEqualTo(SegmentProblem.Kind.TORN_TAIL);
        long firstFrame = length < Segment.HEADER_BYTES ? 0 : Segment.HEADER_BYTES;
        assertThat(read.problem().offset())
            .isEqualTo(length < secondFrame ? firstFrame : secondFrame);
      }
    }
  }

  @Test
  void read_anyBitFlipped_neverGivesAChangedFrame() throws Exception {
    write("alpha", "beta", "gamma");
    byte[] whole = Files.readAllBytes(file());
    List<String> all = List.of("alpha", "beta", "gamma");
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file(), damaged);

      Read read = read(0);

      assertThat(read.reading().problem()).as("bit %d", bit).isNotNull();
      assertThat(read.payloads())
          .as("bit %d", bit)
          .isEqualTo(all.subList(0, read.payloads().size()));
      assertThat(read.payloads().size()).isLessThan(3);
    }
  }

  @Test
  void read_randomDamage_keepsTheFramesBeforeItAndNeverThrows() throws Exception {
    long seed = 42;
    Random random = new Random(seed);
    String[] payloads = new String[20];
    for (int i = 0; i < payloads.length; i++) {
      payloads[i] = i + "-" + "p".repeat(random.nextInt(200));
    }
    write(payloads);
    byte[] whole = Files.readAllBytes(file());
    for (int round = 0; round < 500; round++) {
      byte[] damaged = whole.clone();
      int from = random.nextInt(whole.length);
      int to = Math.min(whole.length, from + 1 + random.nextInt(64));
      for (int i = from; i < to; i++) {
        damaged[i] = (byte) random.nextInt(256);
      }
      Files.write(file(), damaged);

      Read read = read(0);

      int intact = wholeFramesBefore(payloads, firstDifference(whole, damaged));
      assertThat(read.payloads())
          .as("seed %d round %d", seed, round)
          .isEqualTo(Arrays.asList(payloads).subList(0, intact));
    }
  }

  private static int firstDifference(byte[] a, byte[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  private static int wholeFramesBefore(String[] payloads, int offset) {
    int end = Segment.HEADER_BYTES;
    int frames = 0;
    for (String payload : payloads) {
      end += Segment.FRAME_HEADER_BYTES + payload.length();
      if (end > offset) {
        break;
      }
      frames++;
    }
    return frames;
  }

  @Test
  void read_zerosAfterTheLastFrame_areNoFrames() throws Exception {
    write("one");
    Files.write(file(), new byte[4096], StandardOpenOption.APPEND);

    Read read = read(0);

    assertThat(read.payloads()).containsExactly("one");
    assertThat(read.problem().kind()).isEqualTo(SegmentProblem.Kind.CORRUPT_FRAME);
  }

  @Test
  void read_hugeLength_isCorruptAndTakesNoMemory() throws Exception {
    write("one");
    byte[] huge = ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).array();
    Files.write(file(), huge, StandardOpenOption.APPEND);

    assertThat(read(0).problem())
        .isEqualTo(
            new SegmentProblem(
                file(),
                Segment.HEADER_BYTES + Segment.FRAME_HEADER_BYTES + 3,
                SegmentProblem.Kind.CORRUPT_FRAME,
                "frame length 2147483647; the rest was not read"));
  }

  @Test
  void read_newerVersionOrOtherFileOrNone_isReported() throws Exception {
    byte[] newer = Segment.header();
    newer[7] = 9;
    Files.write(file(), newer);
    assertThat(read(0).problem().kind()).isEqualTo(SegmentProblem.Kind.NEWER_VERSION);

    Files.writeString(file(), "#!/bin/sh\n");
    assertThat(read(0).problem().kind()).isEqualTo(SegmentProblem.Kind.NOT_A_SEGMENT);

    Files.delete(file());
    assertThat(read(0).problem().kind()).isEqualTo(SegmentProblem.Kind.UNREADABLE);
  }

  @Test
  void append_interruptedThread_writesAndKeepsTheFlag() throws Exception {
    try (SegmentWriter writer = SegmentWriter.create(file())) {
      Thread.currentThread().interrupt();
      writer.append(new byte[] {'a'});
      assertThat(Thread.interrupted()).isTrue();
      writer.append(new byte[] {'b'});
      writer.force();
    }
    assertThat(read(0).payloads()).containsExactly("a", "b");
  }

  @Test
  void open_diskFull_throws() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full here");
    assertThatThrownBy(() -> SegmentWriter.open(full))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
  }
}
