package dev.prguard.review.rules.flow;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Which characters a text can have that a regular expression has let through.
///
/// Only what the expression says by its anchors, characters and classes is read; what looks around
/// is skipped, as it takes characters away and never adds any.
///
/// @param many characters that may stand there in any number, one after another
/// @param all these, and those that are written out
/// @param whole whether the expression is about the whole text, so that nothing else can be in it
/// @param start what the text begins with, whatever follows
/// @param next what may follow that
record TextPattern(BitSet many, BitSet all, boolean whole, String start, BitSet next) {

  private static final int ASCII = 128;

  /// Longer ones are not read: what each asks of the rest of the text would add up.
  private static final int MAX_LENGTH = 1_000;

  /// How much of a text a call holds against its expression.
  enum Reach {
    /// All of it: `re.fullmatch`, Java's `matches`.
    WHOLE,
    /// From its beginning: Python's `re.match`.
    START,
    /// Any part.
    PART
  }

  /// @return null for an expression that is not understood
  static @Nullable TextPattern of(String expression, Reach reach) {
    try {
      return new Reader(expression).read(reach);
    } catch (IndexOutOfBoundsException | NumberFormatException | NoSuchElementException e) {
      return null;
    }
  }

  /// What a text is made of in which the expression was *not* found: `[^\w.-]`, `[;&|]`, `\.\.`.
  ///
  /// @return the characters that it cannot have, null when that is not said by one class or a few
  ///   single characters
  static @Nullable BitSet denied(String expression) {
    try {
      return new Reader(expression).single();
    } catch (IndexOutOfBoundsException | NumberFormatException | NoSuchElementException e) {
      return null;
    }
  }

  private static final class Reader {
    private final String text;
    private int at;
    private boolean lines;
    private boolean dotAll;
    private final BitSet many = new BitSet(ASCII);
    private final Deque<BitSet> groups = new ArrayDeque<>();
    private final StringBuilder start = new StringBuilder();
    private final BitSet next = new BitSet(ASCII);
    private boolean fixed = true;

    Reader(String expression) {
      if (expression.length() > MAX_LENGTH) {
        throw new NumberFormatException("long");
      }
      text = expression;
      while (text.startsWith("(?", at)
          && text.indexOf(')', at) > 0
          && text.substring(at + 2, text.indexOf(')', at)).matches("[a-zA-Z]+")) {
        String flags = text.substring(at + 2, text.indexOf(')', at));
        lines |= flags.indexOf('m') >= 0;
        dotAll |= flags.indexOf('s') >= 0;
        at = text.indexOf(')', at) + 1;
      }
    }

    TextPattern read(Reach reach) {
      boolean begins = false;
      boolean ends = false;
      boolean split = false;
      groups.push(new BitSet(ASCII));
      while (at < text.length()) {
        char c = text.charAt(at);
        boolean outside = groups.size() == 1;
        if (c == '^' || text.startsWith("\\A", at)) {
          begins |= outside && !lines && groups.element().isEmpty();
          at += c == '^' ? 1 : 2;
        } else if (c == '$' || text.startsWith("\\z", at) || text.startsWith("\\Z", at)) {
          at += c == '$' ? 1 : 2;
          ends = outside && !lines;
        } else if (text.startsWith("\\b", at) || text.startsWith("\\B", at)) {
          at += 2;
        } else if (c == '|') {
          at++;
          fixed = false;
          split |= outside;
        } else if (c == '(') {
          open();
        } else if (c == ')') {
          at++;
          BitSet within = groups.pop();
          groups.element().or(within);
          if (times() > 1) {
            many.or(within);
          }
        } else {
          one();
          ends = false;
        }
      }
      BitSet all = groups.pop();
      // ^a|b$ is about the whole of neither.
      boolean whole = reach == Reach.WHOLE || (ends && !split && (begins || reach == Reach.START));
      boolean known = reach != Reach.PART || begins;
      return new TextPattern(many, all, whole, known && !split ? start.toString() : "", next);
    }

    /// A character, or one of a class.
    private void one() {
      BitSet set = atom();
      int times = times();
      groups.element().or(set);
      boolean single = set.cardinality() == 1;
      if (times > 1 || !single) {
        many.or(set);
      }
      if (fixed && times == 1 && single) {
        start.append((char) set.nextSetBit(0));
      } else if (fixed) {
        next.or(set);
        fixed = false;
      }
    }

    /// A group, which is gone into, or what looks around, which is skipped.
    private void open() {
      fixed = false;
      if (text.startsWith("(?=", at)
          || text.startsWith("(?!", at)
          || text.startsWith("(?<=", at)
          || text.startsWith("(?<!", at)) {
        int depth = 0;
        do {
          char c = text.charAt(at);
          if (c == '\\') {
            at++;
          } else if (c == '[') {
            atom();
            at--;
          } else {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
          }
          at++;
        } while (depth > 0);
        return;
      }
      groups.push(new BitSet(ASCII));
      if (text.startsWith("(?", at)) {
        int end = text.indexOf(text.charAt(at + 2) == ':' ? ':' : '>', at);
        if (end < 0) {
          throw new NumberFormatException(text);
        }
        at = end;
      }
      at++;
    }

