package dev.prguard.review.rules.flow;

import dev.prguard.review.rules.code.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is known of a value without running the program. Immutable; what a container holds is in
/// the [Env] under its number.
///
/// @param constants what it can be, when all of that is known; else empty. A null stands for the
///   language's null
/// @param taints where it may come from
/// @param name what made it, dotted: `flask.request`, `sqlite3.connect()`; or its type; may be
///   empty
/// @param shape number of what it holds, 0 for nothing known
/// @param skeleton of a text of which only a part is known: that part, with a question mark for
///   each other; else empty
/// @param function what it runs when called
/// @param exact such a text where no part of it is left out, with [Parts#GAP] for what is not
///   known; else empty
record Value(
    List<Object> constants,
    List<Taint> taints,
    String name,
    int shape,
    String skeleton,
    @Nullable Function function,
    String exact) {

  Value(
      List<Object> constants,
      List<Taint> taints,
      String name,
      int shape,
      String skeleton,
      @Nullable Function function) {
    this(constants, taints, name, shape, skeleton, function, "");
  }

  /// The language's null among constants: lists hold no nulls.
  static final Object NULL =
      new Object() {
        @Override
        public String toString() {
          return "null";
        }
      };

  /// A constant whose name is all that is known of it.
  record Symbol(String name) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final int MAX_TEXT = 16_000;
  private static final int MAX_CONSTANTS = 6;
  private static final int MAX_TAINTS = 6;

  static final Value UNKNOWN = new Value(List.of(), List.of(), "", 0, "", null);

  /// Of a long text only the start is kept: what is put together from texts must not grow.
  static Value constant(@Nullable Object value) {
    if (value instanceof String text && text.length() > MAX_TEXT) {
      return constant(text.substring(0, MAX_TEXT));
    }
    return new Value(List.of(value == null ? NULL : value), List.of(), "", 0, "", null);
  }

  static Value named(String name) {
    return name.isEmpty() ? UNKNOWN : new Value(List.of(), List.of(), name, 0, "", null);
  }

  /// `MAX_SIZE`: nobody changes it while the program runs.
  static Value symbol(String name, String path) {
    return new Value(List.of(new Symbol(name)), List.of(), path, 0, "", null);
  }

  static boolean isSymbol(String name) {
    if (name.length() < 2 || !Character.isUpperCase(name.charAt(0))) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!(Character.isUpperCase(c) || Character.isDigit(c) || c == '_')) {
        return false;
      }
    }
    return true;
  }

  static Value of(Function function, String name) {
    return new Value(List.of(), List.of(), name, 0, "", function);
  }

  static Value holding(int shape) {
    return new Value(List.of(), List.of(), "", shape, "", null);
  }

  boolean isConstant() {
    return !constants.isEmpty();
  }

  /// The one thing that it can be, or null when there is none or there are several.
  @Nullable Object single() {
    return constants.size() == 1 ? constants.getFirst() : null;
  }

  @Nullable String text() {
    return single() instanceof String text ? text : null;
  }

  @Nullable Long number() {
    return single() instanceof Long number ? number : null;
  }

  /// True or false when that is certain, else null.
  @Nullable Boolean truth() {
    Boolean result = null;
    for (Object each : constants) {
      if (each instanceof Symbol) {
        return null;
      }
      boolean truth =
          switch (each) {
            case Boolean value -> value;
            case Long value -> value != 0;
            case Double value -> value != 0;
            case String value -> !value.isEmpty();
            default -> false;
          };
      if (result != null && result != truth) {
        return null;
      }
      result = truth;
    }
    return result;
  }

  Value withTaints(List<Taint> other) {
    return other.equals(taints)
        ? this
        : new Value(constants, List.copyOf(other), name, shape, skeleton, function, exact);
  }

  Value withTaint(Taint taint) {
    return withTaints(join(taints, List.of(taint)));
  }

  Value withName(String other) {
    return other.equals(name)
        ? this
        : new Value(constants, taints, other, shape, skeleton, function, exact);
  }

  Value withShape(int other) {
    return new Value(constants, taints, name, other, skeleton, function, exact);
  }

  /// The same, no longer certain.
  Value widened() {
    return constants.isEmpty()
        ? this
        : new Value(List.of(), taints, name, shape, skeleton, function, exact);
  }

  /// A value made from this one that is not the same any more.
  Value derived() {
    return new Value(List.of(), taints, "", 0, skeleton, null);
  }

  /// The same, chosen by the program, whatever it is.
  Value known() {
    Value safe = cleared(FlowModel.ALL);
    return safe.taints().isEmpty() && !isConstant() ? safe.withTaint(Taint.PROGRAM) : safe;
  }

  /// Whether the program has chosen it, and it was not only made safe.
  boolean own() {
    return !taints.isEmpty() && taints.stream().allMatch(Taint::isProgram);
  }

  /// Some number: in a text it is digits, whatever it is.
  Value number(boolean typed) {
    return typed && constants.isEmpty() && shape == 0 && function == null
        ? new Value(List.of(), cleared(FlowModel.ALL).taints(), name, 0, "0", null)
        : this;
  }

  /// Whether nothing but that it is a number is known of it.
  boolean isNumber() {
    return skeleton.equals("0") && constants.isEmpty();
  }

  /// Whether it is a text of which a part is not known.
  boolean hasUnknownPart() {
    return skeleton.indexOf('?') >= 0;
  }

  Value builtText() {
    return new Value(List.of(), taints, "", 0, built() ? skeleton : "?", null);
  }

  boolean built() {
    return !skeleton.isEmpty();
  }

  Value through(int line) {
    if (taints.isEmpty()) {
      return this;
    }
    return withTaints(taints.stream().map(taint -> taint.through(line)).toList());
  }

  Value cleared(long kinds) {
    if (taints.isEmpty()) {
      return this;
    }
    return withTaints(taints.stream().map(taint -> taint.cleared(kinds)).toList());
  }

  /// Either of the two.
  Value or(Value other) {
    if (this.equals(other)) {
      return this;
    }
    List<Object> both = List.of();
    if (isConstant() && other.isConstant()) {
      List<Object> sum = new ArrayList<>(constants);
      for (Object each : other.constants) {
        if (!sum.contains(each)) {
          sum.add(each);
        }
      }
      if (sum.size() > MAX_CONSTANTS) {
        return widened().known().or(other.widened().known());
      }
      both = List.copyOf(sum);
    }
    List<Taint> joined = join(taints, other.taints);
    boolean onlyNull = constants.equals(List.of(NULL));
    boolean otherNull = other.constants.equals(List.of(NULL));
    return new Value(
        both,
        open() || other.open() ? fromOutside(joined) : joined,
        name.isEmpty() || onlyNull ? other.name : name,
        shape == 0 || onlyNull ? other.shape : shape,
        built() ? skeleton : other.skeleton,
        function == null || otherNull ? (function == null ? other.function : function) : function,
        exact.equals(other.exact) ? exact : "");
  }

  /// Whether nothing is known of it, or of a part of it.
  boolean open() {
    return !isConstant() && taints.isEmpty() && (!built() || hasUnknownPart());
  }

  /// That one of several was made safe says nothing of another, of which nothing is known.
  static List<Taint> fromOutside(List<Taint> taints) {
    return taints.stream().filter(taint -> taint.labels() != 0).toList();
  }

  /// The same in a loop, which may have changed it again: still the program's own.
  Value widenedInLoop() {
    return isConstant() && taints.isEmpty() ? widened().known() : widened();
  }

  static List<Taint> join(List<Taint> some, List<Taint> others) {
    if (some.isEmpty() || some.equals(others)) {
      return others;
    }
    if (others.isEmpty()) {
      return some;
    }
    List<Taint> result = new ArrayList<>(some);
    for (Taint other : others) {
      boolean known = false;
      for (int i = 0; i < result.size() && !known; i++) {
        if (result.get(i).sameSource(other)) {
          result.set(i, result.get(i).or(other));
          known = true;
        }
      }
      if (!known && result.size() < MAX_TAINTS) {
        result.add(other);
      }
    }
    return List.copyOf(result);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Value value
        && shape == value.shape
        && skeleton.equals(value.skeleton)
        && exact.equals(value.exact)
        && sameFunction(function, value.function)
        && name.equals(value.name)
        && constants.equals(value.constants)
        && taints.equals(value.taints);
  }

  /// A function's place says which it is; its code need not be compared.
  private static boolean sameFunction(@Nullable Function one, @Nullable Function other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.line() == other.line()
        && one.endLine() == other.endLine()
        && one.name().equals(other.name());
  }

  @Override
  public int hashCode() {
    return Objects.hash(constants, name, shape);
  }
}
