package dev.prguard.traceql;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/// Where the parts of a tree stand in the text: a tree is equal to that of the same query with
/// other blanks, so it does not know.
final class Positions {
  private static final Place UNKNOWN = new Place(0, 0);

  private final IdentityHashMap<Object, Place> places = new IdentityHashMap<>();
  private final Set<Object> parenthesised = Collections.newSetFromMap(new IdentityHashMap<>());

  /// @param start in characters of the query
  /// @param end after the last character
  record Place(int start, int end) {}

  /// @param part of a tree, by identity
  <T> T mark(T part, int start, int end) {
    places.put(part, new Place(start, end));
    return part;
  }

  /// Notes that a part is written in parentheses of its own.
  <T> T parenthesise(T part) {
    parenthesised.add(part);
    return part;
  }

  boolean isParenthesised(Object part) {
    return parenthesised.contains(part);
  }

  Place of(Object part) {
    return places.getOrDefault(part, UNKNOWN);
  }
}
