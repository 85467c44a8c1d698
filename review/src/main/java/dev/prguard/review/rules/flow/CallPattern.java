package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.words.WordTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A pattern of a call or of a name, as rule files write it:
///
/// - `os.system(0=tainted)`: a call whose name ends in `os.system`, with a condition on an argument
/// - `new File(*=tainted)`: the making of an object
/// - `request.args`: a name that is read
/// - `*.execute(...)`: a method of anything; `(get|post)` in a name: either
/// - `*.innerHTML=(0=tainted)`: an assignment to a member
///
/// Conditions are joined by commas, all must hold: `KEY=TEST|TEST`. A key is a position, a name, a
/// position or name (`0/url`), `*` for any argument, `this` for the object of the method, `argc`,
/// `callee` for what is called, `**` for a map of Python spread over named arguments; `.key` after
/// it looks into a map or list. See [ArgTest] for tests.
///
/// A name of several parts matches at the end of a longer one: `request.args` also is
/// `flask.request.args`. A name of one part matches only itself.
final class CallPattern {

  record Condition(List<String> keys, List<String> path, List<ArgTest> tests) {}

  private static final ArgTest.Scope NOTHING = new ArgTest.Scope(0, 0);

  private static final Set<ArgTest> ARRIVALS =
      Set.of(
          ArgTest.Word.TAINTED,
          ArgTest.Word.BUILT,
          ArgTest.Word.DYNAMIC,
          ArgTest.Word.SHELL,
          ArgTest.Word.SHELL_DYNAMIC);

  private final List<String> segments;
  private final boolean call;
  private final boolean making;
  private final List<Condition> conditions;
  private final List<Condition> arrivals;

  /// Those that say what the method is called on.
  private final List<Condition> owners;

  /// Those that ask for something in what an argument holds.
  private final List<Condition> parts;

  private CallPattern(
      List<String> segments, boolean call, boolean making, List<Condition> conditions) {
    this.segments = List.copyOf(segments);
    this.call = call;
    this.making = making;
    // What a value is made of is known; to look into its text takes longer.
    this.conditions =
        conditions.stream()
            .sorted(Comparator.comparing(each -> !each.tests().contains(ArgTest.Word.TAINTED)))
            .toList();
    owners =
        this.conditions.stream()
            .filter(each -> each.keys().equals(List.of("this")) && each.path().isEmpty())
            .filter(each -> each.tests().stream().noneMatch(ARRIVALS::contains))
            .toList();
    parts =
        this.conditions.stream()
            .filter(each -> !each.path().isEmpty() && !each.keys().contains("*"))
            .filter(each -> !each.tests().contains(ArgTest.Word.ABSENT))
            .toList();
    arrivals =
        this.conditions.stream()
            .filter(condition -> condition.tests().stream().anyMatch(ARRIVALS::contains))
            .toList();
  }

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
    List<Condition> conditions = new ArrayList<>();
    if (call) {
      if (!rest.endsWith(")")) {
        throw new IllegalArgumentException("pattern: " + text + " (expected: a closing bracket)");
      }
      for (String part : split(rest.substring(open + 1, rest.length() - 1), ',')) {
        conditions.add(condition(part.strip(), text));
      }
    }
    List<CallPattern> patterns = new ArrayList<>();
    for (String each : alternatives(name)) {
      patterns.add(new CallPattern(split(each, '.'), call, making, conditions));
    }
    return patterns;
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

