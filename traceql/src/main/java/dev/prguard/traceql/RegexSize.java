package dev.prguard.traceql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How large a pattern becomes once its counted repetitions are written out, before RE2/J does
/// that. Go refuses repetitions whose product is over 1000, which RE2/J builds; and a matcher takes
/// time in the size of its pattern for each character.
final class RegexSize {
  private static final int MAX_LENGTH = 50_000;
  private static final long MAX_SIZE = 20_000;
  private static final int MAX_DEPTH = 500;

  /// Of Go's regexp/syntax.
  private static final long MAX_REPEAT = 1_000;

  private final String pattern;
  private int at;

  /// Size of the group so far, of its last atom, and the largest product of repetitions in both.
  private long size;

  private long atom;
  private long repeat = 1;
  private long atomRepeat = 1;

  private record Outer(long size, long repeat) {}

  private final Deque<Outer> groups = new ArrayDeque<>();

  private RegexSize(String pattern) {
    this.pattern = pattern;
  }

  /// What is too large; null when nothing is. Whether the pattern is one at all is not asked here.
  static @Nullable String problem(String pattern) {
    if (pattern.length() > MAX_LENGTH) {
      return String.format(Locale.ROOT, "over %,d characters", MAX_LENGTH);
    }
    return new RegexSize(pattern).scan();
  }

  private @Nullable String scan() {
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      switch (c) {
        case '(' -> {
          endAtom();
          groups.push(new Outer(size, repeat));
          size = 0;
          repeat = 1;
          at++;
          if (groups.size() > MAX_DEPTH) {
            return "nested over " + MAX_DEPTH + " deep";
          }
        }
        case ')' -> {
          endAtom();
          Outer outer = groups.isEmpty() ? new Outer(0, 1) : groups.pop();
          atom = size + 2;
          atomRepeat = repeat;
          size = outer.size();
          repeat = outer.repeat();
          at++;
        }
        case '[' -> {
          endAtom();
          skipClass();
          startAtom();
        }
        case '\\' -> {
          endAtom();
          skipEscape();
          startAtom();
        }
        case '*', '+', '?', '|' -> {
          atom++;
          at++;
        }
        case '{' -> braces();
        default -> {
          endAtom();
          at++;
          startAtom();
        }
      }
      if (repeat > MAX_REPEAT || atomRepeat > MAX_REPEAT) {
        return "invalid repeat count";
      }
      if (size + atom > MAX_SIZE) {
        return String.format(Locale.ROOT, "over %,d states", MAX_SIZE);
      }
    }
    return null;
  }

  private void startAtom() {
    atom = 1;
    atomRepeat = 1;
  }

  private void endAtom() {
    size += atom;
    repeat = Math.max(repeat, atomRepeat);
    atom = 0;
    atomRepeat = 1;
  }

  /// `{n}`, `{n,}`, `{n,m}`; other braces are characters.
  private void braces() {
    int end = pattern.indexOf('}', at);
    String inside = end < 0 ? "" : pattern.substring(at + 1, Math.min(end, at + 12));
    if (!inside.matches("\\d{1,5}(,\\d{0,5})?")) {
      endAtom();
      at++;
      startAtom();
      return;
    }
    int comma = inside.indexOf(',');
    // The larger one is the last; of `{n,}` the only one.
    boolean open = comma == inside.length() - 1;
    long most =
        Long.parseLong(comma < 0 || open ? inside.replace(",", "") : inside.substring(comma + 1));
    atom = (atom + 1) * Math.max(1, most);
    atomRepeat *= Math.max(1, most);
    at = end + 1;
  }

  private void skipClass() {
    at++;
    if (at < pattern.length() && pattern.charAt(at) == '^') {
      at++;
    }
    boolean first = true;
    while (at < pattern.length() && (first || pattern.charAt(at) != ']')) {
      first = false;
      if (pattern.startsWith("[:", at)) {
        int end = pattern.indexOf(":]", at);
        at = end < 0 ? at + 2 : end + 2;
      } else if (pattern.charAt(at) == '\\') {
        at += 2;
      } else {
        at++;
      }
    }
    at = Math.min(at + 1, pattern.length());
  }

  private void skipEscape() {
    if (pattern.startsWith("\\Q", at)) {
      int end = pattern.indexOf("\\E", at);
      int after = end < 0 ? pattern.length() : end + 2;
      size += after - at;
      at = after;
      return;
    }
    at = Math.min(at + 2, pattern.length());
    if (at < pattern.length()
        && pattern.charAt(at) == '{'
        && "pPx".indexOf(pattern.charAt(at - 1)) >= 0) {
      int end = pattern.indexOf('}', at);
      at = end < 0 ? pattern.length() : end + 1;
    }
  }
}
