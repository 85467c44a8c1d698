package dev.prguard.store.column;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Longs by row, in frames of 1,024 rows: of each frame its least value, and of each row as many
/// bits as the frame's greatest difference to that needs (frame-of-reference packing, as column
/// stores do it). Times of a day take 36 bits, few codes 2 or 3, a constant none.
public final class PackedLongs {
  static final int FRAME = 1_024;
  private static final int FRAME_SHIFT = 10;

  /// More bits than these are 64: a value then lies in eight bytes at any bit.
  private static final int MAX_BITS = 57;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int rows;

  /// By frame: the least value, the bits of a row, and where in the bytes it begins.
  private final long[] least;

  private final byte[] bits;
  private final int[] at;

  /// With seven more at the end, so that eight can always be read.
  private final byte[] packed;

  private PackedLongs(int rows, long[] least, byte[] bits, int[] at, byte[] packed) {
    this.rows = rows;
    this.least = least;
    this.bits = bits;
    this.at = at;
    this.packed = packed;
  }

  public static PackedLongs of(long... values) {
    Builder builder = new Builder(values.length);
    for (long value : values) {
      builder.add(value);
    }
    return builder.build();
  }

  public int rows() {
    return rows;
  }

  public long get(int row) {
    int frame = row >>> FRAME_SHIFT;
    int width = bits[frame];
    if (width == 0) {
      return least[frame];
    }
    int bit = (row & (FRAME - 1)) * width;
    long word = (long) WORD.get(packed, at[frame] + (bit >>> 3));
    return least[frame] + ((word >>> (bit & 7)) & (-1L >>> (64 - width)));
  }

  int frames() {
    return least.length;
  }

  /// Copies the values of a frame.
  void read(int frame, long[] into) {
    int count = Math.min(FRAME, rows - frame * FRAME);
    long base = least[frame];
    int width = bits[frame];
    if (width == 0) {
      Arrays.fill(into, 0, count, base);
      return;
    }
    long mask = -1L >>> (64 - width);
    int from = at[frame];
    int bit = 0;
    for (int i = 0; i < count; i++) {
      long word = (long) WORD.get(packed, from + (bit >>> 3));
      into[i] = base + ((word >>> (bit & 7)) & mask);
      bit += width;
    }
  }

  /// What it takes in memory, about, in bytes.
  public long bytes() {
    return packed.length + 13L * least.length + 64;
  }

  /// Reads rows that mostly ascend: of a frame a few one by one, or all at once. For one thread.
  static final class Cursor {
    private final PackedLongs longs;
    private final long[] values = new long[FRAME];

    /// The frame that is in the values; negative for none.
    private int frame = -1;

    Cursor(PackedLongs longs) {
      this.longs = longs;
    }

    /// Before a frame's rows are read.
    ///
    /// @param few whether only a few are
    void enter(int next, boolean few) {
      if (few) {
        frame = -1;
      } else {
        longs.read(next, values);
        frame = next;
      }
    }

    long get(int row) {
      return row >>> FRAME_SHIFT == frame ? values[row & (FRAME - 1)] : longs.get(row);
    }
  }

  /// Takes the values in the order of the rows.
  public static final class Builder {
    private final int capacity;
    private final long[] least;
    private final byte[] bits;
    private final int[] at;
    private byte[] packed = new byte[64];
    private int length;
    private final long[] frame = new long[FRAME];
    private final BitSet missing = new BitSet();
    private int rows;

    /// @param rows how many there will be at most
    public Builder(int rows) {
      this.capacity = rows;
      int frames = (rows + FRAME - 1) >>> FRAME_SHIFT;
      this.least = new long[frames];
      this.bits = new byte[frames];
      this.at = new int[frames];
    }

    /// @throws IndexOutOfBoundsException past the number of rows
    public void add(long value) {
      if (rows == capacity) {
        throw new IndexOutOfBoundsException(rows);
      }
      frame[rows++ & (FRAME - 1)] = value;
      if ((rows & (FRAME - 1)) == 0) {
        pack(FRAME);
      }
    }

    /// A row without a value.
    public void addMissing() {
      missing.set(rows);
      add(0);
    }

    public int rows() {
      return rows;
    }

    /// Rows without a value; null for none.
    public @Nullable BitSet missing() {
      return missing.isEmpty() ? null : missing;
    }

    public PackedLongs build() {
      int rest = rows & (FRAME - 1);
      if (rest > 0) {
        pack(rest);
      }
      int frames = (rows + FRAME - 1) >>> FRAME_SHIFT;
      return new PackedLongs(
          rows,
          least.length == frames ? least : Arrays.copyOf(least, frames),
          bits.length == frames ? bits : Arrays.copyOf(bits, frames),
          at.length == frames ? at : Arrays.copyOf(at, frames),
          Arrays.copyOf(packed, length + 7));
    }

    /// Any value will do: one that is there already takes no bits.
    private void fillMissing(int from) {
      int row = missing.nextSetBit(from);
      if (row < 0) {
        return;
      }
      int present = missing.nextClearBit(from);
      long any = present < rows ? frame[present - from] : 0;
      for (; row >= 0; row = missing.nextSetBit(row + 1)) {
        frame[row - from] = any;
      }
    }

    private void pack(int count) {
      int number = (rows - 1) >>> FRAME_SHIFT;
      fillMissing(rows - count);
      long low = frame[0];
      long high = frame[0];
      for (int i = 1; i < count; i++) {
        low = Math.min(low, frame[i]);
        high = Math.max(high, frame[i]);
      }
      // Of values far apart the difference wraps round, and so does the sum that undoes it.
      int needed = 64 - Long.numberOfLeadingZeros(high - low);
      int width = needed > MAX_BITS ? 64 : needed;
      least[number] = low;
      bits[number] = (byte) width;
      at[number] = length;
      if (width == 0) {
        return;
      }
      int bytes = (count * width + 7) >>> 3;
      // A whole word may be written at the end.
      if (length + bytes + 8 > packed.length) {
        packed = Arrays.copyOf(packed, Math.max(2 * packed.length, length + bytes + 8));
      }
      int to = length;
      long word = 0;
      int filled = 0;
      for (int i = 0; i < count; i++) {
        long value = frame[i] - low;
        word |= value << filled;
        filled += width;
        if (filled >= 64) {
          WORD.set(packed, to, word);
          to += 8;
          filled -= 64;
          word = filled == 0 ? 0 : value >>> (width - filled);
        }
      }
      WORD.set(packed, to, word);
      length += bytes;
    }
  }
}
