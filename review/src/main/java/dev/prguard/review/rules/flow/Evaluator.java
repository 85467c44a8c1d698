package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Stmt;
import dev.prguard.review.syntax.ParsedLanguage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Goes through statements and keeps what is known of the variables. Where the way is not certain,
/// both are gone and their outcomes joined.
final class Evaluator {

  final FlowModel model;
  final ParsedLanguage language;
  Definitions definitions;
  final Visits visits;
  final Sinks sinks;
  final Expressions expressions;
  private final Guards guards;
  private final Choices choices;
  private final Rounds rounds;
  final Branches branches;
  final NamedSinks named;
  private final Arguments arguments;
  final CheckedFields fields;
  final Patterns patterns;
  final Schemas schemas;
  final Handed handed;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Deque<List<Env>> loops = new ArrayDeque<>();

  /// Functions that were met and are yet to be looked at for themselves.
  private final List<Function> pending = new ArrayList<>();

  private final Effort effort;
  private Env env;
  final FlowAnalysis.Resources resources;
  private int shapes;

  Evaluator(
      FlowModel model,
      ParsedLanguage language,
      Definitions definitions,
      Effort effort,
      FlowAnalysis.Resources resources,
      OtherFiles others,
      int file,
      int text) {
    this.model = model;
    this.language = language;
    this.definitions = definitions;
    this.effort = effort;
    env = new Env(effort);
    this.resources = resources;
    sinks = new Sinks(model, definitions.modules());
    expressions = new Expressions(this);
    guards = new Guards(this);
    choices = new Choices(this);
    rounds = new Rounds(this);
    branches = new Branches(this);
    named = new NamedSinks(this);
    arguments = new Arguments(this);
    fields = new CheckedFields(this);
    patterns = new Patterns(this);
    schemas = new Schemas(this);
    handed = new Handed(this);
    visits = new Visits(this, others, file, text);
  }

  Env env() {
    return env;
  }

  void env(Env other) {
    env = other;
  }

  /// @param exits gets the states in which what is being gone through is left
  void enterLoop(List<Env> exits) {
    loops.push(exits);
  }

  void leaveLoop() {
    loops.pop();
  }

  Guards guards() {
    return guards;
  }

  /// @throws Effort.OverBudgetException when the file has had its share
  void spend(int steps) {
    effort.spend(steps);
  }

  Effort effort() {
    return effort;
  }

  int newShape(Shape shape) {
    env.shape(++shapes, shape);
    return shapes;
  }

  Rounds rounds() {
    return rounds;
  }

  /// Runs statements and then, in what they leave, every function that they define.
  void runWithFunctions(List<Stmt> statements) {
    int from = pending.size();
    sinks.around.file(definitions.functions(), statements);
    statements.forEach(this::run);
    functionsSince(from);
  }

  private void functionsSince(int from) {
    List<Function> mine = new ArrayList<>(pending.subList(from, pending.size()));
    pending.subList(from, pending.size()).clear();
    for (Function function : mine) {
      standalone(function);
    }
  }

  /// Looks at a function as if anyone could call it.
  void standalone(Function function) {
    Env outside = env;
    env = outside.copy();
    env.revive();
    for (Function.Param param : function.params()) {
      if (param.otherwise() != null) {
        expressions.evaluate(param.otherwise());
      }
      long labels = model.params().of(function, param, handed.to(function));
      Value value =
          labels == 0 && definitions.made(param.type()) != null
              ? Value.holding(newShape(Shape.MAP)).withName(param.type())
              : Value.named(
                  definitions.typed() && !param.type().isEmpty() ? param.type() : param.name());
      if (labels != 0) {
        value = value.withTaint(Taint.at(labels, param.line(), param.name()));
      }
      value = value.number(CheckedFields.isChecked(param.type()));
      boolean listed = definitions.isEnum(param.type()) || ParamSources.isPiped(param);
      value = listed ? value.known() : value;
      env.set(
          param.name(),
          handed.param(function, param, labels == 0 ? value : fields.of(value, param, function)));
    }
    if (function.receiver() != null) {
      env.set(function.receiver().name(), Value.named(function.receiver().type()));
    }
    within(function);
    Frame frame = new Frame(Names.marks(function), effort);
    frames.push(frame);
    sinks.around.enter(function);
    int from = pending.size();
    Deque<List<Env>> outer = new ArrayDeque<>(loops);
    loops.clear();
    try {
      for (Expr mark : function.marks()) {
        named.mark(mark, function);
      }
      run(function.body());
      env.join(frame.exits, false);
    } finally {
      frames.pop();
      sinks.around.leave();
      loops.addAll(outer);
    }
    functionsSince(from);
    env = outside;
  }

  /// In a script `this` goes by that name, so which class it is of is kept beside it.
  private void within(Function function) {
    Value owner = definitions.owner(function);
    if (owner != null) {
      env.set(Names.OWNER, owner);
    }
  }

  /// Runs a function for a call of it; null when its result is not known.
  ///
  /// @param receiver what a method is called on
  /// @param named arguments by name
  /// @param inPlace whether its assignments count outside: a function written at the call
  @Nullable Value inline(
      Function function,
      Value receiver,
      List<Value> args,
      Map<String, Value> named,
      boolean inPlace) {
    if (visits.isElsewhere(function)) {
      return visits.back(function, args, named);
    }
    if (!definitions.enter(function)) {
      return null;
    }
    Env outside = env;
    if (!inPlace) {
      env = outside.copy();
    }
    int from = pending.size();
    Frame frame = through(function, receiver, args, named, null);
    // Functions in it may call it: it is still running, so they do not go round for ever.
    if (pending.size() > from) {
      functionsSince(from);
    }
    definitions.leave(function);
    if (inPlace) {
      env.revive();
    } else {
      outside.takeShapes(env);
      env = outside;
    }
    Value result = frame.result;
    return result == null ? Value.UNKNOWN : result;
  }

