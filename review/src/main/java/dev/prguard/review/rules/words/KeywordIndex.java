package dev.prguard.review.rules.words;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/// Finds all keywords of all rules in one pass over a line (Aho-Corasick), whatever their number,
/// without regard to ASCII case. Immutable.
public final class KeywordIndex {

  /// Called at the end of each keyword's occurrence.
  public interface Hits {
    void hit(int owner, int end);
  }

  private static final int[] NONE = {};

  /// ASCII char to column of the transition table; column 0 is every char that no keyword has.
  private final byte[] column = new byte[128];

  private final int columns;
  private final int[] next;
  private final int[][] owners;

  /// @param keywords by owner: position in the list
  public KeywordIndex(List<List<String>> keywords) {
    int used = 1;
    int states = 1;
    for (List<String> words : keywords) {
      for (String word : words) {
        states += word.length();
        for (int i = 0; i < word.length(); i++) {
          char c = Character.toLowerCase(word.charAt(i));
          if (c >= 128) {
            throw new IllegalArgumentException("keyword: " + word + " (expected: ASCII)");
          }
          if (column[c] == 0) {
            column[c] = (byte) used++;
          }
        }
      }
    }
    for (char c = 'A'; c <= 'Z'; c++) {
      column[c] = column[Character.toLowerCase(c)];
    }
    columns = used;
    int[] table = new int[states * columns];
    int[][] outputs = new int[states][];
    Arrays.fill(outputs, NONE);
    int size = 1;
    for (int owner = 0; owner < keywords.size(); owner++) {
      for (String word : keywords.get(owner)) {
        int state = 0;
        for (char c : word.toLowerCase(Locale.ROOT).toCharArray()) {
          int at = state * columns + column[c];
          if (table[at] == 0) {
            table[at] = size++;
          }
          state = table[at];
        }
        outputs[state] = with(outputs[state], owner);
      }
    }
    link(table, outputs, size);
    next = Arrays.copyOf(table, size * columns);
    owners = Arrays.copyOf(outputs, size);
  }

  /// Turns the trie into an automaton: a missing edge goes where the longest suffix would go.
  private void link(int[] table, int[][] outputs, int size) {
    int[] fail = new int[size];
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    for (int c = 0; c < columns; c++) {
      if (table[c] != 0) {
        queue.add(table[c]);
      }
    }
    while (!queue.isEmpty()) {
      int state = queue.remove();
      for (int owner : outputs[fail[state]]) {
        outputs[state] = with(outputs[state], owner);
      }
      for (int c = 0; c < columns; c++) {
        int at = state * columns + c;
        int suffix = table[fail[state] * columns + c];
        if (table[at] == 0) {
          table[at] = suffix;
        } else {
          fail[table[at]] = suffix;
          queue.add(table[at]);
        }
      }
    }
  }

  private static int[] with(int[] owners, int owner) {
    for (int known : owners) {
      if (known == owner) {
        return owners;
      }
    }
    int[] grown = Arrays.copyOf(owners, owners.length + 1);
    grown[owners.length] = owner;
    return grown;
  }

  public void scan(CharSequence text, Hits hits) {
    int state = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      state = next[state * columns + (c < 128 ? column[c] : 0)];
      for (int owner : owners[state]) {
        hits.hit(owner, i + 1);
      }
    }
  }

  /// The owners whose keywords are in the text, ascending, without doubles.
  public int[] owners(CharSequence text) {
    BitSet found = null;
    int state = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      state = next[state * columns + (c < 128 ? column[c] : 0)];
      int[] here = owners[state];
      if (here.length > 0) {
        if (found == null) {
          found = new BitSet();
        }
        for (int owner : here) {
          found.set(owner);
        }
      }
    }
    return found == null ? NONE : found.stream().toArray();
  }
}
