package dev.prguard.review.rules.flow;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The state at a point of the program: its variables and what containers hold.
final class Env {

  private final Map<String, Value> variables;
  private final Map<Integer, Shape> shapes;
  private boolean dead;

  Env() {
    variables = new HashMap<>();
    shapes = new HashMap<>();
  }

  private Env(Env other) {
    variables = new HashMap<>(other.variables);
    shapes = new HashMap<>(other.shapes);
    dead = other.dead;
  }

  Env copy() {
    return new Env(this);
  }

  @Nullable Value get(String name) {
    return variables.get(name);
  }

  void set(String name, Value value) {
    variables.put(name, value);
  }

  @Nullable Shape shape(int number) {
    return number == 0 ? null : shapes.get(number);
  }

  void shape(int number, Shape shape) {
    shapes.put(number, shape);
  }

  /// Whether no run of the program gets here.
  boolean isDead() {
    return dead;
  }

  void die() {
    dead = true;
  }

  /// Makes this the state after either of two ways.
  ///
  /// @param widen whether what differs is no longer known at all: in a loop, there are more ways
  void join(Env other, boolean widen) {
    if (other.dead) {
      return;
    }
    if (dead) {
      variables.clear();
      variables.putAll(other.variables);
      shapes.clear();
      shapes.putAll(other.shapes);
      dead = false;
      return;
    }
    other.variables.forEach((name, value) -> {
      Value mine = variables.get(name);
      if (mine == null) {
        variables.put(name, value);
      } else if (!mine.equals(value)) {
        Value both = mine.or(value);
        variables.put(name, widen ? both.widened() : both);
      }
    });
    other.shapes.forEach((number, shape) -> {
      Shape mine = shapes.get(number);
      if (mine == null) {
        shapes.put(number, shape);
      } else {
        shapes.put(number, mine.or(shape));
      }
    });
  }

  /// Clears what comes from the same sources as a value that was looked at: a path is checked in
  /// one form and used in another.
  void clearAlike(Value examined, long kinds) {
    for (Taint taint : examined.taints()) {
      variables.replaceAll((_, value) ->
          !value.taints().isEmpty() && value.taints().stream().allMatch(taint::sameSource)
              ? value.cleared(kinds)
              : value);
    }
  }

  void revive() {
    dead = false;
  }

  /// What containers hold after a call.
  void takeShapes(Env other) {
    shapes.putAll(other.shapes);
  }
}
