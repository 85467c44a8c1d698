package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.traceql.engine.Conditions.Condition;
import dev.prguard.traceql.engine.Conditions.Kind;
import dev.prguard.traceql.engine.Value.Nanos;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides for each span whether it is a candidate, and fetches of it only what the conditions ask
/// for, as Tempo's storage does.
final class FirstPass {
  private final Conditions conditions;
  private final Map<SpanField, Integer> slots = new LinkedHashMap<>();
  private final Map<Scope, ScopeFetch> scopes = new EnumMap<>(Scope.class);
  private final Map<Intrinsic, List<Condition>> intrinsics = new LinkedHashMap<>();
  private final List<Attribute> absent = new ArrayList<>();

  /// The fields of the conditions.
  private final Set<SpanField> named = new HashSet<>();

  /// Trace-level conditions: unless all have to be met, Tempo fetches their values unfiltered and
  /// takes every span as a candidate.
  private final boolean everySpan;

  FirstPass(Conditions conditions) {
    this.conditions = conditions;
    this.everySpan =
        !conditions.all()
            && conditions.list().stream().anyMatch(condition -> isOfTrace(condition.field()));
    for (Condition condition : conditions.list()) {
      named.add(condition.field());
      switch (condition.field()) {
        case Intrinsic intrinsic -> {
          intrinsics.computeIfAbsent(intrinsic, _ -> new ArrayList<>()).add(condition);
          slots.putIfAbsent(intrinsic, slots.size());
        }
        case Attribute(Scope scope, String key) when scope == Scope.ANY -> {
          add(Scope.SPAN, key, condition);
          add(Scope.RESOURCE, key, condition);
        }
        case Attribute(Scope scope, String key) -> add(scope, key, condition);
      }
      if (condition.kind() == Kind.ABSENT && condition.field() instanceof Attribute attribute) {
        absent.add(attribute);
      }
    }
  }

  private static boolean isOfTrace(SpanField field) {
    return field == Intrinsic.TRACE_ID
        || field == Intrinsic.TRACE_DURATION
        || field == Intrinsic.TRACE_ROOT_NAME
        || field == Intrinsic.TRACE_ROOT_SERVICE;
  }

  private void add(Scope scope, String key, Condition condition) {
    ScopeFetch fetch = scopes.computeIfAbsent(scope, ScopeFetch::new);
    if (fetch.add(key, condition, slots.size())) {
      slots.put(new Attribute(scope, key), slots.size());
    }
  }

  int slot(SpanField field) {
    return slots.getOrDefault(field, -1);
  }

  /// Fields of the slots, in the order of the query; none is unscoped.
  Map<SpanField, Integer> slots() {
    return slots;
  }

  /// @param trace null where spans are looked at one by one
  /// @return null when the span is no candidate
  @Nullable FetchedSpan fetch(SpanRecord span, @Nullable TraceContext trace, int index) {
    @Nullable Object[] values = new Object[slots.size()];
    boolean repeated = isRepeated();
    @Nullable Object @Nullable [] last = repeated ? new Object[slots.size()] : null;
    FetchedSpan fetched = new FetchedSpan(span, trace, index, this, values, last);
    fetchScope(Scope.SPAN, span.attributes(), values);
    fetchScope(Scope.RESOURCE, span.resource(), values);
    fetchScope(Scope.INSTRUMENTATION, span.scope().attributes(), values);
    for (Map.Entry<Intrinsic, List<Condition>> entry : intrinsics.entrySet()) {
      if (!isRepeated(entry.getKey())) {
        Object value = fetched.intrinsic(entry.getKey());
        boolean passes =
            !isOfTrace(entry.getKey())
                ? value != null && passes(entry.getValue(), value)
                : value != null && (everySpan || passesAll(entry.getValue(), value));
        if (passes) {
          values[slot(entry.getKey())] = value;
        }
      }
    }
    if (last != null) {
      fetchEvents(span, values, last);
      fetchLinks(span, values, last);
    }
    return isCandidate(fetched, values, trace, index) ? fetched : null;
  }

  private void fetchScope(
      Scope scope, Map<String, AttributeValue> attributes, @Nullable Object[] values) {
    ScopeFetch fetch = scopes.get(scope);
    if (fetch != null) {
      fetch.fetch(attributes, values);
    }
  }

