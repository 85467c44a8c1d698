package dev.prguard.store;

import java.util.Arrays;

/// Which texts a column of a block may have: the hashes of all of them, sorted. A few bytes a text
/// tell of most blocks that a text is not there, where the texts themselves would not fit into
/// memory.
@SuppressWarnings("ArrayRecordComponent") // never compared
record TextIndex(long[] hashes) {
  /// Of so few texts the column itself takes hardly more, and answers all comparisons.
  private static final int SMALL = 2_048;

  boolean isSmall() {
    return hashes.length <= SMALL;
  }

  /// False where it is not there; true where it is, and by chance where it is not.
  boolean mayHave(String text) {
    return Arrays.binarySearch(hashes, hash(text)) >= 0;
  }

  long bytes() {
    return 8L * hashes.length + 40;
  }

  /// FNV-1a, of 64 bits.
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  static final class Builder {
    private long[] hashes = new long[256];
    private int count;

    void add(String text) {
      if (count == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * count);
      }
      hashes[count++] = hash(text);
    }

    TextIndex build() {
      long[] sorted = Arrays.copyOf(hashes, count);
      Arrays.sort(sorted);
      return new TextIndex(sorted);
    }
  }
}
