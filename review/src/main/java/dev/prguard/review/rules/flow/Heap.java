package dev.prguard.review.rules.flow;

import java.util.LinkedHashMap;
import java.util.Map;

/// Questions about a value together with all that it holds.
final class Heap {

  private static final int MAX_DEPTH = 4;

  private Heap() {}

  /// The value with the taints of all that it holds.
  static Value whole(Value value, Env env) {
    return whole(value, env, MAX_DEPTH);
  }

  private static Value whole(Value value, Env env, int depth) {
    Shape shape = env.shape(value.shape());
    if (shape == null || depth == 0) {
      return value;
    }
    env.effort().spend(shape.entries().size());
    Value result = value;
    for (Value each : shape.entries().values()) {
      Value held = whole(each, env, depth - 1);
      result = result.withTaints(Value.join(result.taints(), held.taints()));
      if (held.built() && !result.built()) {
        result =
            new Value(
                result.constants(),
                result.taints(),
                result.name(),
                result.shape(),
                held.skeleton(),
                result.function());
      }
    }
    return result.withTaints(
        Value.join(result.taints(), whole(shape.rest(), env, depth - 1).taints()));
  }

  /// The value made safe, with all that it holds.
  static Value cleared(Value value, long kinds, Evaluator all) {
    return cleared(value.cleared(kinds), kinds, all, MAX_DEPTH);
  }

  private static Value cleared(Value value, long kinds, Evaluator all, int depth) {
    Shape shape = depth == 0 ? null : all.env().shape(value.shape());
    if (shape == null || whole(value, all.env(), depth).taints().isEmpty()) {
      return value;
    }
    Map<Object, Value> safe = new LinkedHashMap<>();
    shape
        .entries()
        .forEach((key, held) -> safe.put(key, cleared(held.cleared(kinds), kinds, all, depth - 1)));
    Value rest = cleared(shape.rest().cleared(kinds), kinds, all, depth - 1);
    return value.withShape(all.newShape(new Shape(safe, rest, shape.size())));
  }

  /// Whether all of it is known.
  static boolean isConstant(Value value, Env env) {
    return isConstant(value, env, MAX_DEPTH);
  }

  private static boolean isConstant(Value value, Env env, int depth) {
    if (value.isConstant()) {
      return true;
    }
    Shape shape = env.shape(value.shape());
    env.effort().spend(shape == null ? 0 : shape.entries().size());
    return shape != null
        && depth > 0
        && shape.size() != 0
        && !shape.entries().isEmpty()
        && shape.rest().equals(Value.UNKNOWN)
        && shape.entries().values().stream().allMatch(each -> isConstant(each, env, depth - 1));
  }
}
