package dev.prguard.trace.otlp;

import dev.prguard.trace.AttributeValue;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes one object of equal ones that come again and again: keys always, and names, ids, models
/// and prices of spans that are kept. Bounded: of two in one place the newer stays. Without locks:
/// all of them are immutable, and what one thread does not see of another costs memory only.
final class Shared {
  /// For spans that stay in memory.
  static final Shared TEXTS_AND_VALUES = new Shared(true);

  /// For spans that are gone soon: to look for a text takes longer than to have it twice.
  static final Shared KEYS = new Shared(false);

  private static final int BITS = 13;
  private static final int LIST_BITS = 8;

  /// A longer text is seldom there twice.
  private static final int LONGEST = 200;

  private static final @Nullable Object[] KEPT = new Object[1 << BITS];
  private static final @Nullable List<?>[] LISTS = new List<?>[1 << LIST_BITS];

  private final boolean all;

  private Shared(boolean all) {
    this.all = all;
  }

  String text(String text) {
    return all && text.length() <= LONGEST ? one(text) : text;
  }

  /// @param value immutable, with `equals` and `hashCode`
  <T> T value(T value) {
    return all
            && !(value instanceof AttributeValue.StringValue(String text)
                && text.length() > LONGEST)
        ? one(value)
        : value;
  }

  /// @return null where a key is there twice
  @SuppressWarnings("unchecked") // Of lists of texts only.
  static @Nullable List<String> keys(String[] keys) {
    if (keys.length == 0) {
      return List.of();
    }
    String last = keys[keys.length - 1];
    int place =
        ((last.hashCode() + 31 * keys.length + keys[0].length()) * 0x9E3779B1) >>> (32 - LIST_BITS);
    List<String> kept = (List<String>) LISTS[place];
    if (kept != null && isOf(kept, keys)) {
      return kept;
    }
    List<String> list = List.of(keys);
    if (Set.copyOf(list).size() < keys.length) {
      return null;
    }
    if (list.stream().allMatch(key -> key.length() <= LONGEST)) {
      LISTS[place] = list;
    }
    return list;
  }

  private static boolean isOf(List<String> list, String[] keys) {
    if (list.size() != keys.length) {
      return false;
    }
    for (int i = 0; i < keys.length; i++) {
      if (!list.get(i).equals(keys[i])) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("unchecked") // Equal objects are of one class here: texts, records, maps.
  private static <T> T one(T value) {
    int place = (value.hashCode() * 0x9E3779B1) >>> (32 - BITS);
    Object kept = KEPT[place];
    if (kept != null && kept.equals(value)) {
      return (T) kept;
    }
    KEPT[place] = value;
    return value;
  }
}
