package dev.prguard.store.column;

import java.util.Arrays;

/// Numbers the longs that it meets: 0, 1, 2, ... An open-addressing table, because a map of boxed
/// keys takes five times as long.
public final class LongIndex {
  private long[] keys = new long[64];
  private int[] slots = filled(128);
  private int size;

  private static int[] filled(int length) {
    int[] slots = new int[length];
    Arrays.fill(slots, -1);
    return slots;
  }

  public int size() {
    return size;
  }

  public long key(int number) {
    return keys[number];
  }

  /// The number of a key, which is new when it equals the size before.
  public int number(long key) {
    int slot = find(key);
    if (slots[slot] >= 0) {
      return slots[slot];
    }
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      slots = filled(4 * size);
      for (int i = 0; i < size; i++) {
        slots[find(keys[i])] = i;
      }
      slot = find(key);
    }
    keys[size] = key;
    slots[slot] = size;
    return size++;
  }

  /// -1 for one that was never met.
  public int get(long key) {
    return slots[find(key)];
  }

  private int find(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & (slots.length - 1);
    while (slots[slot] >= 0 && keys[slots[slot]] != key) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }
}
