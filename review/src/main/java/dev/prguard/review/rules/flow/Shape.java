package dev.prguard.review.rules.flow;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a list, map or object holds. Immutable.
///
/// @param entries by key; a list's by position (Long)
/// @param rest what is held at keys that are not known
/// @param size of a list whose length is known, else -1
record Shape(Map<Object, Value> entries, Value rest, int size) {

  private static final int MAX_ENTRIES = 64;

  static final Shape LIST = new Shape(Map.of(), Value.UNKNOWN, 0);
  static final Shape MAP = new Shape(Map.of(), Value.UNKNOWN, -1);

  boolean isList() {
    return size >= 0;
  }

  Value get(Object key) {
    Value known = entries.get(key);
    return known != null ? known : rest;
  }

  boolean has(Object key) {
    return entries.containsKey(key);
  }

  /// Everything that it may hold, in one.
  Value any() {
    Value result = null;
    for (Value each : entries.values()) {
      result = result == null ? each : result.or(each);
    }
    return result == null ? rest : rest.equals(Value.UNKNOWN) ? result : result.or(rest);
  }

  Shape with(Object key, Value value) {
    if (entries.size() >= MAX_ENTRIES && !entries.containsKey(key)) {
      return new Shape(entries, rest.or(value.derived()), -1);
    }
    Map<Object, Value> grown = new LinkedHashMap<>(entries);
    grown.put(key, value);
    int length = key instanceof Long at && size >= 0 ? Math.max(size, at.intValue() + 1) : size;
    return new Shape(grown, rest, length);
  }

  /// At a key that is not known.
  Shape withAny(Value value) {
    Value held = value.isConstant() ? Value.UNKNOWN.known() : value.derived();
    held = held.equals(Value.UNKNOWN) ? SOMETHING : held;
    return new Shape(entries, rest.equals(Value.UNKNOWN) ? held : rest.or(held), -1);
  }

  /// Not nothing, but nothing is known of it.
  private static final Value SOMETHING = Value.named("held");

  Shape without(Object key) {
    Map<Object, Value> left = new LinkedHashMap<>(entries);
    left.remove(key);
    return new Shape(left, rest, size);
  }

  Shape add(Value value) {
    return size < 0 ? withAny(value) : with((long) size, value);
  }

  Shape insert(int position, Value value) {
    if (size < 0 || position < 0 || position > size) {
      return withAny(value);
    }
    Map<Object, Value> moved = new LinkedHashMap<>();
    for (long i = 0; i < size; i++) {
      moved.put(i < position ? i : i + 1, get(i));
    }
    moved.put((long) position, value);
    return new Shape(moved, rest, size + 1);
  }

  Shape remove(int position) {
    int at = position < 0 ? size + position : position;
    if (size < 0 || at < 0 || at >= size) {
      return this;
    }
    Map<Object, Value> moved = new LinkedHashMap<>();
    for (long i = 0; i < size; i++) {
      if (i != at) {
        moved.put(i < at ? i : i - 1, get(i));
      }
    }
    return new Shape(moved, rest, size - 1);
  }

  /// Held or not: a constant is still the program's own.
  private static Value maybe(Value value) {
    return value.isConstant() ? value.widened().known() : value;
  }

  Shape or(Shape other) {
    if (this.equals(other)) {
      return this;
    }
    Map<Object, Value> both = new LinkedHashMap<>();
    entries.forEach((key, value) -> {
      Value also = other.entries.get(key);
      both.put(key, also == null ? maybe(value) : value.or(also));
    });
    other.entries.forEach((key, value) -> both.putIfAbsent(key, maybe(value)));
    return new Shape(both, rest.or(other.rest), size == other.size ? size : -1);
  }
}
