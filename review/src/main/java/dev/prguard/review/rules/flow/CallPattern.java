package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.words.WordTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

  /// Each with all that it can be.
  private final List<List<String>> segments;

  private final boolean call;
  private final boolean making;
  private final List<Condition> conditions;
  private final List<Condition> arrivals;

  /// Those that say what the method is called on.
  private final List<Condition> owners;

  /// Those that ask for something in what an argument holds.
  private final List<Condition> parts;

  // Made once for all languages; twice does no harm.
  private volatile @Nullable List<List<String>> words;
  private volatile @Nullable Wants wants;

  CallPattern(
      List<List<String>> segments, boolean call, boolean making, List<Condition> conditions) {
    this.segments = List.copyOf(segments);
    this.call = call;
    this.making = making;
    // In loops: thousands are made while the user waits for the first file.
    List<Condition> ordered = new ArrayList<>(conditions.size());
    List<Condition> arriving = new ArrayList<>(1);
    List<Condition> owning = new ArrayList<>(1);
    List<Condition> holding = new ArrayList<>(1);
    int tainted = 0;
    for (Condition each : conditions) {
      // What a value is made of is known; to look into its text takes longer.
      if (each.tests().contains(ArgTest.Word.TAINTED)) {
        ordered.add(tainted++, each);
      } else {
        ordered.add(each);
      }
      boolean arrives = false;
      for (ArgTest test : each.tests()) {
        arrives |= ARRIVALS.contains(test);
      }
      if (arrives) {
        arriving.add(each);
      } else if (each.path().isEmpty() && each.keys().equals(List.of("this"))) {
        owning.add(each);
      }
      if (!each.path().isEmpty()
          && !each.keys().contains("*")
          && !each.tests().contains(ArgTest.Word.ABSENT)) {
        holding.add(each);
      }
    }
    this.conditions = List.copyOf(ordered);
    arrivals = List.copyOf(arriving);
    owners = List.copyOf(owning);
    parts = List.copyOf(holding);
  }

  /// What the last part of the name can be, by which patterns are found; `*` when it can be any.
  List<String> keys() {
    return segments.getLast();
  }

  /// The last part of a name that can be but one thing, else the first that it can be.
  String key() {
    return segments.getLast().getFirst();
  }

  static List<CallPattern> parse(String text) {
    return PatternReader.parse(text);
  }

  /// Whether a condition says what the name is.
  boolean tellsName() {
    return conditions.stream().anyMatch(each -> each.keys().contains("callee"));
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

  /// The words of its name that stand in the text where it matches: of each list one.
  List<List<String>> words() {
    List<List<String>> known = words;
    if (known == null) {
      known = List.copyOf(wordsOfName());
      words = known;
    }
    return known;
  }

  /// What its conditions want of the text.
  Wants wants() {
    Wants known = wants;
    if (known == null) {
      known = Wants.of(this);
      wants = known;
    }
    return known;
  }

  private List<List<String>> wordsOfName() {
    List<List<String>> words = new ArrayList<>();
    for (List<String> segment : segments) {
      if (segment.size() == 1) {
        if (!FlowNeeds.isMade(segment.getFirst())) {
          WordTable.split(segment.getFirst()).forEach(word -> words.add(List.of(word)));
        }
        continue;
      }
      List<String> either = new ArrayList<>(segment.size());
      for (String one : segment) {
        List<String> all = WordTable.split(one);
        if (all.isEmpty()) {
          either.clear();
          break;
        }
        either.add(all.getLast());
      }
      if (!either.isEmpty()) {
        words.add(either);
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
      List<String> segment = segments.get(i);
      boolean any = segment.getFirst().equals("*");
      if (any && i == 0) {
        return end > 0;
      }
      int dot = name.lastIndexOf('.', end - 1);
      if (end < 0 || (!any && !isOne(segment, name, dot + 1, end))) {
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

  private static boolean isOne(List<String> segment, String name, int start, int end) {
    for (int i = 0; i < segment.size(); i++) {
      String one = segment.get(i);
      if (one.length() == end - start && name.startsWith(one, start)) {
        return true;
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
    return (making ? "new " : "")
        + String.join(".", segments.stream().map(List::getFirst).toList())
        + (call ? "(...)" : "");
  }
}
