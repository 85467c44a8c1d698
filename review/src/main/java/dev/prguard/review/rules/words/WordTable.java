package dev.prguard.review.rules.words;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/// Words with a number each, and which of them stand in a text. A word is what identifiers are made
/// of, ASCII letters, digits, underscores and dollar signs; texts are taken apart without a copy.
public final class WordTable {

  private static final boolean[] IN_WORD = new boolean[128];

  static {
    for (char c = 0; c < 128; c++) {
      IN_WORD[c] = Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
  }

  private final List<String> words = new ArrayList<>();

  /// Open addressing: numbers plus one, by hash.
  private int[] slots = new int[1024];

  public static boolean isWord(char c) {
    return c < 128 && IN_WORD[c];
  }

  /// The number of a word, a new one where it has none.
  public int number(String word) {
    int hash = 0;
    for (int i = 0; i < word.length(); i++) {
      hash = hash * 31 + word.charAt(i);
    }
    int at = find(word, 0, word.length(), hash);
    if (slots[at] == 0) {
      words.add(word);
      slots[at] = words.size();
      if (words.size() * 4 > slots.length) {
        grow();
      }
      return words.size() - 1;
    }
    return slots[at] - 1;
  }

  /// The number of a word, if it has one.
  public OptionalInt find(String word) {
    int slot = slots[find(word, 0, word.length(), word.hashCode())];
    return slot == 0 ? OptionalInt.empty() : OptionalInt.of(slot - 1);
  }

  private void grow() {
    slots = new int[slots.length * 2];
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      slots[find(word, 0, word.length(), word.hashCode())] = i + 1;
    }
  }

  private int find(CharSequence text, int from, int to, int hash) {
    int mask = slots.length - 1;
    int at = (hash ^ (hash >>> 15)) & mask;
    while (slots[at] != 0 && !same(words.get(slots[at] - 1), text, from, to)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private static boolean same(String word, CharSequence text, int from, int to) {
    if (word.length() != to - from) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) != text.charAt(from + i)) {
        return false;
      }
    }
    return true;
  }

  /// Called for each word of a text that has a number.
  public interface Hits {
    void hit(int number, int from, int to);
  }

  /// Sets the numbers of the words of a text.
  public void collect(String text, BitSet found) {
    scan(text, (number, _, _) -> found.set(number));
  }

  public void scan(String text, Hits hits) {
    int length = text.length();
    int i = 0;
    while (i < length) {
      char c = text.charAt(i);
      if (c >= 128 || !IN_WORD[c]) {
        i++;
        continue;
      }
      int start = i;
      int hash = 0;
      do {
        hash = hash * 31 + c;
        i++;
        if (i == length) {
          break;
        }
        c = text.charAt(i);
      } while (c < 128 && IN_WORD[c]);
      int slot = slots[find(text, start, i, hash)];
      if (slot != 0) {
        hits.hit(slot - 1, start, i);
      }
    }
  }

  /// The words that a text is made of.
  public static List<String> split(String text) {
    List<String> result = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean in = i < text.length() && isWord(text.charAt(i));
      if (in && start < 0) {
        start = i;
      } else if (!in && start >= 0) {
        result.add(text.substring(start, i));
        start = -1;
      }
    }
    return result;
  }
}
