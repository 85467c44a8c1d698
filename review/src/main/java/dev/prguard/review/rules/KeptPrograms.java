package dev.prguard.review.rules;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/// Which programs of a change's files are kept: those that were asked for last. Not thread-safe.
final class KeptPrograms {

  /// Characters of their text; a program takes some 40 times that.
  private static final int MAX_CHARACTERS = 1_000_000;

  private final Map<Integer, Integer> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long characters;

  /// Whether it was kept before.
  ///
  /// @param dropped gets the numbers of those that make room
  boolean keep(int file, int size, IntConsumer dropped) {
    boolean known = kept.put(file, size) != null;
    characters += known ? 0 : size;
    while (characters > MAX_CHARACTERS && kept.size() > 1) {
      Map.Entry<Integer, Integer> eldest = kept.entrySet().iterator().next();
      kept.remove(eldest.getKey());
      characters -= eldest.getValue();
      dropped.accept(eldest.getKey());
    }
    return known;
  }
}
