package dev.prguard.traceql.engine;

import dev.prguard.trace.AttributeValue;
import dev.prguard.trace.SpanRecord;
import dev.prguard.trace.query.SpanField;
import dev.prguard.trace.query.SpanField.Attribute;
import dev.prguard.trace.query.SpanField.Intrinsic;
import dev.prguard.trace.query.SpanField.Scope;
import dev.prguard.trace.query.TraceQueries.FoundSpan;
import dev.prguard.trace.query.TraceQueries.FoundTrace;
import dev.prguard.trace.query.TraceQueries.Label;
import dev.prguard.trace.query.TraceQueries.SpanSet;
import dev.prguard.trace.query.TraceSpans;
import dev.prguard.traceql.TraceQlFormatter;
import dev.prguard.traceql.engine.SpanSetPipeline.Spans;
import dev.prguard.traceql.tree.FieldExpr;
import dev.prguard.traceql.tree.Pipeline;
import dev.prguard.traceql.tree.Pipeline.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One search: takes traces one by one and keeps what was found.
final class SearchRun implements Predicate<TraceSpans> {
  private final @Nullable SpanSetPipeline pipeline;
  private final FirstPass pass;
  private final Set<SpanField> selected = new LinkedHashSet<>();
  private final long startNanos;
  private final long endNanos;
  private final int limit;
  private final int spansPerSet;
  private final Deadline deadline;
  private final List<FoundTrace> found = new ArrayList<>();

  /// @param query null for every trace, without span sets
  SearchRun(
      @Nullable Pipeline query,
      long startNanos,
      long endNanos,
      int limit,
      int spansPerSet,
      Deadline deadline) {
    Conditions conditions = new Conditions();
    this.pipeline = query == null ? null : SpanSetPipeline.of(query, conditions);
    this.pass = new FirstPass(conditions);
    if (query != null) {
      selected.addAll(secondPass(query));
    }
    this.startNanos = startNanos;
    this.endNanos = endNanos;
    this.limit = limit;
    this.spansPerSet = spansPerSet;
    this.deadline = deadline;
  }

  /// The fields of `select()`, and of what comes after it.
  private static Set<SpanField> secondPass(Pipeline query) {
    Set<SpanField> fields = new LinkedHashSet<>();
    boolean after = false;
    for (Stage stage : query.stages()) {
      if (stage instanceof Pipeline.Select(List<SpanField> names)) {
        fields.addAll(names);
        after = true;
      } else if (after) {
        Conditions asked = new Conditions();
        switch (stage) {
          case Pipeline.SpansetFilter(FieldExpr condition) -> asked.extract(Expr.of(condition));
          case Pipeline.GroupBy(FieldExpr expression) -> asked.extract(Expr.of(expression));
          case Pipeline.AggregateFilter _,
              Pipeline.Coalesce _,
              Pipeline.Select _,
              Pipeline.NestedPipeline _,
              Pipeline.SpansetOperation _ -> {}
        }
        asked.list().forEach(condition -> fields.add(condition.field()));
      }
    }
    return fields;
  }

  List<FoundTrace> found() {
    return found;
  }

  /// @return whether more traces are wanted
  @Override
  public boolean test(TraceSpans of) {
    deadline.check();
    TraceContext trace = new TraceContext(of.spans());
    if (trace.startNanos() > endNanos || trace.endNanos() < startNanos) {
      return true;
    }
    if (pipeline == null) {
      found.add(trace(of.traceId(), trace, List.of()));
      return found.size() < limit;
    }
    List<FetchedSpan> candidates = new ArrayList<>();
    List<SpanRecord> spans = of.spans();
    for (int i = 0; i < spans.size(); i++) {
      FetchedSpan span = pass.fetch(spans.get(i), trace, i);
      if (span != null) {
        candidates.add(span);
      }
    }
    if (candidates.isEmpty()) {
      return true;
    }
    List<SpanSet> sets = new ArrayList<>();
    for (Spans set : pipeline.apply(candidates)) {
      sets.add(spanSet(set));
    }
    if (!sets.isEmpty()) {
      found.add(trace(of.traceId(), trace, sets));
    }
    return found.size() < limit;
  }

  private static FoundTrace trace(String id, TraceContext trace, List<SpanSet> sets) {
    return new FoundTrace(
        id,
        trace.rootServiceListed(),
        trace.rootName(),
        trace.startNanos(),
        trace.durationNanos() / 1_000_000,
        sets,
        trace.serviceStats());
  }

  private SpanSet spanSet(Spans set) {
    List<FoundSpan> spans = new ArrayList<>();
    for (FetchedSpan span : set.spans()) {
      if (spansPerSet > 0 && spans.size() == spansPerSet) {
        break;
      }
      spans.add(span(span));
    }
    return new SpanSet(spans, set.attributes(), set.spans().size());
  }

  private FoundSpan span(FetchedSpan span) {
    Map<SpanField, AttributeValue> listed = new LinkedHashMap<>();
    pass.slots()
        .forEach((field, slot) -> {
          Object value = span.listed(slot);
          if (value != null) {
            listed.put(field, Value.listed(value));
          } else if (span.isEmptyColumn(slot) || (pass.isOnlyAbsent(field) && span.lacks(field))) {
            listed.put(field, AttributeValue.of("nil"));
          }
        });
    for (SpanField field : selected) {
      if (field instanceof Attribute(Scope scope, String key) && scope == Scope.ANY) {
        select(span, new Attribute(Scope.SPAN, key), listed);
        select(span, new Attribute(Scope.RESOURCE, key), listed);
      } else {
        select(span, field, listed);
      }
    }
    boolean named = listed.containsKey(Intrinsic.NAME);
    List<Label> attributes = new ArrayList<>();
    listed.forEach((field, value) -> {
      if (isListed(field)) {
        attributes.add(new Label(key(field), value));
      }
    });
    SpanRecord record = span.span();
    return new FoundSpan(
        record.spanId(),
        named ? record.name() : "",
        record.startNanos(),
        record.durationNanos(),
        attributes);
  }

  private static void select(
      FetchedSpan span, SpanField field, Map<SpanField, AttributeValue> listed) {
    Object value = span.lastWhole(field);
    if (value != null || isOwnColumn(field)) {
      listed.put(field, Value.listed(value));
    }
  }

  /// Such a column is listed as `nil` where it is empty.
  static boolean isOwnColumn(SpanField field) {
    return field instanceof Attribute(Scope scope, String key)
        && ScopeFetch.ownColumn(scope, key) != null;
  }

  private static String key(SpanField field) {
    return switch (field) {
      case Attribute(_, String key) -> key;
      case Intrinsic intrinsic -> TraceQlFormatter.field(intrinsic);
    };
  }

  /// These are fields of the answer itself.
  private static boolean isListed(SpanField field) {
    return !(field instanceof Intrinsic intrinsic)
        || switch (intrinsic) {
          case NAME,
              DURATION,
              TRACE_DURATION,
              TRACE_ROOT_NAME,
              TRACE_ROOT_SERVICE,
              TRACE_ID,
              SPAN_ID ->
              false;
          case STATUS,
              STATUS_MESSAGE,
              KIND,
              CHILD_COUNT,
              PARENT_SPAN_ID,
              NESTED_SET_LEFT,
              NESTED_SET_RIGHT,
              NESTED_SET_PARENT,
              EVENT_NAME,
              EVENT_TIME_SINCE_START,
              LINK_TRACE_ID,
              LINK_SPAN_ID,
              INSTRUMENTATION_NAME,
              INSTRUMENTATION_VERSION ->
              true;
        };
  }
}
