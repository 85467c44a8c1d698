package dev.prguard.traceql.engine;

import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.traceql.engine.Conditions.Condition;
import dev.prguard.traceql.engine.Conditions.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which types of values the comparisons of a query may meet. The keys of a scope share their
/// tests, so a comparison with an int may meet a double that another test let in.
final class TypesSeen {
  /// Of each scope the types of constants that values are tested against, one entry a test.
  private final Map<Scope, List<Class<?>>> tests = new EnumMap<>(Scope.class);

  /// Scopes in which values of every type are fetched.
  private final Set<Scope> everything = EnumSet.noneOf(Scope.class);

  /// Columns of their own that are fetched whole, and read `nil` where they are empty.
  private final Set<Attribute> wholeColumns = new HashSet<>();

  TypesSeen(Conditions conditions) {
    for (Condition condition : conditions.list()) {
      if (condition.field() instanceof Attribute attribute) {
        places(attribute).forEach(place -> add(place, condition));
      }
    }
  }

  private void add(Attribute place, Condition condition) {
    if (condition.kind() == Kind.ABSENT) {
      return;
    }
    Class<?> own = ScopeFetch.ownColumn(place.scope(), place.key());
    if (own != null && (condition.kind() != Kind.TEST || own.equals(condition.type()))) {
      if (condition.kind() == Kind.ANY_VALUE) {
        wholeColumns.add(place);
      }
      return;
    }
    if (condition.kind() != Kind.TEST || condition.type() == null) {
      everything.add(place.scope());
    } else {
      tests.computeIfAbsent(place.scope(), _ -> new ArrayList<>()).add(condition.type());
    }
  }

  /// An unscoped attribute is one of the span and one of the resource.
  static List<Attribute> places(Attribute attribute) {
    return attribute.scope() == Scope.ANY
        ? List.of(
            new Attribute(Scope.SPAN, attribute.key()),
            new Attribute(Scope.RESOURCE, attribute.key()))
        : List.of(attribute);
  }

  static boolean hasOwnColumn(SpanField field) {
    return field instanceof Attribute attribute
        && places(attribute).stream()
            .anyMatch(place -> ScopeFetch.ownColumn(place.scope(), place.key()) != null);
  }

  /// Whether a missing value may read `nil`.
  boolean readsNil(SpanField field) {
    return field instanceof Attribute attribute
        && places(attribute).stream().anyMatch(wholeColumns::contains);
  }

  /// Whether all values of a field without a column of its own are fetched.
  boolean isWhole(SpanField field) {
    return field instanceof Attribute attribute
        && places(attribute).stream().allMatch(place -> everything.contains(place.scope()));
  }

  /// Whether a comparison with a number of a type may meet numbers of the other one.
  boolean otherNumbersThan(Class<?> type, SpanField field) {
    return field instanceof Attribute attribute
        && places(attribute).stream()
            .anyMatch(place ->
                everything.contains(place.scope())
                    || tests.getOrDefault(place.scope(), List.of()).stream()
                        .anyMatch(
                            other -> Number.class.isAssignableFrom(other) && !other.equals(type)));
  }

  /// Whether the one test of a scope that values of a type have to pass is this one: then `!=` of
  /// an array means that some element differs, which a predicate can say.
  boolean isAlone(Class<?> type, SpanField field) {
    return field instanceof Attribute attribute
        && attribute.scope() != Scope.ANY
        && !everything.contains(attribute.scope())
        && tests.getOrDefault(attribute.scope(), List.of()).stream().filter(type::equals).count()
            == 1;
  }
}
