package dev.prguard.review.rules.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Reads the patterns of rule files; see [CallPattern] for how they are written.
final class PatternReader {

  private PatternReader() {}

  /// A rule is for several languages, and each makes its own index of the same patterns.
  private static final Map<String, List<CallPattern>> PARSED = new ConcurrentHashMap<>();

  private static final int MAX_PARSED = 20_000;

  /// @throws IllegalArgumentException when the text is not such a pattern
  static List<CallPattern> parse(String text) {
    List<CallPattern> known = PARSED.get(text);
    if (known == null) {
      known = List.copyOf(read(text));
      if (PARSED.size() < MAX_PARSED) {
        PARSED.put(text, known);
      }
    }
    return known;
  }

  private static List<CallPattern> read(String text) {
    String rest = text.strip();
    boolean making = rest.startsWith("new ");
    if (making) {
      rest = rest.substring(4);
    }
    int open = callStart(rest);
    boolean call = open >= 0;
    String name = call ? rest.substring(0, open) : rest;
    List<CallPattern.Condition> conditions = new ArrayList<>();
    if (call) {
      if (!rest.endsWith(")")) {
        throw new IllegalArgumentException("pattern: " + text + " (expected: a closing bracket)");
      }
      for (String part : split(rest.substring(open + 1, rest.length() - 1), ',')) {
        conditions.add(condition(part.strip(), text));
      }
    }
    List<List<String>> segments = segments(name);
    if (segments != null) {
      return List.of(new CallPattern(segments, call, making, conditions));
    }
    List<CallPattern> patterns = new ArrayList<>();
    for (String each : alternatives(name)) {
      List<List<String>> parts = split(each, '.').stream().map(List::of).toList();
      patterns.add(new CallPattern(parts, call, making, conditions));
    }
    return patterns;
  }

  /// The parts between dots with all that each can be; null where a group has dots in it.
  private static @Nullable List<List<String>> segments(String name) {
    List<List<String>> segments = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= name.length(); i++) {
      char c = i < name.length() ? name.charAt(i) : '.';
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == '.' && depth == 0) {
        List<String> all = List.copyOf(alternatives(name.substring(start, i)));
        for (String each : all) {
          if (each.indexOf('.') >= 0) {
            return null;
          }
        }
        segments.add(all);
        start = i + 1;
      }
    }
    return segments;
  }

  /// Where the arguments begin: the first bracket after the name, which may have brackets itself.
  private static int callStart(String text) {
    int i = 0;
    while (i < text.length()) {
      if (text.charAt(i) == '(') {
        int close = closing(text, i);
        boolean group = i == 0 || text.charAt(i - 1) == '.';
        boolean empty =
            close == i + 1
                && close + 1 < text.length()
                && ".(".indexOf(text.charAt(close + 1)) >= 0;
        if (!group && !empty) {
          return i;
        }
        i = close < 0 ? text.length() : close;
      }
      i++;
    }
    return -1;
  }

  private static int closing(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  /// The parts between bars that are not in brackets of their own.
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '|';
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == '|' && depth == 0) {
        words.add(text.substring(start, i));
        start = i + 1;
      }
    }
    return words;
  }

  private static List<String> alternatives(String name) {
    int open = -1;
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) == '('
          && (i == 0 || name.charAt(i - 1) == '.')
          && closing(name, i) > i + 1) {
        open = i;
        break;
      }
    }
    int close = open < 0 ? -1 : closing(name, open);
    if (close < 0) {
      return List.of(name);
    }
    List<String> all = new ArrayList<>();
    for (String word : words(name.substring(open + 1, close))) {
      all.addAll(alternatives(name.substring(0, open) + word + name.substring(close + 1)));
    }
    return all;
  }

  /// Splits outside of `/.../` and quotes.
  private static List<String> split(String text, char at) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    char inside = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inside != 0) {
        if (c == '\\' && i + 1 < text.length()) {
          part.append(c);
          c = text.charAt(++i);
        } else if (c == inside) {
          inside = 0;
        }
      } else if (c == '\''
          || (c == '/'
              && at != '/'
              && (i == 0
                  || "=|~%!".indexOf(text.charAt(i - 1)) >= 0
                  || text.startsWith("lacks/", i - 5)
                  || text.startsWith("ignores/", i - 7)))) {
        inside = c;
      } else if (c == at) {
        parts.add(part.toString());
        part.setLength(0);
        continue;
      }
      part.append(c);
    }
    if (!part.isEmpty() || !parts.isEmpty()) {
      parts.add(part.toString());
    }
    return parts;
  }

  private static CallPattern.Condition condition(String text, String whole) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("pattern: " + whole + " (expected: KEY=TEST in brackets)");
    }
    List<String> keys = new ArrayList<>();
    List<String> path = List.of();
    for (String key : split(text.substring(0, equals), '/')) {
      List<String> parts = split(key, '.');
      keys.add(parts.getFirst());
      if (parts.size() > 1) {
        List<String> inside = List.copyOf(parts.subList(1, parts.size()));
        if (!path.isEmpty() && !path.equals(inside)) {
          throw new IllegalArgumentException(
              "pattern: "
                  + whole
                  + " (expected: one way into a value for all keys of "
                  + text
                  + ")");
        }
        path = inside;
      }
    }
    List<ArgTest> tests = new ArrayList<>();
    for (String test : split(text.substring(equals + 1), '|')) {
      tests.add(ArgTest.parse(test));
    }
    return new CallPattern.Condition(keys, path, tests);
  }
}