  private Frame through(
      Function function,
      Value receiver,
      List<Value> args,
      Map<String, Value> named,
      @Nullable Boolean wanted) {
    within(function);
    Frame frame = new Frame("", effort);
    frame.wanted = wanted;
    frames.push(frame);
    sinks.around.enter(function);
    Deque<List<Env>> outer = new ArrayDeque<>(loops);
    loops.clear();
    try {
      arguments.bind(function, receiver, args, named);
      run(function.body());
      if (wanted != null && wanted) {
        // Who comes to the end has said nothing, which is no yes.
        env.die();
      }
      env.join(frame.exits, false);
    } finally {
      frames.pop();
      sinks.around.leave();
      loops.addAll(outer);
    }
    return frame;
  }

  /// The state in which a function of this file gives such an answer; null when it never does.
  @Nullable Env answered(Function function, List<Value> args, boolean wanted) {
    if (visits.isElsewhere(function) || !definitions.enter(function)) {
      return null;
    }
    Env outside = env;
    env = outside.copy();
    quietly(() -> through(function, Value.UNKNOWN, args, Map.of(), wanted));
    definitions.leave(function);
    Env there = env;
    env = outside;
    return there.isDead() ? null : there;
  }

  void run(@Nullable Stmt statement) {
    if (statement == null || env.isDead()) {
      return;
    }
    spend(1);
    switch (statement) {
      case Stmt.Evaluate(Expr value) -> {
        expressions.evaluate(value);
        guards.after(value);
      }
      case Stmt.Block(List<Stmt> statements) -> branches.block(statements);
      case Stmt.If branch -> branches.branch(branch, List.of());
      case Stmt.Loop loop -> rounds.loop(loop);
      case Stmt.ForEach loop -> rounds.forEach(loop);
      case Stmt.Switch choice -> choices.choose(choice);
      case Stmt.Try attempt -> branches.attempt(attempt);
      case Stmt.Return(Expr value, int line) -> giveBack(value, line);
      case Stmt.Leave(Stmt.Kind kind, Expr value) -> leave(kind, value);
      case Stmt.Define(Function function) -> {
        env.set(function.name(), Value.of(function, function.name()));
        pending.add(function);
      }
      case Stmt.DefineClass(var code) -> {
        if (!frames.isEmpty()) {
          definitions.local(code);
        }
        // What a struct of Go says is known to the definitions.
        if (language != ParsedLanguage.GO) {
          new ClassRun(this).run(code);
        }
      }
      case Stmt.Import(String alias, String path) -> definitions.imported(alias, path);
    }
  }

  private void giveBack(@Nullable Expr value, int line) {
    Value result = value == null ? Value.UNKNOWN : expressions.evaluate(value).through(line);
    Frame frame = frames.peek();
    if (frame != null && frame.wanted != null) {
      Boolean truth = value == null ? Boolean.FALSE : result.truth();
      if (truth == null || truth.equals(frame.wanted)) {
        if (value != null) {
          guards.assume(value, frame.wanted);
        }
        frame.exits.join(env, false);
      }
      env.die();
      return;
    }
    if (value != null && (frame == null || !frame.marks.isEmpty())) {
      sinks.returned(result, Names.dotted(value), frame == null ? "" : frame.marks, line, env);
    }
    if (frame != null) {
      frame.result = frame.result == null ? result : frame.result.or(result);
      frame.exits.join(env, false);
    }
    env.die();
  }

  private void leave(Stmt.Kind kind, @Nullable Expr value) {
    if (value != null) {
      expressions.evaluate(value);
    }
    if (kind != Stmt.Kind.THROW && !loops.isEmpty()) {
      loops.peek().add(env.copy());
    }
    env.die();
  }

  /// What a function of the file lets through of what it is given.
  Value checked(Function function, Value given, FieldForm.By how) {
    if (how == FieldForm.By.SAYS) {
      Env there = answered(function, List.of(given), true);
      Value left = there == null ? null : there.get(Arguments.first(function));
      return left == null ? given : left;
    }
    if (function.params().isEmpty() || !definitions.enter(function)) {
      return given;
    }
    Env outside = env;
    env = outside.copy();
    env.set("this.cleaned_data", given);
    Frame[] frame = new Frame[1];
    quietly(() -> frame[0] = through(function, Value.UNKNOWN, List.of(given), Map.of(), null));
    definitions.leave(function);
    Value left = how == FieldForm.By.GIVES ? frame[0].result : env.get(Arguments.first(function));
    env = outside;
    return left == null || left.equals(Value.UNKNOWN) ? given : left;
  }

  /// Runs code in an environment of its own.
  void apart(Runnable code) {
    Env outside = env;
    env = outside.copy();
    try {
      code.run();
    } finally {
      env = outside;
    }
  }

  void define(Function function) {
    pending.add(function);
  }

  /// A generator gives a value to whoever goes through it.
  void yields(Value value) {
    Frame frame = frames.peek();
    if (frame != null) {
      Value held =
          Value.holding(newShape(Shape.MAP.withAny(value)))
              .withTaints(Heap.whole(value, env).taints());
      frame.result = frame.result == null ? held : frame.result.or(held);
    }
  }

  /// Runs code without looking for itself at the functions that it defines.
  void quietly(Runnable code) {
    int from = pending.size();
    code.run();
    pending.subList(from, pending.size()).clear();
  }
}
