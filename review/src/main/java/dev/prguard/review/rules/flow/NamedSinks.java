package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What rules may object to that is no call: an assignment, a comparison, the items of a list. Each
/// has a name of its own in rule files.
final class NamedSinks {

  private final Evaluator all;

  NamedSinks(Evaluator all) {
    this.all = all;
  }

  /// `var=(0=value, 1=name)`.
  void named(String name, Value value, int line) {
    check("var=", List.of(value, Value.constant(name)), value, line);
  }

  /// `*.member=(0=value)`.
  void memberSet(Value holder, String name, Value value, int line) {
    check(
        (holder.name().isEmpty() ? "?" : holder.name()) + '.' + name + '=',
        List.of(value),
        holder,
        line);
    check("var=", List.of(value, Value.constant(name)), holder, line);
  }

  /// `*.[]=(0=value, 1=key)`.
  void indexSet(Value holder, Value key, Value value, int line) {
    check(
        (holder.name().isEmpty() ? "?" : holder.name()) + ".[]=",
        List.of(value, key),
        holder,
        line);
    if (key.text() != null) {
      check("var=", List.of(value, key), holder, line);
    }
  }

  /// `compare=(0=one, 1=other)`.
  void compared(Value one, Value other, int line) {
    if (!one.taints().isEmpty() || !other.taints().isEmpty()) {
      check("compare=", List.of(one, other), Value.UNKNOWN, line);
    }
  }

  /// `spread=(0=list)`: its items become those of another.
  void spread(Value list, int line) {
    if (!list.taints().isEmpty()) {
      check("spread=", List.of(list), Value.UNKNOWN, line);
    }
  }

  /// `items=(0=first, 1=second)`.
  void pair(Shape shape, int line) {
    check("items=", List.of(shape.get(0L), shape.get(1L)), Value.UNKNOWN, line);
  }

  /// `{}(key=...)`, which may be a source as well.
  Value literal(Value value, Expr.Entries entries) {
    Shape shape = all.env().shape(value.shape());
    if (shape == null) {
      return value;
    }
    Map<String, Value> named = new LinkedHashMap<>();
    shape.entries().forEach((key, held) -> named.put(String.valueOf(key), held));
    CallSite site =
        new CallSite(
            "{}", false, Value.UNKNOWN, List.of(), named, entries.line(), entries.endLine());
    all.sinks.check(site, all.env());
    long labels = all.model.source(site, all.env());
    return labels == 0 ? value : value.withTaint(Taint.at(labels, entries.line(), "{}"));
  }

  /// A decorator or annotation: a call, or `mark=(0=its name, 1=the function)`.
  ///
  /// @param function null for that of a class
  void mark(Expr mark, @Nullable Function function) {
    all.expressions.evaluate(mark);
    String name = Names.dotted(mark instanceof Expr.Call call ? call.callee() : mark);
    Value marked = function == null ? Value.UNKNOWN : Value.of(function, "");
    check("mark=", List.of(Value.constant(name), marked), Value.UNKNOWN, mark.line());
  }

  /// A sink that the small form names.
  void check(String name, List<Value> args, Value receiver, int line) {
    all.sinks.check(new CallSite(name, false, receiver, args, Map.of(), line, line), all.env());
  }
}
