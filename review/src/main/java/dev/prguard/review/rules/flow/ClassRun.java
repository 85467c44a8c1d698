package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.ClassCode;
import dev.prguard.review.rules.code.Expr;
import dev.prguard.review.rules.code.Function;
import dev.prguard.review.rules.code.Stmt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Goes through a class: its fields, its constructors, then its methods, each as if anyone could
/// call it.
final class ClassRun {

  private static final Set<String> CONSTRUCTORS = Set.of("__init__", "constructor", "<init>");

  private static final String FIELD = "this.";

  private final Evaluator evaluator;

  ClassRun(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  void run(ClassCode code) {
    for (Expr mark : code.marks()) {
      evaluator.named.mark(mark, null);
    }
    evaluator.apart(() -> {
      make(code);
      for (Function method : code.methods()) {
        evaluator.sinks.check(
            new CallSite(
                "method=",
                false,
                Value.UNKNOWN,
                List.of(Value.constant(method.name()), Bodies.summary(method)),
                Map.of(),
                method.line(),
                method.endLine()),
            evaluator.env());
      }
      for (Function method : code.methods()) {
        if (!isConstructor(code, method)) {
          evaluator.standalone(method);
        }
      }
      code.inner().forEach(this::run);
    });
  }

  /// Makes an object of it as if by anyone, in the state that is.
  void make(ClassCode code) {
    boolean named =
        evaluator.definitions.typed() || evaluator.definitions.made(code.name()) != null;
    evaluator.env().set("this", Value.named(named ? code.name() : "this"));
    Map<String, Value> before = new HashMap<>();
    for (Stmt field : code.fields()) {
      field(field, before);
      told(code, field);
    }
    for (Function method : code.methods()) {
      if (isConstructor(code, method)) {
        evaluator.spend(1);
        List<Value> unknown = new ArrayList<>();
        method.params().stream()
            .skip(method.name().equals("__init__") ? 1 : 0)
            .forEach(param -> unknown.add(unknown(method, param)));
        evaluator.inline(method, Value.UNKNOWN, unknown, Map.of(), true);
        if (evaluator.definitions.typed()) {
          before.forEach(this::assigned);
        }
      }
    }
  }

  private Value unknown(Function method, Function.Param param) {
    Value value =
        Value.named(
            (evaluator.definitions.typed() && !param.type().isEmpty())
                    || evaluator.definitions.isClass(param.type())
                ? param.type()
                : param.name());
    long labels = evaluator.model.params().of(method, param, Set.of());
    return labels == 0 ? value : value.withTaint(Taint.at(labels, param.line(), param.name()));
  }

  /// A field goes by its name alone as well, whichever of the two a constructor has assigned to.
  private void assigned(String field, Value before) {
    Value now = evaluator.env().get(FIELD + field);
    Value named = evaluator.env().get(field);
    if (now != null && !now.equals(before)) {
      evaluator.env().set(field, now);
    } else if (named != null) {
      evaluator.env().set(FIELD + field, named);
    }
  }

  private static boolean isConstructor(ClassCode code, Function method) {
    return CONSTRUCTORS.contains(method.name()) || method.name().equals(code.name());
  }

  /// `field=(0=value, 1=name, 2=of what class)`, with its bases and the fields before it:
  /// `Meta(Base) model=User`.
  private void told(ClassCode code, Stmt field) {
    if (field instanceof Stmt.Evaluate(Expr.Assign(Expr.Name(String name, int line), _, _, _, _))) {
      Value value = evaluator.env().get(name);
      Value model = evaluator.env().get("model");
      evaluator.named.check(
          "field=",
          List.of(
              value == null ? Value.UNKNOWN : value,
              Value.constant(name),
              Value.constant(
                  code.name() + code.bases() + (model == null ? "" : " model=" + model.name()))),
          Value.UNKNOWN,
          line);
    }
  }

  private void field(Stmt field, Map<String, Value> all) {
    evaluator.run(field);
    List<Stmt> parts = field instanceof Stmt.Block(List<Stmt> inner) ? inner : List.of(field);
    for (Stmt part : parts) {
      if (part
          instanceof
          Stmt.Evaluate(
              Expr.Assign(Expr.Name(String name, int _), _, Expr given, String type, _))) {
        Value value = evaluator.env().get(name);
        // A service that the framework hands over, of a class of this file.
        boolean typed = evaluator.definitions.typed();
        boolean service = !typed && evaluator.definitions.isClass(type);
        boolean set =
            typed || !(given instanceof Expr.Other(String kind, _, _) && kind.equals("unset"));
        if (value != null && (set || service)) {
          Value kept = service ? value.withName(type) : value;
          evaluator.env().set(FIELD + name, kept);
          all.put(name, kept);
        }
      }
    }
  }
}
