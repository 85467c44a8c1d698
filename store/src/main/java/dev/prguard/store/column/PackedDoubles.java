package dev.prguard.store.column;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Doubles by row. Most are decimals of few places, as prices are: a frame whose values are all a
/// whole number over one power of ten, to the last bit, is kept as these numbers (after A. Afroozeh
/// and others, "ALP: Adaptive Lossless floating-Point Compression", 2023); any other as it is.
public final class PackedDoubles {
  private static final double[] POWERS = {1, 1e3, 1e6, 1e9, 1e12};

  /// Beyond, not each whole number is a double.
  private static final double MAX_WHOLE = 1L << 53;

  private static final byte AS_THEY_ARE = -1;

  private final PackedLongs numbers;

  /// By frame: a place in the powers, or [#AS_THEY_ARE].
  private final byte[] scales;

  private PackedDoubles(PackedLongs numbers, byte[] scales) {
    this.numbers = numbers;
    this.scales = scales;
  }

  public int rows() {
    return numbers.rows();
  }

  public double get(int row) {
    return value(numbers.get(row), scales[row / PackedLongs.FRAME]);
  }

  private static double value(long number, byte scale) {
    return scale == AS_THEY_ARE ? Double.longBitsToDouble(number) : number / POWERS[scale];
  }

  /// Copies the values of a frame.
  void read(int frame, double[] into) {
    long[] whole = new long[PackedLongs.FRAME];
    numbers.read(frame, whole);
    for (int i = 0; i < whole.length; i++) {
      into[i] = value(whole[i], scales[frame]);
    }
  }

  public long bytes() {
    return numbers.bytes() + scales.length;
  }

  int storedBytes() {
    return scales.length + numbers.storedBytes();
  }

  void store(ByteBuffer into) {
    numbers.store(into);
    into.put(scales);
  }

  /// As [PackedLongs#load].
  static PackedDoubles load(ByteBuffer from) {
    PackedLongs numbers = PackedLongs.load(from);
    byte[] scales = new byte[numbers.frames()];
    from.get(scales);
    for (byte scale : scales) {
      if (scale != AS_THEY_ARE && (scale < 0 || scale >= POWERS.length)) {
        throw new IllegalArgumentException("scale " + scale);
      }
    }
    return new PackedDoubles(numbers, scales);
  }

  /// As that of [PackedLongs].
  static final class Cursor {
    private final PackedDoubles doubles;
    private final PackedLongs.Cursor numbers;
    private byte scale;

    Cursor(PackedDoubles doubles) {
      this.doubles = doubles;
      this.numbers = new PackedLongs.Cursor(doubles.numbers);
    }

    void enter(int frame, boolean few) {
      numbers.enter(frame, few);
      scale = doubles.scales[frame];
    }

    /// @param row of the frame that was entered
    double get(int row) {
      return value(numbers.get(row), scale);
    }
  }

  /// Takes the values in the order of the rows.
  public static final class Builder {
    private final PackedLongs.Builder numbers;
    private final double[] frame = new double[PackedLongs.FRAME];
    private final byte[] scales;
    private final BitSet missing = new BitSet();
    private int rows;

    /// What the frame before had.
    private byte scale;

    /// @param rows how many there will be at most
    public Builder(int rows) {
      this.numbers = new PackedLongs.Builder(rows);
      this.scales = new byte[(rows + PackedLongs.FRAME - 1) / PackedLongs.FRAME];
    }

    public void add(double value) {
      frame[rows++ % PackedLongs.FRAME] = value;
      if (rows % PackedLongs.FRAME == 0) {
        pack(PackedLongs.FRAME);
      }
    }

    public void addMissing() {
      missing.set(rows);
      // What each scale fits.
      add(0);
    }

    /// As that of [PackedLongs].
    public @Nullable BitSet missing() {
      return missing.isEmpty() ? null : missing;
    }

    public PackedDoubles build() {
      if (rows % PackedLongs.FRAME > 0) {
        pack(rows % PackedLongs.FRAME);
      }
      PackedLongs longs = numbers.build();
      return new PackedDoubles(longs, Arrays.copyOf(scales, longs.frames()));
    }

    private void pack(int count) {
      int first = rows - count;
      if (scale == AS_THEY_ARE || !fits(count, scale)) {
        scale = AS_THEY_ARE;
        for (byte next = 0; next < POWERS.length && scale == AS_THEY_ARE; next++) {
          scale = fits(count, next) ? next : AS_THEY_ARE;
        }
      }
      scales[(rows - 1) / PackedLongs.FRAME] = scale;
      for (int i = 0; i < count; i++) {
        if (missing.get(first + i)) {
          numbers.addMissing();
        } else {
          numbers.add(
              scale == AS_THEY_ARE
                  ? Double.doubleToRawLongBits(frame[i])
                  : (long) Math.rint(frame[i] * POWERS[scale]));
        }
      }
    }

    /// Whether each value comes back, bit by bit: so NaN, infinities and -0 do not fit.
    private boolean fits(int count, byte scale) {
      for (int i = 0; i < count; i++) {
        double whole = Math.rint(frame[i] * POWERS[scale]);
        if (!(Math.abs(whole) <= MAX_WHOLE)
            || Double.doubleToRawLongBits((long) whole / POWERS[scale])
                != Double.doubleToRawLongBits(frame[i])) {
          return false;
        }
      }
      return true;
    }
  }
}
