package dev.prguard.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prguard.store.column.PackedLongs;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceHashesTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void tracesOfABlock_areAllSaidToBeThere_andOthersSeldom(long seed) {
    Random random = new Random(seed);
    int traces = 8_000;
    PackedLongs.Builder high = new PackedLongs.Builder(traces);
    PackedLongs.Builder low = new PackedLongs.Builder(traces);
    PackedLongs.Builder zero = new PackedLongs.Builder(traces);
    long[] highs = random.longs(traces).toArray();
    for (int i = 0; i < traces; i++) {
      high.add(highs[i]);
      low.add(i);
      zero.add(0);
    }
    PackedLongs times = zero.build();

    TraceHashes hashes = TraceHashes.of(TraceIndex.of(high.build(), low.build(), times, times));

    int wrong = 0;
    for (int i = 0; i < traces; i++) {
      assertThat(hashes.mayHave(TraceHashes.hash(highs[i], i))).isTrue();
      wrong += hashes.mayHave(TraceHashes.hash(random.nextLong(), i)) ? 1 : 0;
    }
    assertThat(wrong).as("seed " + seed).isLessThan(5);
  }
}
