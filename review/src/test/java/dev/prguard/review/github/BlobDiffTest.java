package dev.prguard.review.github;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.review.diff.DiffLine;
import dev.prguard.review.diff.Hunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlobDiffTest {

  @Test
  void hunks_randomFiles_turnTheOldIntoTheNew() {
    long seed = 20_261_122;
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      byte[] before = file(random);
      byte[] after = file(random);
      assertThat(apply(before, BlobDiff.hunks(before, after)))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(new String(after, ISO_8859_1));
    }
  }

  @Test
  void hunks_sameFile_areNone() {
    assertThat(BlobDiff.hunks("a\nb".getBytes(ISO_8859_1), "a\nb".getBytes(ISO_8859_1))).isEmpty();
  }

  @Test
  void hunks_twoLargeFilesWithNothingInCommon_endInTime() {
    byte[] before = numbers(0, 60_000);
    byte[] after = numbers(60_000, 120_000);
    assertThat(
            org.junit.jupiter.api.Assertions.assertTimeout(
                Duration.ofSeconds(20), () -> BlobDiff.hunks(before, after)))
        .hasSize(1);
  }

  @Test
  void hunks_fewEditsInALargeFile_areFewLines() {
    byte[] before = numbers(0, 100_000);
    byte[] after =
        new String(before, ISO_8859_1)
            .replace("\n7\n", "\nseven\n")
            .replace("\n99990\n", "\n")
            .getBytes(ISO_8859_1);
    List<Hunk> hunks = BlobDiff.hunks(before, after);
    assertThat(hunks).hasSize(2);
    assertThat(
            hunks.stream()
                .flatMap(h -> h.lines().stream())
                .filter(l -> l.kind() != DiffLine.Kind.CONTEXT))
        .extracting(DiffLine::bytes)
        .containsExactly("7", "seven", "99990");
  }

  private static byte[] numbers(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> i + "\n")
        .collect(Collectors.joining())
        .getBytes(ISO_8859_1);
  }

  private static byte[] file(Random random) {
    String[] lines = {"a\n", "b\n", "c\r\n", "\n", "\f\n", "\u0085x\n"};
    StringBuilder file = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      file.append(lines[random.nextInt(lines.length)]);
    }
    if (random.nextInt(3) == 0) {
      file.append("end");
    }
    return file.toString().getBytes(ISO_8859_1);
  }

  private static String apply(byte[] before, List<Hunk> hunks) {
    List<String> old =
        new ArrayList<>(List.of(new String(before, ISO_8859_1).split("(?<=\n)", -1)));
    old.removeIf(String::isEmpty);
    StringBuilder out = new StringBuilder();
    int at = 0;
    int newLines = 0;
    for (Hunk hunk : hunks) {
      int start = hunk.oldCount() == 0 ? hunk.oldStart() : hunk.oldStart() - 1;
      for (; at < start; at++) {
        out.append(old.get(at));
        newLines++;
      }
      assertThat(hunk.newCount() == 0 ? hunk.newStart() : hunk.newStart() - 1).isEqualTo(newLines);
      for (DiffLine line : hunk.lines()) {
        String text = line.bytes() + (line.newline() ? "\n" : "");
        if (line.kind() != DiffLine.Kind.ADDED) {
          assertThat(text).isEqualTo(old.get(at++));
        }
        if (line.kind() != DiffLine.Kind.DELETED) {
          out.append(text);
          newLines++;
        }
      }
    }
    old.subList(at, old.size()).forEach(out::append);
    return out.toString();
  }
}
