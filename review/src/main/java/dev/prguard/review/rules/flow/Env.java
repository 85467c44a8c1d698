package dev.prguard.review.rules.flow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The state at a point of the program: its variables and what containers hold.
@SuppressWarnings("ReferenceEquality") // The same map, or value, is sure to be equal.
final class Env {

  /// As many shapes as are kept over the others before they become part of these.
  private static final int MAX_OVER = 48;

  private Map<String, Value> variables;

  /// Shapes that several states have, never written to.
  private Map<Integer, Shape> base = Map.of();

  /// Those that are newer, or others than there.
  private Map<Integer, Shape> shapes;

  /// Whether another state has the same map, so that it is to be copied before it is written to.
  private boolean variablesShared;

  private boolean shapesShared;
  private boolean dead;

  /// Whether something was told of members, see [ToldMembers].
  private boolean told;

  private final Effort effort;

  Env(Effort effort) {
    this.effort = effort;
    variables = new HashMap<>();
    shapes = new HashMap<>();
  }

  private Env(Env other) {
    effort = other.effort;
    variables = other.variables;
    takeAll(other);
    dead = other.dead;
    told = other.told;
    share(other);
  }

  private void takeAll(Env other) {
    base = other.base;
    shapes = other.shapes;
  }

  private void share(Env other) {
    variablesShared = true;
    other.variablesShared = true;
    shapesShared = true;
    other.shapesShared = true;
  }

  /// Cheap: most copies are never written to.
  Env copy() {
    if (shapes.size() > MAX_OVER) {
      effort.spend((base.size() + shapes.size()) >> 3);
      Map<Integer, Shape> all = new HashMap<>(base);
      all.putAll(shapes);
      base = all;
      shapes = new HashMap<>();
      shapesShared = false;
    }
    return new Env(this);
  }

  private Map<String, Value> ownVariables() {
    if (variablesShared) {
      effort.spend(variables.size() >> 3);
      variables = new HashMap<>(variables);
      variablesShared = false;
    }
    return variables;
  }

  private Map<Integer, Shape> ownShapes() {
    if (shapesShared) {
      effort.spend(shapes.size() >> 3);
      shapes = new HashMap<>(shapes);
      shapesShared = false;
    }
    return shapes;
  }

  Effort effort() {
    return effort;
  }

  @Nullable Value get(String name) {
    return variables.get(name);
  }

  void set(String name, Value value) {
    ownVariables().put(name, value);
  }

  /// The same for what a condition told of a member: it holds only where both ways told it.
  void tell(String name, Value value) {
    told = true;
    set(name, value);
  }

  @Nullable Shape shape(int number) {
    if (number == 0) {
      return null;
    }
    Shape newer = shapes.get(number);
    return newer == null ? base.get(number) : newer;
  }

  void shape(int number, Shape shape) {
    ownShapes().put(number, shape);
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
      variables = other.variables;
      takeAll(other);
      told = other.told;
      share(other);
      dead = false;
      return;
    }
    if (variables != other.variables && (told || other.told)) {
      ownVariables()
          .keySet()
          .removeIf(name -> ToldMembers.isTold(name) && !other.variables.containsKey(name));
    }
    if (variables != other.variables) {
      effort.spend(other.variables.size() >> 2);
      other.variables.forEach((name, value) -> {
        Value mine = variables.get(name);
        if (mine == null) {
          if (!ToldMembers.isTold(name)) {
            ownVariables().put(name, value);
          }
        } else if (mine != value && !mine.equals(value)) {
          Value both = mine.or(value);
          ownVariables().put(name, widen ? both.widenedInLoop() : both);
        }
      });
    }
    if (base != other.base) {
      effort.spend(other.base.size() >> 2);
      other.base.forEach((number, shape) -> {
        if (!other.shapes.containsKey(number)) {
          joinShape(number, shape);
        }
      });
    }
    if (shapes != other.shapes) {
      effort.spend((shapes.size() + other.shapes.size()) >> 2);
      for (Integer number : List.copyOf(shapes.keySet())) {
        Shape theirs = other.shapes.containsKey(number) ? null : other.shape(number);
        if (theirs != null) {
          joinShape(number, theirs);
        }
      }
      other.shapes.forEach(this::joinShape);
    }
  }

  private void joinShape(Integer number, Shape theirs) {
    Shape mine = shape(number);
    if (mine == null) {
      ownShapes().put(number, theirs);
    } else if (mine != theirs) {
      ownShapes().put(number, mine.or(theirs));
    }
  }

  /// Clears what comes from the same sources as a value that was looked at: a path is checked in
  /// one form and used in another.
  void clearAlike(Value examined, long kinds) {
    if (examined.taints().isEmpty()) {
      return;
    }
    replaceAll(value ->
        !value.taints().isEmpty()
                && value.taints().stream()
                    .allMatch(each -> examined.taints().stream().anyMatch(each::sameSource))
            ? value.cleared(kinds)
            : value);
  }

  /// Gives every variable another value, made of the one that it has.
  void replaceAll(UnaryOperator<Value> other) {
    effort.spend(variables.size());
    ownVariables().replaceAll((_, value) -> other.apply(value));
  }

  /// The variables of another place, with what containers hold here and there.
  Env in(Env place) {
    Env there = new Env(place);
    there.dead = false;
    there.takeAll(this);
    there.shapesShared = true;
    shapesShared = true;
    // The newer ones first: what is there already stays.
    place.shapes.forEach(there::addShape);
    effort.spend(place.shapes.size() >> 2);
    if (place.base != base) {
      place.base.forEach(there::addShape);
      effort.spend(place.base.size() >> 2);
    }
    return there;
  }

  private void addShape(Integer number, Shape shape) {
    if (shape(number) == null) {
      shape(number, shape);
    }
  }

  /// Forgets the variables whose names begin so.
  void drop(String prefix) {
    ownVariables().keySet().removeIf(name -> name.startsWith(prefix));
  }

  /// The variables whose names begin so, as what an object holds.
  Shape fields(String prefix) {
    Shape fields = Shape.MAP;
    for (Map.Entry<String, Value> each : variables.entrySet()) {
      if (each.getKey().startsWith(prefix)) {
        fields = fields.with(each.getKey().substring(prefix.length()), each.getValue());
      }
    }
    return fields;
  }

  void revive() {
    dead = false;
  }

  /// What containers hold after a call.
  ///
  /// @param other came from this one: it knows all that this one does
  void takeShapes(Env other) {
    takeAll(other);
    shapesShared = true;
    other.shapesShared = true;
  }
}
