package dev.prguard.review.rules.flow;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The state at a point of the program: its variables and what containers hold.
@SuppressWarnings("ReferenceEquality") // The same map, or value, is sure to be equal.
final class Env {

  private Map<String, Value> variables;
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
    shapes = other.shapes;
    dead = other.dead;
    told = other.told;
    share(other);
  }

  private void share(Env other) {
    variablesShared = true;
    other.variablesShared = true;
    shapesShared = true;
    other.shapesShared = true;
  }

  /// Cheap: most copies are never written to.
  Env copy() {
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
    return number == 0 ? null : shapes.get(number);
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
      shapes = other.shapes;
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
    if (shapes != other.shapes) {
      effort.spend(other.shapes.size() >> 2);
      other.shapes.forEach((number, shape) -> {
        Shape mine = shapes.get(number);
        if (mine == null) {
          ownShapes().put(number, shape);
        } else if (mine != shape) {
          ownShapes().put(number, mine.or(shape));
        }
      });
    }
  }

  /// Clears what comes from the same sources as a value that was looked at: a path is checked in
  /// one form and used in another.
  void clearAlike(Value examined, long kinds) {
    if (examined.taints().isEmpty()) {
      return;
    }
    variables.replaceAll((_, value) ->
        !value.taints().isEmpty()
                && value.taints().stream()
                    .allMatch(each -> examined.taints().stream().anyMatch(each::sameSource))
            ? value.cleared(kinds)
            : value);
  }

  /// The variables of another place, with what containers hold here and there.
  Env in(Env place) {
    Env there = new Env(place);
    there.dead = false;
    there.shapes = shapes;
    shapesShared = true;
    place.shapes.forEach((number, shape) -> {
      if (!there.shapes.containsKey(number)) {
        there.shape(number, shape);
      }
    });
    effort.spend(place.shapes.size() >> 2);
    return there;
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
    shapes = other.shapes;
    shapesShared = true;
    other.shapesShared = true;
  }
}
