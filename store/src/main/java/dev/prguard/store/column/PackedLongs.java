package dev.prguard.store.column;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Longs by row, in frames of 1,024 rows: of each frame its least value, and of each row as many
/// bits as the frame's greatest difference to that needs (frame-of-reference packing, as column
/// stores do it). Times of a day take 36 bits, few codes 2 or 3, a constant none.
public final class PackedLongs {
  static final int FRAME = 1_024;
  private static final int FRAME_SHIFT = 10;

  private final int rows;

  /// By frame: the least value, the bits of a row, and the word where it begins.
  private final long[] least;

  private final byte[] bits;
  private final int[] at;

  private final long[] words;

  private PackedLongs(int rows, long[] least, byte[] bits, int[] at, long[] words) {
    this.rows = rows;
    this.least = least;
    this.bits = bits;
    this.at = at;
    this.words = words;
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
    int word = at[frame] + (bit >>> 6);
    int shift = bit & 63;
    long value = words[word] >>> shift;
    if (shift + width > 64) {
      value |= words[word + 1] << (64 - shift);
    }
    return least[frame] + (value & (-1L >>> (64 - width)));
  }

  int frames() {
    return least.length;
  }

  /// The least value of a frame.
  long least(int frame) {
    return least[frame];
  }

  /// A value that none of a frame's is over; less than the least one where that is past all longs.
  long most(int frame) {
    return bits[frame] == 0 ? least[frame] : least[frame] + (-1L >>> (64 - bits[frame]));
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
    int next = at[frame];
    // The bits of the latest word that were not taken yet, the lowest first.
    long rest = 0;
    int left = 0;
    for (int i = 0; i < count; i++) {
      if (left >= width) {
        into[i] = base + (rest & mask);
        rest >>>= width;
        left -= width;
      } else {
        long word = words[next++];
        into[i] = base + ((rest | (word << left)) & mask);
        int taken = width - left;
        rest = taken == 64 ? 0 : word >>> taken;
        left = 64 - taken;
      }
    }
  }

  /// What it takes in memory, about, in bytes.
  public long bytes() {
    return 8L * words.length + 13L * least.length + 64;
  }

  /// What [#store] takes, in bytes.
  int storedBytes() {
    return 8 + 9 * least.length + 8 * words.length;
  }

  void store(ByteBuffer into) {
    into.putInt(rows).putInt(words.length).put(bits);
    into.asLongBuffer().put(least).put(words);
    into.position(into.position() + 8 * (least.length + words.length));
  }

  /// What [#store] wrote.
  ///
  /// @throws IllegalArgumentException when it is not
  /// @throws java.nio.BufferUnderflowException when it is cut off
  static PackedLongs load(ByteBuffer from) {
    int rows = from.getInt();
    int length = from.getInt();
    int frames = (int) ((rows + FRAME - 1L) >>> FRAME_SHIFT);
    if (rows < 0 || length < 0 || frames + 8L * (frames + (long) length) > from.remaining()) {
      throw new IllegalArgumentException(rows + " rows, " + length + " words");
    }
    byte[] bits = new byte[frames];
    from.get(bits);
    int[] at = new int[frames];
    long next = 0;
    for (int frame = 0; frame < frames; frame++) {
      if (bits[frame] < 0 || bits[frame] > 64) {
        throw new IllegalArgumentException(bits[frame] + " bits");
      }
      at[frame] = (int) next;
      long count = Math.min(FRAME, rows - (long) frame * FRAME);
      next += (count * bits[frame] + 63) >>> 6;
    }
    if (next != length) {
      throw new IllegalArgumentException(length + " words, expected " + next);
    }
    long[] least = new long[frames];
    long[] words = new long[length];
    from.asLongBuffer().get(least).get(words);
    from.position(from.position() + 8 * (frames + length));
    return new PackedLongs(rows, least, bits, at, words);
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

    /// Those of the frame that was entered, if not for few. Not to be written to.
    long[] values() {
      return values;
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
    private long[] words = new long[8];
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
          Arrays.copyOf(words, length));
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
      int width = 64 - Long.numberOfLeadingZeros(high - low);
      least[number] = low;
      bits[number] = (byte) width;
      at[number] = length;
      if (width == 0) {
        return;
      }
      int needed = (count * width + 63) >>> 6;
      if (length + needed > words.length) {
        words = Arrays.copyOf(words, Math.max(2 * words.length, length + needed));
      }
      long word = 0;
      int filled = 0;
      for (int i = 0; i < count; i++) {
        long value = frame[i] - low;
        word |= value << filled;
        filled += width;
        if (filled >= 64) {
          words[length++] = word;
          filled -= 64;
          word = filled == 0 ? 0 : value >>> (width - filled);
        }
      }
      if (filled > 0) {
        words[length++] = word;
      }
    }
  }
}
