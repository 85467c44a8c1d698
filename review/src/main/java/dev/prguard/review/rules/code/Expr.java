package dev.prguard.review.rules.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression. `line` is where it starts, 1-based.
public sealed interface Expr {

  int line();

  record Name(String name, int line) implements Expr {}

  /// @param value a String, Long, Double or Boolean; null for the language's null
  record Literal(@Nullable Object value, int line) implements Expr {}

  /// Text put together from parts: an interpolated string.
  record Text(List<Expr> parts, int line) implements Expr {
    public Text {
      parts = List.copyOf(parts);
    }
  }

  record Member(Expr object, String name, int line) implements Expr {}

  record Index(Expr object, Expr index, int line) implements Expr {}

  /// A call, or the making of an object: `new Name(...)`, `pkg.Name{...}`.
  ///
  /// @param endLine where it ends
  record Call(Expr callee, List<Arg> args, boolean making, int line, int endLine) implements Expr {
    public Call {
      args = List.copyOf(args);
    }
  }

  /// @param name of the parameter, empty when it is given by position
  /// @param spread whether the value stands for several arguments
  record Arg(String name, Expr value, boolean spread) {}

  record Binary(String operator, Expr left, Expr right, int line) implements Expr {}

  record Unary(String operator, Expr operand, int line) implements Expr {}

  record Conditional(Expr test, Expr then, Expr otherwise, int line) implements Expr {}

  /// A list, array, tuple or set.
  record Items(List<Expr> items, int line) implements Expr {
    public Items {
      items = List.copyOf(items);
    }
  }

  /// A map, or an object written out.
  record Entries(List<Entry> entries, int line, int endLine) implements Expr {
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /// @param key null for all entries of another map
  record Entry(@Nullable Expr key, Expr value) {}

  /// A part of a text or list; null for an open end.
  record Slice(Expr object, @Nullable Expr from, @Nullable Expr to, int line) implements Expr {}

  record Assign(Expr target, String operator, Expr value, String type, int line) implements Expr {}

  record Lambda(Function function, int line) implements Expr {}

  /// @param bound each element of `iterable` in turn, null where nothing is bound
  record Comprehension(Expr result, @Nullable Expr bound, Expr iterable, int line)
      implements Expr {}

  /// Anything else: its parts are evaluated in turn.
  record Other(String kind, List<Expr> parts, int line) implements Expr {
    public Other {
      parts = List.copyOf(parts);
    }
  }

  /// A value told to be of a type.
  record Cast(String type, Expr value, int line) implements Expr {}

  /// An anonymous class.
  record Body(Expr made, ClassCode code, int line) implements Expr {}

  static Literal text(String value, int line) {
    return new Literal(value, line);
  }

  static Literal nothing(int line) {
    return new Literal(null, line);
  }
}
