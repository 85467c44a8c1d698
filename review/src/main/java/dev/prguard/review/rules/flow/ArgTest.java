package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.flow.CallPattern.Found;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A condition on an argument:
///
/// - `tainted`: comes from one of the rule's sources and was not made safe
/// - `built`: a text put together from known and unknown parts
/// - `dynamic`: not known to be constant, or tainted
/// - `const`: known to be constant
/// - `own`: that, or made by the program of nothing but constants
/// - `absent`: not given; `given`: it is; `unproven`: it is, and was not made safe
/// - `shell`: a list of arguments that starts a shell with a tainted command
/// - `shell-dynamic`: the same with a command that is not constant
/// - `&2`: a number that has this bit
/// - `True`, `False`, `None`, a number, `<2048`, `>100`, `'text'`: may be this
/// - `/regex/`: a constant in which it is found; `~/regex/`: a type or origin in which it is
/// - `%/regex/`: a text in whose known part it is found; `held`: a list or map
/// - `always-true`: a function that only says yes; `no-op`: one that does and says nothing
/// - `ignores/regex/`: a function in which no name or text matches
/// - `lacks/regex/`: an object of which no setting is known that matches; settings are written
///   `setSecure:true`
/// - `!test`: given, and the other test does not hold
sealed interface ArgTest {

  /// What `tainted` means for a rule.
  ///
  /// @param labels of its sources
  /// @param kind bit that a sanitiser would have set
  record Scope(long labels, long kind) {
    @Nullable Taint harm(Value value) {
      for (Taint taint : value.taints()) {
        if ((taint.labels() & labels) != 0 && (taint.cleared() & kind) == 0) {
          return taint;
        }
      }
      return null;
    }
  }

  enum Word implements ArgTest {
    TAINTED,
    BUILT,
    DYNAMIC,
    CONST,
    OWN,
    ABSENT,
    GIVEN,
    UNPROVEN,
    HELD,
    ALWAYS_TRUE,
    NO_OP,
    SHELL,
    SHELL_DYNAMIC
  }

  record Exactly(Object value) implements ArgTest {}

  record Compare(boolean less, double limit) implements ArgTest {}

  record Bit(long bit) implements ArgTest {}

  record Like(Expression pattern) implements ArgTest {}

  record Lacks(Expression pattern) implements ArgTest {}

  record Ignores(Expression pattern) implements ArgTest {}

  record Says(Expression pattern) implements ArgTest {}

  record Origin(Expression pattern) implements ArgTest {}

  record Not(ArgTest test) implements ArgTest {}

  Set<String> SHELLS =
      Set.of(
          "sh",
          "bash",
          "zsh",
          "ksh",
          "dash",
          "cmd",
          "cmd.exe",
          "powershell",
          "powershell.exe",
          "pwsh",
          "python",
          "python3",
          "node",
          "perl",
          "ruby",
          "php",
          "env",
          "su",
          "ssh");

  /// Shells that take all that follows the flag as one command; to the others it is arguments of
  /// the script, which are not read as code.
  Set<String> JOINING =
      Set.of("cmd", "cmd.exe", "powershell", "powershell.exe", "pwsh", "env", "su", "ssh");

  Set<String> FLAGS = Set.of("-c", "-C", "/c", "/C", "-e", "-Command", "-command", "-lc", "-ec");

