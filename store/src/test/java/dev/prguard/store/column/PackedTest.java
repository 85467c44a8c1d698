package dev.prguard.store.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedTest {
  private static final int[] ROWS = {0, 1, 1_023, 1_024, 1_025, 5_000};

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 31, 32, 33, 56, 57, 58, 63, 64})
  void longsOfAnyWidthComeBackAsTheyWere(int bits) {
    Random random = new Random(bits);
    long base = random.nextLong();
    for (int rows : ROWS) {
      checkLongs(rows, 0, random, () -> base + (bits == 0 ? 0 : random.nextLong() >>> (64 - bits)));
      checkLongs(rows, 3, random, () -> base + (bits == 0 ? 0 : random.nextLong() >>> (64 - bits)));
    }
  }

  @Test
  void theFarthestLongsShareAFrame() {
    PackedLongs longs = PackedLongs.of(Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1);
    long[] read = new long[PackedLongs.FRAME];
    longs.read(0, read);
    assertThat(read).startsWith(Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1);
  }

  @Test
  void rowsOfLongsAreFoundWhateverTheFramesHold() {
    Random random = new Random(5);
    for (int rows : ROWS) {
      // Ascending as times are, constant, or anything.
      long[] ascending = new long[rows];
      long[] any = new long[rows];
      for (int row = 0; row < rows; row++) {
        ascending[row] = row * 10L + random.nextInt(100);
        any[row] = row < 1_024 ? 7 : random.nextLong();
      }
      for (long[] values : new long[][] {ascending, any}) {
        for (int i = 0; i < 50; i++) {
          long least = i == 0 ? Long.MIN_VALUE : random.nextInt(Math.max(1, rows * 10));
          long most = i == 1 ? Long.MAX_VALUE : least + random.nextInt(Math.max(1, rows * 10));
          BitSet right = new BitSet();
          for (int row = 0; row < rows; row++) {
            right.set(row, values[row] >= least && values[row] <= most);
          }
          PackedLongs longs = PackedLongs.of(values);
          assertThat(Rows.ofLongs(longs, least, most, true)).isEqualTo(right);
          right.flip(0, rows);
          assertThat(Rows.ofLongs(longs, least, most, false)).isEqualTo(right);
        }
      }
    }
  }

  private static void checkLongs(int rows, int missingOneOf, Random random, LongSupplier values) {
    PackedLongs.Builder builder = new PackedLongs.Builder(rows);
    long[] expected = new long[rows];
    BitSet missing = new BitSet();
    for (int row = 0; row < rows; row++) {
      if (missingOneOf > 0 && random.nextInt(missingOneOf) == 0) {
        missing.set(row);
        builder.addMissing();
      } else {
        expected[row] = values.getAsLong();
        builder.add(expected[row]);
      }
    }
    PackedLongs longs = builder.build();
    assertThat(builder.missing()).isEqualTo(missing.isEmpty() ? null : missing);
    assertThat(longs.rows()).isEqualTo(rows);
    long[] frame = new long[PackedLongs.FRAME];
    for (int row = 0; row < rows; row++) {
      if (row % PackedLongs.FRAME == 0) {
        longs.read(row / PackedLongs.FRAME, frame);
      }
      if (!missing.get(row)) {
        assertThat(longs.get(row)).isEqualTo(expected[row]);
        assertThat(frame[row % PackedLongs.FRAME]).isEqualTo(expected[row]);
      }
    }
  }

  @Test
  void doublesOfAnyKindComeBackToTheLastBit() {
    Random random = new Random(7);
    double[] odd = {
      0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 1e300, 1 / 3.
    };
    checkDoubles(random, () -> random.nextInt(50_000_000) / 1e9);
    checkDoubles(random, () -> -random.nextInt(1_000_000) / 1e3);
    checkDoubles(random, random::nextDouble);
    checkDoubles(random, () -> Double.longBitsToDouble(random.nextLong()));
    checkDoubles(
        random, () -> random.nextInt(700) == 0 ? odd[random.nextInt(odd.length)] : 0.000123456);
  }

  private static void checkDoubles(Random random, DoubleSupplier values) {
    for (int rows : ROWS) {
      PackedDoubles.Builder builder = new PackedDoubles.Builder(rows);
      double[] expected = new double[rows];
      BitSet missing = new BitSet();
      for (int row = 0; row < rows; row++) {
        if (random.nextInt(4) == 0) {
          missing.set(row);
          builder.addMissing();
        } else {
          expected[row] = values.getAsDouble();
          builder.add(expected[row]);
        }
      }
      PackedDoubles doubles = builder.build();
      double[] frame = new double[PackedLongs.FRAME];
      for (int row = 0; row < rows; row++) {
        if (row % PackedLongs.FRAME == 0) {
          doubles.read(row / PackedLongs.FRAME, frame);
        }
        if (!missing.get(row)) {
          long bits = Double.doubleToRawLongBits(expected[row]);
          assertThat(Double.doubleToRawLongBits(doubles.get(row))).isEqualTo(bits);
          assertThat(Double.doubleToRawLongBits(frame[row % PackedLongs.FRAME])).isEqualTo(bits);
        }
      }
    }
  }

  @Test
  void timesPricesAndCodesTakeLittle() {
    Random random = new Random(1);
    int rows = 100_000;
    PackedLongs.Builder times = new PackedLongs.Builder(rows);
    PackedLongs.Builder codes = new PackedLongs.Builder(rows);
    PackedDoubles.Builder prices = new PackedDoubles.Builder(rows);
    for (int row = 0; row < rows; row++) {
      times.add(1_763_900_000_000_000_000L + row * 86_400_000L + random.nextInt(1_000_000));
      codes.add(random.nextInt(5));
      if (random.nextBoolean()) {
        prices.add(random.nextInt(30_000_000) / 1e9);
      } else {
        prices.addMissing();
      }
    }
    assertThat(times.build().bytes()).isLessThan(rows * 5L);
    assertThat(codes.build().bytes()).isLessThan(rows / 2);
    assertThat(prices.build().bytes()).isLessThan(rows * 7L / 2);
  }

  @Test
  void moreRowsThanSaidAreRefused() {
    PackedLongs.Builder builder = new PackedLongs.Builder(1);
    builder.add(5);
    assertThatThrownBy(() -> builder.add(6)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