  private static boolean passes(List<Condition> list, Object value) {
    for (Condition condition : list) {
      if (condition.test() == null || condition.test().test(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean passesAll(List<Condition> list, Object value) {
    for (Condition condition : list) {
      if (condition.test() != null && !condition.test().test(value)) {
        return false;
      }
    }
    return true;
  }

  private boolean isRepeated() {
    return scopes.containsKey(Scope.EVENT)
        || scopes.containsKey(Scope.LINK)
        || intrinsics.keySet().stream().anyMatch(FirstPass::isRepeated);
  }

  private static boolean isRepeated(Intrinsic intrinsic) {
    return switch (intrinsic) {
      case EVENT_NAME, EVENT_TIME_SINCE_START, LINK_TRACE_ID, LINK_SPAN_ID -> true;
      case DURATION,
          NAME,
          STATUS,
          STATUS_MESSAGE,
          KIND,
          CHILD_COUNT,
          SPAN_ID,
          PARENT_SPAN_ID,
          NESTED_SET_LEFT,
          NESTED_SET_RIGHT,
          NESTED_SET_PARENT,
          TRACE_ID,
          TRACE_DURATION,
          TRACE_ROOT_NAME,
          TRACE_ROOT_SERVICE,
          INSTRUMENTATION_NAME,
          INSTRUMENTATION_VERSION ->
          false;
    };
  }

  private void fetchEvents(SpanRecord span, @Nullable Object[] values, @Nullable Object[] last) {
    if (span.events().isEmpty()) {
      fetchEmpty(Intrinsic.EVENT_NAME, values, last);
      fetchEmpty(Intrinsic.EVENT_TIME_SINCE_START, values, last);
    }
    for (SpanRecord.Event event : span.events()) {
      Map<Intrinsic, Object> own = new EnumMap<>(Intrinsic.class);
      own.put(Intrinsic.EVENT_NAME, event.name());
      own.put(Intrinsic.EVENT_TIME_SINCE_START, new Nanos(event.timeNanos() - span.startNanos()));
      fetchRepeated(Scope.EVENT, event.attributes(), own, values, last);
    }
  }

  /// The own fields of events and links are columns, which read as empty where they are fetched
  /// whole and the span has no event, or link.
  private void fetchEmpty(Intrinsic field, @Nullable Object[] values, @Nullable Object[] last) {
    boolean whole =
        intrinsics.getOrDefault(field, List.of()).stream()
            .anyMatch(condition -> condition.kind() == Kind.ANY_VALUE);
    if (whole) {
      Object empty = FetchedSpan.emptyColumn(field);
      values[slot(field)] = empty;
      last[slot(field)] = empty;
    }
  }

  private void fetchLinks(SpanRecord span, @Nullable Object[] values, @Nullable Object[] last) {
    if (span.links().isEmpty()) {
      fetchEmpty(Intrinsic.LINK_TRACE_ID, values, last);
      fetchEmpty(Intrinsic.LINK_SPAN_ID, values, last);
    }
    for (SpanRecord.Link link : span.links()) {
      Map<Intrinsic, Object> own = new EnumMap<>(Intrinsic.class);
      own.put(Intrinsic.LINK_TRACE_ID, Ids.bare(link.traceId()));
      own.put(Intrinsic.LINK_SPAN_ID, link.spanId());
      fetchRepeated(Scope.LINK, link.attributes(), own, values, last);
    }
  }

  /// One event or link: under the all-conditions rule it counts only when it has every key. The
  /// engine sees the first value of a key, the answer lists the last.
  private void fetchRepeated(
      Scope scope,
      Map<String, AttributeValue> attributes,
      Map<Intrinsic, Object> own,
      @Nullable Object[] values,
      @Nullable Object[] last) {
    @Nullable Object[] fetched = new Object[slots.size()];
    ScopeFetch fetch = scopes.get(scope);
    boolean complete = true;
    if (fetch != null) {
      fetch.fetch(attributes, fetched);
      for (int slot : fetch.slots().values()) {
        if (fetched[slot] instanceof ScopeFetch.Hidden && conditions.all() && fetch.isOfOneType()) {
          fetched[slot] = null;
        }
        complete &= fetched[slot] != null;
      }
    }
    for (Map.Entry<Intrinsic, Object> intrinsic : own.entrySet()) {
      List<Condition> list = intrinsics.get(intrinsic.getKey());
      if (list != null) {
        boolean passes = passes(list, intrinsic.getValue());
        complete &= passes;
        fetched[slot(intrinsic.getKey())] = passes ? intrinsic.getValue() : null;
      }
    }
    if (conditions.all() && !complete && absent.isEmpty()) {
      return;
    }
    for (int slot = 0; slot < fetched.length; slot++) {
      if (fetched[slot] != null) {
        if (values[slot] == null) {
          values[slot] = fetched[slot];
        }
        if (!(fetched[slot] instanceof ScopeFetch.Hidden)) {
          last[slot] = fetched[slot];
        }
      }
    }
  }

  private boolean isCandidate(
      FetchedSpan fetched, @Nullable Object[] values, @Nullable TraceContext trace, int index) {
    boolean inTree = conditions.inTree() && trace != null && trace.left(index) != 0;
    boolean one =
        everySpan
            || (conditions.list().isEmpty() && !conditions.inTree())
            || (conditions.anySpan() && !conditions.inTree())
            || inTree;
    boolean all = true;
    for (Map.Entry<SpanField, Integer> slot : slots.entrySet()) {
      Object value = values[slot.getValue()];
      boolean met = value != null && value != ScopeFetch.Hidden.WITHOUT_VALUE;
      if (!met && isOnlyAbsent(slot.getKey())) {
        met = fetched.lacks(slot.getKey());
      }
      one |= met;
      all &= met;
    }
    if (!conditions.all()) {
      return one;
    }
    return conditions.list().isEmpty() ? conditions.anySpan() || slots.isEmpty() : all;
  }

  /// Whether `field = nil` was asked.
  boolean isOnlyAbsent(SpanField field) {
    if (absent.isEmpty() || !(field instanceof Attribute(Scope scope, String key))) {
      return false;
    }
    return absent.stream()
        .anyMatch(attribute ->
            attribute.key().equals(key)
                && (attribute.scope() == scope || attribute.scope() == Scope.ANY));
  }

  /// The value of a field for labels and operands: what the first pass fetched where the query has
  /// a condition on it, else the whole value.
  @Nullable Object read(FetchedSpan span, SpanField field) {
    if (named.contains(field)) {
      return span.value(field);
    }
    Object whole = span.whole(field);
    return whole == null && SearchRun.isOwnColumn(field) ? "nil" : whole;
  }

  /// Whether [#fromRow] gives what [#read] would.
  boolean isReadFromRows(SpanField field) {
    return switch (field) {
      case Intrinsic _ -> true;
      case Attribute(Scope scope, String key) ->
          scope == Scope.SPAN
              || scope == Scope.RESOURCE
              || (!named.contains(field) && !TypesSeen.hasOwnColumn(field));
    };
  }

  /// The same from the row of a store, where the field was grouped by.
  @Nullable Object fromRow(SpanField field, @Nullable AttributeValue value) {
    if (field instanceof Intrinsic intrinsic) {
      Object typed = typed(intrinsic, value);
      List<Condition> conditions = intrinsics.get(intrinsic);
      return typed == null || conditions == null || passes(conditions, typed) ? typed : null;
    }
    Attribute attribute = (Attribute) field;
    Map<String, AttributeValue> one = value == null ? Map.of() : Map.of(attribute.key(), value);
    ScopeFetch fetch = scopes.get(attribute.scope());
    if (fetch != null && named.contains(field)) {
      return FetchedSpan.visible(fetch.fetch(attribute.key(), value));
    }
    Scope scope = attribute.scope() == Scope.ANY ? Scope.SPAN : attribute.scope();
    Object whole = FetchedSpan.whole(scope, attribute.key(), one);
    return whole == null && SearchRun.isOwnColumn(field) ? "nil" : whole;
  }

  private static @Nullable Object typed(Intrinsic field, @Nullable AttributeValue value) {
    Object scalar = value == null ? null : Value.scalar(value);
    if (field == Intrinsic.STATUS && scalar instanceof String word) {
      return SpanRecord.Status.valueOf(word.toUpperCase(Locale.ROOT));
    }
    if (field == Intrinsic.KIND && scalar instanceof String word) {
      return SpanRecord.Kind.valueOf(word.toUpperCase(Locale.ROOT));
    }
    return field == Intrinsic.DURATION && scalar instanceof Long nanos ? new Nanos(nanos) : scalar;
  }

  /// Whether the numbers of a field that a store sees are those that filters leave: none tests it,
  /// or it has one value, which all spans that are left have passed.
  boolean isOperandOfRows(SpanField field) {
    return switch (field) {
      case Intrinsic _ -> conditions.all() || !named.contains(field);
      case Attribute(Scope scope, _) ->
          (scope == Scope.SPAN || scope == Scope.RESOURCE)
              && !TypesSeen.hasOwnColumn(field)
              && (!named.contains(field) || new TypesSeen(conditions).isWhole(field));
    };
  }
}