  static ArgTest parse(String text) {
    String word = text.strip();
    if (word.startsWith("!")) {
      return new Not(parse(word.substring(1)));
    }
    if (word.startsWith("~/") && word.endsWith("/")) {
      return new Origin(new Expression(word.substring(2, word.length() - 1)));
    }
    if (word.startsWith("lacks/") && word.endsWith("/")) {
      return new Lacks(new Expression(word.substring(6, word.length() - 1)));
    }
    if (word.startsWith("ignores/") && word.endsWith("/")) {
      return new Ignores(new Expression(word.substring(8, word.length() - 1)));
    }
    if (word.startsWith("%/") && word.endsWith("/")) {
      return new Says(new Expression(word.substring(2, word.length() - 1)));
    }
    if (word.length() > 1 && word.startsWith("/") && word.endsWith("/")) {
      return new Like(new Expression(word.substring(1, word.length() - 1)));
    }
    if (word.length() > 1 && word.startsWith("'") && word.endsWith("'")) {
      return new Exactly(word.substring(1, word.length() - 1));
    }
    if (word.startsWith("&")) {
      return new Bit(Long.parseLong(word.substring(1)));
    }
    if (word.startsWith("<") || word.startsWith(">")) {
      return new Compare(word.startsWith("<"), Double.parseDouble(word.substring(1)));
    }
    if (!word.isEmpty() && (Character.isDigit(word.charAt(0)) || word.charAt(0) == '-')) {
      return new Exactly(
          word.startsWith("0o")
              ? (Object) Long.parseLong(word.substring(2), 8)
              : (Object) Long.parseLong(word));
    }
    return switch (word) {
      case "tainted" -> Word.TAINTED;
      case "built" -> Word.BUILT;
      case "dynamic" -> Word.DYNAMIC;
      case "const" -> Word.CONST;
      case "own" -> Word.OWN;
      case "absent" -> Word.ABSENT;
      case "given" -> Word.GIVEN;
      case "unproven" -> Word.UNPROVEN;
      case "held" -> Word.HELD;
      case "always-true" -> Word.ALWAYS_TRUE;
      case "no-op" -> Word.NO_OP;
      case "shell" -> Word.SHELL;
      case "shell-dynamic" -> Word.SHELL_DYNAMIC;
      case "True" -> new Exactly(true);
      case "False" -> new Exactly(false);
      case "None" -> new Exactly(Value.NULL);
      default -> throw new IllegalArgumentException("test: " + word + " (expected: see ArgTest)");
    };
  }

  /// @throws com.google.re2j.PatternSyntaxException when its expression is not RE2
  default void check() {
    switch (this) {
      case Like(Expression pattern) -> pattern.compiled();
      case Lacks(Expression pattern) -> pattern.compiled();
      case Ignores(Expression pattern) -> pattern.compiled();
      case Says(Expression pattern) -> pattern.compiled();
      case Origin(Expression pattern) -> pattern.compiled();
      case Not(ArgTest test) -> test.check();
      case Word _, Exactly _, Compare _, Bit _ -> {}
    }
  }

  /// Null when the test does not hold.
  ///
  /// @param value null when the argument is not given
  default @Nullable Found check(@Nullable Value value, Env env, Scope scope) {
    if (value == null) {
      return this == Word.ABSENT ? Found.NOTHING : null;
    }
    return switch (this) {
      case Word word -> word(word, value, env, scope);
      case Exactly(Object exact) -> value.constants().contains(exact) ? Found.NOTHING : null;
      case Compare(boolean less, double limit) -> {
        for (Object each : value.constants()) {
          if (each instanceof Number number
              && (less ? number.doubleValue() < limit : number.doubleValue() > limit)) {
            yield Found.NOTHING;
          }
        }
        yield null;
      }
      case Bit(long bit) -> {
        for (Object each : value.constants()) {
          if (each instanceof Long number && (number & bit) != 0) {
            yield Found.NOTHING;
          }
        }
        yield null;
      }
      case Like(Expression pattern) -> {
        for (Object each : value.constants()) {
          if (each instanceof String text && pattern.find(text)) {
            yield Found.NOTHING;
          }
        }
        yield null;
      }
      case Lacks(Expression pattern) -> {
        Shape shape = env.shape(value.shape());
        boolean has =
            shape != null
                && shape.entries().keySet().stream()
                    .anyMatch(key -> pattern.find(String.valueOf(key)));
        yield has ? null : Found.NOTHING;
      }
      case Ignores(Expression pattern) ->
          value.function() != null && !Bodies.mentions(value.function(), pattern)
              ? Found.NOTHING
              : null;
      case Says(Expression pattern) ->
          value.built() && pattern.find(value.skeleton())
              ? Found.NOTHING
              : new Like(pattern).check(value, env, scope);
      case Origin(Expression pattern) -> pattern.find(value.name()) ? Found.NOTHING : null;
      case Not(ArgTest test) -> test.check(value, env, scope) == null ? Found.NOTHING : null;
    };
  }

