package dev.prguard.review.rules.words;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which texts one of must be in whatever an expression matches: `token`, `passw` of
/// `(?i)token|passw(or)?d`. Only what is easy to see; where nothing is, there is no need.
public final class NeededText {

  private static final int SHORTEST = 3;

  private static final Pattern FLAGS = Pattern.compile("[ims]*(?:-[ims]+)?");

  private final String source;
  private int at;

  private NeededText(String source) {
    this.source = source;
  }

  /// Null when it may match without any certain text.
  public static @Nullable List<String> of(String expression) {
    String rest = expression.startsWith("(?i)") ? expression.substring(4) : expression;
    NeededText text = new NeededText(rest);
    List<String> result = text.alternatives();
    return text.at == rest.length() ? result : null;
  }

  private @Nullable List<String> alternatives() {
    List<String> all = new ArrayList<>();
    boolean certain = true;
    while (true) {
      List<String> one = sequence();
      certain &= one != null;
      if (one != null) {
        all.addAll(one);
      }
      if (at < source.length() && source.charAt(at) == '|') {
        at++;
      } else {
        return certain ? all : null;
      }
    }
  }

  /// Of its parts the one that says most.
  private @Nullable List<String> sequence() {
    List<String> best = null;
    StringBuilder literal = new StringBuilder();
    while (at < source.length() && source.charAt(at) != '|' && source.charAt(at) != ')') {
      char c = source.charAt(at);
      if (c == '(') {
        best = better(best, literal);
        literal.setLength(0);
        at++;
        if (source.startsWith("?", at)) {
          // (?:  (?i:  (?-i:
          int colon = source.indexOf(':', at);
          if (colon < 0 || !FLAGS.matches(source.substring(at + 1, colon))) {
            at = source.length() + 1; // (?i) in the middle: not easy to see
            return null;
          }
          at = colon + 1;
        }
        List<String> inner = alternatives();
        at++;
        best = isOptional() ? best : better(best, inner);
        quantifier();
      } else if (c == '[' || c == '.' || (c == '\\' && isClass())) {
        int from = at;
        skip(c);
        String either = c == '[' ? source.substring(from + 1, at - 1) : "";
        best =
            isOptional() || !isPlain(either)
                ? better(best, literal)
                : better(best, either.chars().mapToObj(e -> literal + Character.toString(e)));
        literal.setLength(0);
        quantifier();
      } else {
        if (c == '\\') {
          at++;
          c = source.charAt(at);
        }
        at++;
        if (isOptional()) {
          best = better(best, literal);
          literal.setLength(0);
        } else if (c != '^' && c != '$') {
          literal.append(c);
        }
        if (quantifier()) {
          best = better(best, literal);
          literal.setLength(0);
        }
      }
    }
    return better(best, literal);
  }

  private boolean isClass() {
    return at + 1 < source.length() && Character.isLetterOrDigit(source.charAt(at + 1));
  }

  private void skip(char c) {
    if (c == '[') {
      at++;
      if (at < source.length() && source.charAt(at) == '^') {
        at++;
      }
      do {
        at += source.charAt(at) == '\\' ? 2 : 1;
      } while (at < source.length() && source.charAt(at) != ']');
      at++;
    } else {
      at += c == '\\' ? 2 : 1;
    }
  }

  /// Whether the inside of a class is a few characters, each for itself.
  private static boolean isPlain(String inside) {
    return !inside.isEmpty()
        && inside.length() <= 4
        && "^-\\[:".chars().noneMatch(c -> inside.indexOf(c) >= 0);
  }

  private boolean isOptional() {
    return at < source.length() && "?*{".indexOf(source.charAt(at)) >= 0;
  }

  private boolean quantifier() {
    int before = at;
    while (at < source.length() && "?*+{".indexOf(source.charAt(at)) >= 0) {
      at = source.charAt(at) == '{' ? source.indexOf('}', at) + 1 : at + 1;
    }
    return at > before;
  }

  private static @Nullable List<String> better(@Nullable List<String> best, StringBuilder literal) {
    return better(best, Stream.of(literal.toString()));
  }

  private static @Nullable List<String> better(
      @Nullable List<String> best, Stream<String> literals) {
    List<String> all = literals.toList();
    return all.stream().allMatch(NeededText::isTelling) ? better(best, all) : best;
  }

  /// Whether it is not in every text.
  public static boolean isTelling(String text) {
    return text.length() >= SHORTEST
        || (text.length() == 2 && text.chars().noneMatch(c -> WordTable.isWord((char) c)));
  }

  private static @Nullable List<String> better(
      @Nullable List<String> best, @Nullable List<String> other) {
    if (best == null || other == null) {
      return best == null ? other : best;
    }
    return shortest(other) > shortest(best) ? other : best;
  }

  private static int shortest(List<String> texts) {
    return texts.stream().mapToInt(String::length).min().orElse(0);
  }
}
