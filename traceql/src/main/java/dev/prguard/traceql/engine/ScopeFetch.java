package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.traceql.engine.Conditions.Condition;
import dev.prguard.traceql.engine.Conditions.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Fetches the attributes of one scope. Tempo tests the values of all keys that a query names in a
/// scope against all constants of the value's type there; only keys with columns of their own are
/// tested by their own conditions alone.
final class ScopeFetch {
  /// A key that is there, without a value that passed: it hides what is behind it.
  enum Hidden {
    WITHOUT_VALUE,
    /// A column of its own that is empty for the span, where any value would do: it reads `nil`.
    EMPTY_COLUMN
  }

  /// Keys that Tempo keeps in columns of their own, and the only type that these hold.
  private static final Map<Scope, Map<String, Class<?>>> OWN_COLUMNS =
      Map.of(
          Scope.SPAN,
          Map.of(
              "http.method", String.class,
              "http.url", String.class,
              "http.status_code", Long.class,
              "url.path", String.class,
              "http.route", String.class,
              "server.address", String.class,
              "http.request.method", String.class),
          Scope.RESOURCE,
          Map.of(
              "service.name", String.class,
              "cluster", String.class,
              "namespace", String.class,
              "pod", String.class,
              "container", String.class,
              "k8s.cluster.name", String.class,
              "k8s.namespace.name", String.class,
              "k8s.pod.name", String.class,
              "k8s.container.name", String.class));

  private final Scope scope;

  /// Keys of this scope, and their slots.
  private final Map<String, Integer> slots = new LinkedHashMap<>();

  private final Map<String, List<Condition>> ownConditions = new HashMap<>();
  private final Map<Class<?>, List<Predicate<Object>>> tests = new HashMap<>();
  private boolean everything;

  /// Keys with a condition on generic columns.
  private final Map<String, Boolean> generic = new HashMap<>();

  ScopeFetch(Scope scope) {
    this.scope = scope;
  }

  static @Nullable Class<?> ownColumn(Scope scope, String key) {
    return OWN_COLUMNS.getOrDefault(scope, Map.of()).get(key);
  }

  /// @param firstFreeSlot for a key that is new
  /// @return whether the slot was taken
  boolean add(String key, Condition condition, int firstFreeSlot) {
    boolean isNew = slots.putIfAbsent(key, firstFreeSlot) == null;
    if (condition.kind() == Kind.ABSENT) {
      return isNew;
    }
    Class<?> own = ownColumn(scope, key);
    if (own != null && (condition.kind() != Kind.TEST || own.equals(condition.type()))) {
      ownConditions.computeIfAbsent(key, _ -> new ArrayList<>()).add(condition);
      return isNew;
    }
    generic.put(key, true);
    if (condition.kind() != Kind.TEST) {
      everything = true;
    } else if (condition.type() != null && condition.test() != null) {
      tests.computeIfAbsent(condition.type(), _ -> new ArrayList<>()).add(condition.test());
    }
    return isNew;
  }

  Map<String, Integer> slots() {
    return slots;
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /// Whether values of one type alone are looked for: then, where all conditions count, Tempo joins
  /// strictly, and a key whose value does not pass is as good as absent.
  boolean isOfOneType() {
    return !everything && tests.size() == 1;
  }

  /// Fetches into the slots. Absent keys leave null.
  void fetch(Map<String, AttributeValue> attributes, @Nullable Object[] values) {
    for (Map.Entry<String, Integer> slot : slots.entrySet()) {
      values[slot.getValue()] = fetch(slot.getKey(), attributes.get(slot.getKey()));
    }
  }

  /// @return null where the key is absent
  @Nullable Object fetch(String key, @Nullable AttributeValue value) {
    Class<?> own = ownColumn(scope, key);
    if (own != null) {
      Object scalar = value == null ? null : Value.scalar(value);
      if (scope == Scope.RESOURCE && key.equals(TraceContext.SERVICE_NAME)) {
        // The column holds an empty text where there is no name.
        Object column = scalar instanceof String ? scalar : "";
        Object fetched = own(key, column);
        return fetched != null || value == null || scalar instanceof String
            ? fetched
            : generic(key, value);
      }
      if (own.isInstance(scalar)) {
        Object fetched = own(key, scalar);
        return fetched == null ? Hidden.WITHOUT_VALUE : fetched;
      }
    }
    if (value == null) {
      return own != null && anyValue(key) ? Hidden.EMPTY_COLUMN : null;
    }
    Object fetched = generic(key, value);
    return own != null && fetched instanceof Hidden && anyValue(key)
        ? Hidden.EMPTY_COLUMN
        : fetched;
  }

  private boolean anyValue(String key) {
    return ownConditions.getOrDefault(key, List.of()).stream()
        .anyMatch(condition -> condition.kind() == Kind.ANY_VALUE);
  }

  private @Nullable Object own(String key, Object value) {
    for (Condition condition : ownConditions.getOrDefault(key, List.of())) {
      if (condition.test() == null || condition.test().test(value)) {
        return value;
      }
    }
    return null;
  }

  private Object generic(String key, AttributeValue value) {
    if (!generic.containsKey(key)) {
      return Hidden.WITHOUT_VALUE;
    }
    List<Object> elements = Value.visible(value);
    if (!everything && elements.size() == 1) {
      return passes(elements.getFirst()) ? elements.getFirst() : Hidden.WITHOUT_VALUE;
    }
    if (!everything) {
      elements = elements.stream().filter(this::passes).toList();
    }
    Object fetched = Value.of(elements);
    return fetched == null ? Hidden.WITHOUT_VALUE : fetched;
  }

  private boolean passes(Object element) {
    for (Predicate<Object> test : tests.getOrDefault(element.getClass(), List.of())) {
      if (test.test(element)) {
        return true;
      }
    }
    return false;
  }
}
