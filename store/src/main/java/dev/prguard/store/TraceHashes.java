package dev.prguard.store;

import java.util.Arrays;

/// Which traces a block may have: a hash of 32 bits for each, which says of nearly every trace that
/// is not there that it is not. Four bytes a trace, where [TraceIndex] takes thirty: with every
/// arrival of spans each block is asked for theirs, and so all blocks have to be at hand.
final class TraceHashes {
  private final int[] sorted;

  private TraceHashes(int[] sorted) {
    this.sorted = sorted;
  }

  static TraceHashes of(TraceIndex index) {
    int[] hashes = new int[index.traces()];
    for (int trace = 0; trace < hashes.length; trace++) {
      hashes[trace] = hash(index.high()[trace], index.low()[trace]);
    }
    Arrays.sort(hashes);
    return new TraceHashes(hashes);
  }

  /// Of a trace's id.
  static int hash(long high, long low) {
    return (int) (((high * 31 + low) * 0x9E3779B97F4A7C15L) >>> 32);
  }

  /// @param hash see [#hash]
  boolean mayHave(int hash) {
    return Arrays.binarySearch(sorted, hash) >= 0;
  }
}