    /// How often what was read may stand there: 0 for once or not at all, 2 for more than once.
    private int times() {
      if (at >= text.length()) {
        return 1;
      }
      char c = text.charAt(at);
      int times;
      if (c == '*' || c == '+' || c == '?') {
        at++;
        times = c == '?' ? 0 : 2;
      } else if (c == '{' && text.indexOf('}', at) > at) {
        String told = text.substring(at + 1, text.indexOf('}', at));
        at = text.indexOf('}', at) + 1;
        times = told.equals("1") ? 1 : told.equals("0,1") ? 0 : 2;
      } else {
        return 1;
      }
      if (at < text.length() && (text.charAt(at) == '?' || text.charAt(at) == '+')) {
        at++;
      }
      return times;
    }

    @Nullable BitSet single() {
      if (lines || at >= text.length()) {
        return null;
      }
      BitSet first = atom();
      times();
      while (at < text.length() && text.charAt(at) == '|') {
        at++;
        first.or(atom());
        times();
      }
      if (text.equals("\\.\\.") || text.equals("\\.\\.\\/") || text.equals("\\.\\./")) {
        BitSet slash = new BitSet(ASCII);
        slash.set('/');
        slash.set('\\');
        return slash;
      }
      return at == text.length() ? first : null;
    }

    private BitSet atom() {
      BitSet set = new BitSet(ASCII);
      char c = text.charAt(at++);
      switch (c) {
        case '[' -> characters(set);
        case '\\' -> escaped(set);
        case '.' -> {
          set.set(0, ASCII);
          set.set('\n', dotAll);
          set.set('\r', dotAll);
        }
        default -> add(set, c);
      }
      return set;
    }

    private void characters(BitSet set) {
      boolean others = text.charAt(at) == '^';
      if (others) {
        at++;
      }
      boolean first = true;
      while (first || text.charAt(at) != ']') {
        first = false;
        BitSet one = new BitSet(ASCII);
        char c = text.charAt(at++);
        if (c == '[' && text.startsWith(":", at)) {
          named(one);
        } else if (c == '[') {
          // A union or intersection of Java.
          throw new NumberFormatException(text);
        } else if (c == '\\') {
          escaped(one);
        } else {
          add(one, c);
        }
        if (text.charAt(at) == '-' && text.charAt(at + 1) != ']' && one.cardinality() == 1) {
          at++;
          BitSet end = new BitSet(ASCII);
          char to = text.charAt(at++);
          if (to == '\\') {
            escaped(end);
          } else {
            add(end, to);
          }
          set.set(one.nextSetBit(0), Math.max(one.nextSetBit(0), end.length() - 1) + 1);
        } else {
          set.or(one);
        }
      }
      at++;
      if (others) {
        set.flip(0, ASCII);
      }
    }

    /// `[:alnum:]`
    private void named(BitSet set) {
      int end = text.indexOf(":]", at);
      String name = text.substring(at + 1, end);
      at = end + 2;
      switch (name) {
        case "alpha", "upper", "lower" -> letters(set);
        case "digit", "xdigit" -> digits(set);
        case "alnum", "word" -> {
          letters(set);
          digits(set);
        }
        default -> set.set(0, ASCII);
      }
    }

    private void escaped(BitSet set) {
      char c = text.charAt(at++);
      switch (c) {
        case 'd' -> digits(set);
        case 'w' -> word(set);
        case 's' -> space(set);
        case 'D' -> {
          digits(set);
          set.flip(0, ASCII);
        }
        case 'W' -> {
          word(set);
          set.flip(0, ASCII);
        }
        case 'S' -> {
          space(set);
          set.flip(0, ASCII);
        }
        case 'n' -> set.set('\n');
        case 'r' -> set.set('\r');
        case 't' -> set.set('\t');
        case 'x' -> add(set, (char) Integer.parseInt(text.substring(at, at += 2), 16));
        case 'u' -> add(set, (char) Integer.parseInt(text.substring(at, at += 4), 16));
        case 'p' -> {
          boolean letter =
              text.startsWith("{L", at)
                  || text.startsWith("{N", at)
                  || text.startsWith("{Al", at)
                  || text.startsWith("{Digit", at)
                  || text.startsWith("{IsAl", at);
          at = text.indexOf('}', at) + 1;
          if (letter) {
            letters(set);
            digits(set);
          } else {
            set.set(0, ASCII);
          }
        }
        default -> add(set, c);
      }
    }

    /// Letters of other alphabets are letters.
    private static void add(BitSet set, char c) {
      set.set(c < ASCII ? c : 'a');
    }

    private static void digits(BitSet set) {
      set.set('0', '9' + 1);
    }

    private static void letters(BitSet set) {
      set.set('a', 'z' + 1);
      set.set('A', 'Z' + 1);
    }

    private static void word(BitSet set) {
      letters(set);
      digits(set);
      set.set('_');
    }

    private static void space(BitSet set) {
      " \t\r\n\f".chars().forEach(set::set);
    }
  }
}
