package dev.prguard.traceql;

import java.util.IdentityHashMap;

/// Where the parts of a tree stand in the text: a tree is equal to that of the same query with
/// other blanks, so it does not know.
final class Positions {
  private static final Place UNKNOWN = new Place(0, 0);

  private final IdentityHashMap<Object, Place> places = new IdentityHashMap<>();

  /// @param start in characters of the query
  /// @param end after the last character
  record Place(int start, int end) {}

  /// @param part of a tree, by identity
  <T> T mark(T part, int start, int end) {
    places.put(part, new Place(start, end));
    return part;
  }

  Place of(Object part) {
    return places.getOrDefault(part, UNKNOWN);
  }
}
