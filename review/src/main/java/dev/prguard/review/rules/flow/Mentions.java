package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Stmt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names and constants in a stretch of code, `name=x,` and `value=y,`, and the names that
/// arguments are given by, `arg:z,`, the outermost first. Only so many parts are looked at: the
/// code is a stranger's, and may be as large and deep as he likes.
final class Mentions {

  private static final int MAX_PARTS = 400;
  private static final int MAX_CALL_PARTS = 4_000;
  private static final int MAX_TEXT = 4_000;

  private final Deque<Object> open = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();
  private final int limit;

  /// Whose calls and values are looked for, also in functions that are defined there; null to take
  /// down words.
  private final @Nullable String wanted;

  private final List<Expr.Call> calls = new ArrayList<>();
  private final List<Expr> given = new ArrayList<>();

  private Mentions(int limit, @Nullable String wanted) {
    this.limit = limit;
    this.wanted = wanted;
  }

  /// @param code statements or expressions
  static String of(@Nullable Object... code) {
    Mentions mentions = new Mentions(MAX_PARTS, null);
    for (Object each : code) {
      mentions.add(each);
    }
    mentions.all();
    return mentions.text.toString();
  }

  /// The calls of a function by its plain name; null when there is more code than is looked at.
  static @Nullable List<Expr.Call> calls(String name, Stmt code) {
    Mentions mentions = whole(name, code);
    return mentions.open.isEmpty() ? mentions.calls : null;
  }

  /// What is said where a variable gets its value.
  static String assigned(String name, Stmt code) {
    return of(whole(name, code).given.toArray());
  }

  /// The values that a variable is given; none when there is more code than is looked at.
  static List<Expr> values(String name, Stmt code) {
    Mentions mentions = whole(name, code);
    return mentions.open.isEmpty() ? mentions.given : List.of();
  }

  private static Mentions whole(String name, Stmt code) {
    Mentions mentions = new Mentions(MAX_CALL_PARTS, name);
    mentions.add(code);
    mentions.all();
    return mentions;
  }

  private void all() {
    for (int i = 0; i < limit && !open.isEmpty(); i++) {
      look(open.remove());
    }
  }

  private void add(@Nullable Object part) {
    if (part != null && open.size() < limit) {
      open.add(part);
    }
  }

  private void add(Collection<?> parts) {
    for (Object each : parts) {
      if (open.size() >= limit) {
        return;
      }
      add(each);
    }
  }

  private void say(String what, String word) {
    if (text.length() + word.length() < MAX_TEXT) {
      text.append(what).append(word).append(',');
    }
  }

  private void look(Object part) {
    switch (part) {
      case Stmt statement -> statement(statement);
      case Expr expression -> expression(expression);
      case Expr.Arg(String name, Expr value, boolean _) -> {
        if (!name.isEmpty()) {
          say("arg:", name);
        }
        add(value);
      }
      case Expr.Entry(Expr key, Expr value) -> {
        add(key);
        add(value);
      }
      case Stmt.Case(var _, Expr _, Stmt body) -> add(body);
      default -> {}
    }
  }

  private void statement(Stmt statement) {
    switch (statement) {
      case Stmt.Evaluate(Expr value) -> add(value);
      case Stmt.Block(var statements) -> add(statements);
      case Stmt.If branch -> {
        add(branch.test());
        add(branch.then());
        add(branch.otherwise());
      }
      case Stmt.Loop loop -> add(loop.body());
      case Stmt.ForEach loop -> {
        add(loop.iterable());
        add(loop.body());
      }
      case Stmt.Switch choice -> add(choice.cases());
      case Stmt.Try attempt -> {
        add(attempt.body());
        add(attempt.handlers());
        add(attempt.last());
      }
      case Stmt.Return(Expr value, int _) -> add(value);
      case Stmt.Leave(var _, Expr value) -> add(value);
      case Stmt.Define(var function) -> {
        if (wanted != null) {
          add(function.body());
        }
      }
      case Stmt.DefineClass _, Stmt.Import _ -> {}
    }
  }

  private void expression(Expr expression) {
    switch (expression) {
      case Expr.Name(String name, int _) -> say("name=", name);
      case Expr.Literal(Object value, int _) -> say("value=", String.valueOf(value));
      case Expr.Text(var parts, int _) -> add(parts);
      case Expr.Member(Expr object, String name, int _) -> {
        say("name=", name);
        add(object);
      }
      case Expr.Index(Expr object, Expr index, int _) -> {
        add(object);
        add(index);
      }
      case Expr.Call call -> {
        if (call.callee() instanceof Expr.Name(String name, int _) && name.equals(wanted)) {
          calls.add(call);
        }
        add(call.callee());
        add(call.args());
      }
      case Expr.Binary(String _, Expr left, Expr right, int _) -> {
        add(left);
        add(right);
      }
      case Expr.Unary(String _, Expr operand, int _) -> add(operand);
      case Expr.Conditional(Expr _, Expr then, Expr otherwise, int _) -> {
        add(then);
        add(otherwise);
      }
      case Expr.Items(var items, int _) -> add(items);
      case Expr.Entries entries -> add(entries.entries());
      case Expr.Slice slice -> add(slice.object());
      case Expr.Assign assign -> {
        if (assign.target() instanceof Expr.Name(String name, int _) && name.equals(wanted)) {
          given.add(assign.value());
        }
        add(assign.target());
        add(assign.value());
      }
      case Expr.Lambda(var function, int _) -> add(function.body());
      case Expr.Comprehension comprehension -> {
        add(comprehension.iterable());
        add(comprehension.result());
      }
      case Expr.Other(String _, var parts, int _) -> add(parts);
      case Expr.Cast(String _, Expr value, int _) -> add(value);
      case Expr.Body(Expr made, var _, int _) -> add(made);
    }
  }
}
