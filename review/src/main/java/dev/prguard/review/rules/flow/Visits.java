package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.ClassCode;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Program;
import dev.prguard.review.rules.code.Stmt;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Goes from one file into others of the same change, where a call leads there.
final class Visits {

  /// Files that one may look into.
  private static final int MAX_FILES = 12;

  private static final int MAX_HOPS = 3;

  /// A file that is gone through.
  private static final class Visited {
    final int file;
    final int text;
    final Definitions definitions;
    final TopLevel top;
    final Map<String, Env> objects = new HashMap<>();
    @Nullable Env globals;

    /// The state in which it was left for another file.
    @Nullable Env left;

    Visited(int file, int text, Definitions definitions, TopLevel top) {
      this.file = file;
      this.text = text;
      this.definitions = definitions;
      this.top = top;
    }
  }

  private record Target(Visited file, TopLevel.Callable callable) {}

  private final Evaluator all;
  private final OtherFiles others;
  private final Map<Integer, Visited> visited = new HashMap<>();
  private final Visited start;
  private Visited current;

  /// Steps in other files up to the last return, and those of all when it was left last.
  private long away;

  private long left;

  /// @param file the one that is looked at, as far as its imports go
  /// @param text the one that its lines are of
  Visits(Evaluator all, OtherFiles others, int file, int text) {
    this.all = all;
    this.others = others;
    start = new Visited(file, text, all.definitions, TopLevel.NOTHING);
    current = start;
    if (text != OtherFiles.OUTSIDE) {
      visited.put(text, current);
    }
  }

  @SuppressWarnings("ReferenceEquality") // There are no others but by that constant.
  private boolean isAlone() {
    return others == OtherFiles.NONE;
  }

  /// What a call gives that leads into another file; null when it does not, or nothing is known.
  @Nullable Value call(Expr.Call call, CallSite site) {
    if (isAlone() || call.making() || stepsAway() > others.share()) {
      return null;
    }
    OtherFiles.Place place = others.find(current.file, site.name());
    if (place == null || place.file() == current.text || !isWorthIt(site, place.file())) {
      return null;
    }
    Target target = target(place, site.args().size() + site.named().size(), MAX_HOPS);
    if (target == null) {
      return null;
    }
    Visited home = target.file();
    ClassCode owner = target.callable().owner();
    Env there = owner == null ? globals(home) : object(home, owner);
    int line = call.line();
    List<Value> args = site.args().stream().map(arg -> arg.through(line)).toList();
    Map<String, Value> named = new HashMap<>(site.named());
    named.replaceAll((_, arg) -> arg.through(line));
    return go(home, there, target.callable().function(), args, named);
  }

  private long stepsAway() {
    return isStart(current) ? away : away + all.effort().spent() - left;
  }

  /// Without a value from outside, in or out, there is nothing to be learned there.
  private boolean isWorthIt(CallSite site, int file) {
    if (others.gives(file) || !site.receiver().taints().isEmpty()) {
      return true;
    }
    for (Value arg : site.args()) {
      if (!Heap.whole(arg, all.env()).taints().isEmpty()) {
        return true;
      }
    }
    for (Value arg : site.named().values()) {
      if (!Heap.whole(arg, all.env()).taints().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Target target(OtherFiles.Place place, int args, int hops) {
    Visited file = file(place.file());
    if (file == null) {
      return null;
    }
    TopLevel.Found found = file.top.find(place.rest(), place.line(), args);
    return switch (found) {
      case TopLevel.Callable callable ->
          TopLevel.isAbstract(callable.function()) ? null : new Target(file, callable);
      case TopLevel.Imported(String name) -> {
        OtherFiles.Place next = hops == 0 ? null : others.find(file.file, name);
        yield next == null ? null : target(next, args, hops - 1);
      }
      case TopLevel.Unknown _ -> null;
    };
  }

  private @Nullable Visited file(int number) {
    Visited known = visited.get(number);
    if (known == null && visited.size() <= MAX_FILES) {
      Program program = others.program(number);
      if (program != null) {
        Definitions definitions =
            new Definitions(program.language(), program.statements(), all.definitions);
        all.spend(program.statements().size());
        known = new Visited(number, number, definitions, new TopLevel(program, definitions));
        visited.put(number, known);
      }
    }
    return known;
  }

  /// Whether a function is of another file than the one that is gone through: it was handed over.
  boolean isElsewhere(Function function) {
    return !isAlone() && others.at(function.line()) != current.text;
  }

  /// Calls a function that another file has handed over.
  @Nullable Value back(Function function, List<Value> args, Map<String, Value> named) {
    Visited home = visited.get(others.at(function.line()));
    if (home == null) {
      return null;
    }
    Env there = home.left == null ? globals(home) : home.left;
    return go(home, there, function, args, named);
  }

  private @Nullable Value go(
      Visited home, Env there, Function function, List<Value> args, Map<String, Value> named) {
    Visited from = current;
    boolean leaves = isStart(from);
    long spent = all.effort().spent();
    left = leaves ? spent : left;
    Env mine = all.env();
    Env before = from.left;
    from.left = mine;
    all.env(mine.in(there));
    enter(home);
    Value result = all.inline(function, Value.UNKNOWN, args, named, false);
    enter(from);
    if (leaves) {
      away += all.effort().spent() - spent;
    }
    from.left = before;
    mine.takeShapes(all.env());
    all.env(mine);
    return result;
  }

  private void enter(Visited file) {
    current = file;
    all.definitions = file.definitions;
    all.sinks.in(file.definitions.modules(), !isStart(file));
  }

  @SuppressWarnings("ReferenceEquality") // The same text may be gone through before and after.
  private boolean isStart(Visited file) {
    return file == start;
  }

  /// What a file's variables hold when it has been loaded.
  private Env globals(Visited file) {
    Env known = file.globals;
    if (known == null) {
      known = new Env(all.effort());
      file.globals = known;
      in(file, known, () -> file.top.statements().forEach(this::load));
    }
    return known;
  }

  /// The state in which methods of a class run.
  private Env object(Visited file, ClassCode code) {
    Env known = file.objects.get(code.name());
    if (known == null) {
      known = globals(file).copy();
      file.objects.put(code.name(), known);
      in(file, known, () -> new ClassRun(all).make(code));
    }
    return known;
  }

  private void in(Visited file, Env state, Runnable code) {
    Visited from = current;
    Env mine = all.env();
    all.env(state);
    enter(file);
    all.quietly(code);
    state.revive();
    enter(from);
    all.env(mine);
  }

  private void load(Stmt statement) {
    switch (statement) {
      case Stmt.Evaluate(Expr.Assign _), Stmt.Define _, Stmt.Import _ -> all.run(statement);
      case Stmt.Block(List<Stmt> inner) -> inner.forEach(this::load);
      default -> {}
    }
  }
}
