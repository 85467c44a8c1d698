package dev.prguard.trace;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The attributes of one span in the order of their sender, immutable. The list of keys is one for
/// all spans that have the same, so that a span costs an array of its values: a map of entries
/// takes several times as much, and a store holds ten thousands of spans.
public final class Attributes extends AbstractMap<String, AttributeValue> {
  /// A key is sought one by one; more than so many take a table ([#of]).
  public static final int MAX_SIZE = 64;

  private static final Attributes EMPTY = new Attributes(List.of(), new AttributeValue[0]);

  private final List<String> keys;
  private final AttributeValue[] values;

  private Attributes(List<String> keys, AttributeValue[] values) {
    this.keys = keys;
    this.values = values;
  }

  /// @param keys immutable, no key twice, best shared; at most [#MAX_SIZE]
  /// @param values as many; no longer the caller's
  public static Map<String, AttributeValue> of(List<String> keys, AttributeValue[] values) {
    if (keys.size() != values.length || keys.size() > MAX_SIZE) {
      throw new IllegalArgumentException(keys.size() + " keys, " + values.length + " values");
    }
    return keys.isEmpty() ? EMPTY : new Attributes(keys, values);
  }

  /// Unchanged where it is immutable.
  static Map<String, AttributeValue> copy(Map<String, AttributeValue> map) {
    if (map instanceof Attributes) {
      return map;
    }
    return map.size() > MAX_SIZE
        ? Collections.unmodifiableMap(new LinkedHashMap<>(map))
        : of(List.copyOf(map.keySet()), map.values().toArray(new AttributeValue[0]));
  }

  /// The keys in their order: the same list for many spans.
  public static List<String> keys(Map<String, AttributeValue> map) {
    return map instanceof Attributes attributes ? attributes.keys : List.copyOf(map.keySet());
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public @Nullable AttributeValue get(@Nullable Object key) {
    int at = key == null ? -1 : keys.indexOf(key);
    return at < 0 ? null : values[at];
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return key != null && keys.contains(key);
  }

  @Override
  public Collection<AttributeValue> values() {
    return Collections.unmodifiableList(Arrays.asList(values));
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super AttributeValue> action) {
    for (int i = 0; i < values.length; i++) {
      action.accept(keys.get(i), values[i]);
    }
  }

  @Override
  public Set<Map.Entry<String, AttributeValue>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return values.length;
      }

      @Override
      public Iterator<Map.Entry<String, AttributeValue>> iterator() {
        return new Entries();
      }
    };
  }

  private final class Entries implements Iterator<Map.Entry<String, AttributeValue>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < values.length;
    }

    @Override
    public Map.Entry<String, AttributeValue> next() {
      if (next >= values.length) {
        throw new NoSuchElementException();
      }
      return Map.entry(keys.get(next), values[next++]);
    }
  }
}