  private static Condition condition(String text, String whole) {
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
        path = List.copyOf(parts.subList(1, parts.size()));
      }
    }
    List<ArgTest> tests = new ArrayList<>();
    for (String test : split(text.substring(equals + 1), '|')) {
      tests.add(ArgTest.parse(test));
    }
    return new Condition(keys, path, tests);
  }

  /// The last part of the name, by which patterns are found; `*` when it can be any.
  String key() {
    return segments.getLast();
  }

  boolean isCall() {
    return call;
  }

  /// Whether a condition asks where an argument of the call comes from: then the call is where it
  /// arrives.
  boolean isArrival(CallSite site, Env env) {
    for (Condition owner : owners) {
      if (any(owner, site.receiver(), env, NOTHING) == null) {
        return false;
      }
    }
    for (Condition part : parts) {
      boolean held = false;
      for (String key : part.keys()) {
        Value value = argument(key, site);
        held |= value != null && env.shape(value.shape()) != null;
      }
      if (!held) {
        return false;
      }
    }
    for (Condition condition : arrivals) {
      for (String key : condition.keys()) {
        Value value = argument(key, site);
        if (key.equals("*")
            || (value != null
                && (condition.path().isEmpty() || env.shape(value.shape()) != null))) {
          return true;
        }
      }
    }
    return false;
  }

  boolean mayBeArrival() {
    return !arrivals.isEmpty();
  }

  boolean isMaking() {
    return making;
  }

  /// The words of its name that stand in the text where it matches.
  List<String> words() {
    List<String> words = new ArrayList<>();
    for (String segment : segments) {
      if (!FlowNeeds.isMade(segment)) {
        words.addAll(WordTable.split(segment));
      }
    }
    return words;
  }

  /// @throws com.google.re2j.PatternSyntaxException when an expression of its tests is not RE2
  void check() {
    conditions.forEach(condition -> condition.tests().forEach(ArgTest::check));
  }

  List<Condition> conditions() {
    return conditions;
  }

  /// Whether a dotted name is meant.
  boolean matches(String name) {
    int end = name.length();
    for (int i = segments.size() - 1; i >= 0; i--) {
      String segment = segments.get(i);
      if (segment.equals("*") && i == 0) {
        return end > 0;
      }
      int dot = name.lastIndexOf('.', end - 1);
      int start = dot + 1;
      if (end < 0
          || (!segment.equals("*")
              && (segment.length() != end - start || !name.startsWith(segment, start)))) {
        return false;
      }
      end = dot;
      if (i == 0) {
        return dot < 0 || segments.size() > 1;
      }
      if (dot < 0) {
        return false;
      }
    }
    return false;
  }

  /// What the conditions found: null when they do not hold, else the taint that made one of them
  /// hold, or [Found#NOTHING].
  @Nullable Found check(CallSite site, Env env, ArgTest.Scope scope) {
    Taint taint = null;
    for (Condition condition : conditions) {
      Found found = holds(condition, site, env, scope);
      if (found == null) {
        return null;
      }
      if (found.taint() != null && taint == null) {
        taint = found.taint();
      }
    }
    return taint == null ? Found.NOTHING : new Found(taint);
  }

  /// Whether the conditions on one argument hold, the others aside.
  boolean holds(String key, CallSite site, Env env) {
    for (Condition condition : conditions) {
      if (condition.keys().equals(List.of(key))
          && condition.path().isEmpty()
          && holds(condition, site, env, NOTHING) == null) {
        return false;
      }
    }
    return true;
  }

  record Found(@Nullable Taint taint) {
    static final Found NOTHING = new Found(null);
  }

  private static @Nullable Found holds(
      Condition condition, CallSite site, Env env, ArgTest.Scope scope) {
    for (String key : condition.keys()) {
      if (key.equals("*")) {
        for (Value each : all(site)) {
          Found found = any(condition, each, env, scope);
          if (found != null) {
            return found;
          }
        }
        return null;
      }
    }
    boolean given = false;
    for (String key : condition.keys()) {
      Value value = argument(key, site);
      if (value != null) {
        given = true;
        Found found = any(condition, value, env, scope);
        if (found != null) {
          return found;
        }
      }
    }
    return given ? null : any(condition, null, env, scope);
  }

  private static List<Value> all(CallSite site) {
    List<Value> all = new ArrayList<>(site.args());
    all.addAll(site.named().values());
    return all;
  }

  static @Nullable Value argument(String key, CallSite site) {
    if (key.equals("this")) {
      return site.receiver();
    }
    if (key.equals("callee")) {
      return Value.constant(site.name());
    }
    if (key.equals("argc")) {
      return Value.constant((long) site.args().size() + site.named().size());
    }
    if (Character.isDigit(key.charAt(0))) {
      int at = Integer.parseInt(key);
      return at < site.args().size() ? site.args().get(at) : null;
    }
    return site.named().get(key);
  }

  private static @Nullable Found any(
      Condition condition, @Nullable Value argument, Env env, ArgTest.Scope scope) {
    Value value = argument;
    for (String key : condition.path()) {
      Shape shape = value == null ? null : env.shape(value.shape());
      if (shape == null) {
        // An object that is not known may hold anything: nothing can be said of its parts.
        return value == null || value.constants().equals(List.of(Value.NULL))
            ? absent(condition)
            : null;
      }
      Object at = Character.isDigit(key.charAt(0)) ? (Object) Long.parseLong(key) : key;
      value = shape.has(at) ? shape.get(at) : null;
      if (value == null && !shape.rest().equals(Value.UNKNOWN)) {
        return null;
      }
    }
    for (ArgTest test : condition.tests()) {
      Found found = test.check(value, env, scope);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Found absent(Condition condition) {
    return condition.tests().contains(ArgTest.Word.ABSENT) ? Found.NOTHING : null;
  }

  @Override
  public String toString() {
    return (making ? "new " : "") + String.join(".", segments) + (call ? "(...)" : "");
  }
}