  private static @Nullable Found word(Word word, Value value, Env env, Scope scope) {
    Value whole = Heap.whole(value, env);
    Taint taint = scope.harm(whole);
    return switch (word) {
      case TAINTED -> taint == null ? null : new Found(taint);
      case BUILT -> whole.hasUnknownPart() && !isClean(whole, scope) ? found(taint, true) : null;
      case DYNAMIC ->
          found(
              taint,
              !Heap.isConstant(value, env)
                  && value.function() == null
                  && !isClean(whole, scope)
                  // What is not known of it are numbers.
                  && (!whole.built() || whole.hasUnknownPart()));
      case CONST ->
          Heap.isConstant(value, env) && !(value.single() instanceof Value.Symbol)
              ? Found.NOTHING
              : null;
      case OWN ->
          // What is in a file is not what the file is called.
          !value.name().equals("open()")
                  && (whole.own()
                      || (Heap.isConstant(value, env)
                          && Value.fromOutside(whole.taints()).isEmpty()))
              ? Found.NOTHING
              : null;
      case ABSENT -> null;
      case GIVEN -> Found.NOTHING;
      case UNPROVEN -> isClean(whole, scope) ? null : found(taint, true);
      case ALWAYS_TRUE ->
          value.function() != null && Bodies.saysYes(value.function()) ? Found.NOTHING : null;
      case NO_OP ->
          value.function() != null && Bodies.doesNothing(value.function()) ? Found.NOTHING : null;
      case HELD -> isHeld(value, env) ? Found.NOTHING : null;
      case SHELL, SHELL_DYNAMIC -> shell(word == Word.SHELL_DYNAMIC, value, env, scope);
    };
  }

  /// What came from outside, else an empty list (`isList(x) ? x : []`), is not one of the
  /// program's.
  private static boolean isHeld(Value value, Env env) {
    Shape shape = env.shape(value.shape());
    return shape != null && (value.taints().isEmpty() || !shape.isList() || shape.size() != 0);
  }

  private static @Nullable Found found(@Nullable Taint taint, boolean also) {
    return taint != null ? new Found(taint) : also ? Found.NOTHING : null;
  }

  /// Whether all that it holds from outside was made safe for this kind of sink.
  private static boolean isClean(Value value, Scope scope) {
    return !value.taints().isEmpty()
        && value.taints().stream().allMatch(taint -> (taint.cleared() & scope.kind()) != 0);
  }

  private static @Nullable Found shell(boolean dynamic, Value value, Env env, Scope scope) {
    Shape list = env.shape(value.shape());
    if (list == null || !list.isList()) {
      // One text is taken apart by the callee.
      Taint taint = list == null ? scope.harm(value) : scope.harm(Heap.whole(value, env));
      return found(taint, dynamic && list == null && !value.isConstant() && value.built());
    }
    List<Value> items = new java.util.ArrayList<>();
    for (long i = 0; i < list.size(); i++) {
      items.add(list.get(i));
    }
    if (items.isEmpty()) {
      return null;
    }
    Taint program = scope.harm(items.getFirst());
    if (program != null) {
      return new Found(program);
    }
    boolean shell = isOne(items.getFirst(), SHELLS);
    boolean joining = isOne(items.getFirst(), JOINING);
    boolean remote = isOne(items.getFirst(), Set.of("ssh"));
    boolean flag = false;
    Value before = items.getFirst();
    for (Value item : items.subList(1, items.size())) {
      Value whole = Heap.whole(item, env);
      Taint taint = scope.harm(whole);
      boolean open =
          dynamic
              && !item.isConstant()
              && !(item.built() && !item.hasUnknownPart())
              && !isClean(whole, scope);
      if (shell && flag && (taint != null || open)) {
        return found(taint, true);
      }
      if (flag && !joining && !isFlag(item)) {
        return null;
      }
      // After the host ssh takes all for one command; `docker exec box sh -c` starts a shell later.
      flag |=
          item.constants().stream().anyMatch(FLAGS::contains)
              || (remote && !dynamic && !isFlag(item) && !isFlag(before));
      shell |= isOne(item, SHELLS);
      before = item;
    }
    return null;
  }

  private static boolean isFlag(Value item) {
    return item.text() != null && String.valueOf(item.text()).startsWith("-");
  }

  private static boolean isOne(Value program, Set<String> names) {
    for (Object each : program.constants()) {
      String name = String.valueOf(each);
      if (names.contains(name.substring(name.lastIndexOf('/') + 1))) {
        return true;
      }
    }
    return false;
  }
}
