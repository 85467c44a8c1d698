package dev.prguard.review.diff;

/// How much diff is read at most, so that hostile input stays in bounded memory.
///
/// @param maxBytes bytes of the diff's text
/// @param maxLines lines of the diff's text
public record DiffLimits(long maxBytes, long maxLines) {

  /// 64 MiB and 2,000,000 lines.
  public static final DiffLimits DEFAULT = new DiffLimits(64L << 20, 2_000_000);

  public DiffLimits {
    requireInRange("maxBytes", maxBytes);
    requireInRange("maxLines", maxLines);
  }

  private static void requireInRange(String name, long value) {
    // A diff is held in one array, whose length is an int.
    if (value < 1 || value > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: 1 to " + (Integer.MAX_VALUE - 16) + ")");
    }
  }
}
